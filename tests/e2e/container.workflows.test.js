// Every event and mode as a whole workflow: each file of examples/workflows is run as it stands, by a runner made by
// others, with the Action's image as the step. Needs CONTAINER_TOOLS and REPROGATE_IMAGE, see support/workflow.js.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test, { after, afterEach, before, beforeEach, describe } from "node:test";
import { parse } from "yaml";
import { pullRequestEvent, root, run as execute } from "./support/action.js";
import { branch, call, comments, commit, filesOf, makeFork, makePullRequest, makeRepository, move } from "./support/repository.js";
import { startGitHub, tokens } from "./support/servers.js";
import { example, makeRunner, skip } from "./support/workflow.js";

const { ".github/workflows/reprogate.yml": workflow, ...project } = filesOf(path.join(root, "examples/project"));
const change = filesOf(path.join(root, "examples/pull-request"));
const readme = change["README.md"].toString();
/** The change without the flag that it breaks, and with what was missing most. */
const mended = {
  ...change,
  "README.md": `${readme.replace("--lr", "--learning-rate")}
## Pre-trained models

The networks of the table: [digits-1.0.zip](https://github.com/lab/digits/releases/download/v1.0/digits-1.0.zip).
Load one with \`joblib.load("h64.joblib")\`.
`,
};
const { ".github/reprogate.yml": _, ...bare } = project;

/** Stands in for an action that needs GitHub's own servers: shows what it was given, and that the files are there. */
const stub = (name, files) => `name: ${name}
description: Shows what it was given
inputs:
  ${files}: {required: true, description: Files}
  name: {required: false, description: A name}
  category: {required: false, description: A name}
runs:
  using: composite
  steps:
    - shell: bash
      env:
        FILES: \${{ inputs.${files} }}
      run: for file in $FILES; do test -s "$file" && echo "${name} got $file, $(head -c 15 "$file" | tr '\\n' ' ')"; done
`;
const used = parse(example("reports.yml")).jobs.report.steps.map((step) => step.uses).filter(Boolean);
const reference = (name) => used.find((uses) => uses.startsWith(name));

describe("a workflow", { skip }, () => {
  let github;
  let run;
  before(async () => {
    github = await startGitHub();
    run = makeRunner(github, {
      [reference("github/codeql-action/upload-sarif")]: stub("upload-sarif", "sarif_file"),
      [reference("actions/upload-artifact")]: stub("upload-artifact", "path"),
    });
  });
  after(() => github.close());
  beforeEach(() => {
    github.requests.length = 0;
    github.graphql = true;
  });
  /** What GitHub's descriptions say of everything that was sent. */
  afterEach(() => {
    for (const { method, path, invalid, failure, graphql } of github.requests) {
      assert.equal(failure ?? invalid ?? graphql?.errors, undefined, `${method} ${path}`);
    }
  });

  let made = 0;
  async function open({ files = project, changes = change } = {}) {
    made += 1;
    const repository = await makeRepository(github, `whole-${made}`, files);
    const pull = await makePullRequest(github, repository, changes);
    return { repository, pull };
  }

  /** A further commit; the emulator's pull requests do not follow their branches by themselves. */
  async function push({ repository, pull }, files) {
    const sha = await commit(github, repository, files, { parent: pull.head.sha });
    await move(github, repository, pull.head.ref, sha);
    github.heads.set(`/repos/${repository.full}/pulls/${pull.number}`, sha);
    return { repository, pull: { ...pull, head: { ...pull.head, sha } } };
  }

  /** The same from somebody's fork. */
  async function openFork(options = {}) {
    made += 1;
    const { files = project, changes = change } = options;
    const repository = await makeRepository(github, `whole-${made}`, files);
    const pull = await makeFork(github, repository, { ...files, ...changes }, options);
    assert.equal(pull.head.repo.full_name, `mallory/${repository.name}`);
    return { repository, pull };
  }

  const pullRequest = (name, { repository, pull }, { event = "pull_request", action = "opened", changes, ...options } = {}) => {
    const ref = event === "pull_request" ? `refs/pull/${pull.number}/merge` : `refs/heads/${pull.base.ref}`;
    return run(example(name), repository, event, pullRequestEvent(repository, pull, { action, changes }), { ref, ...options });
  };
  const commentsOf = ({ repository, pull }) => comments(github, repository, pull.number);
  const notesOf = ({ repository, pull }) =>
    call(github, tokens.owner, "GET", `/repos/${repository.full}/pulls/${pull.number}/comments`);
  const judged = (result, exit, passed) =>
    assert.deepEqual([result.exit, result.code === 0, result.outputs.passed], [exit, exit === 0, String(passed)], result.text);

  describe("of a pull request (pull-request.yml)", () => {
    test("opened, pushed to, and given another base: one comment, and the gate of the day", async (t) => {
      const opened = await open();
      const first = await pullRequest("pull-request.yml", opened);
      judged(first, 1, false);
      assert.match(first.text, /the score is [\d.]+, below the minimum of 60/);
      assert.match(first.text, /Summary - ## .*[\d.]+ \/ 100, does not pass/);
      assert.match(first.text, /::warning file=README\.md,line=15,.*--lr/);
      const [comment, ...none] = await commentsOf(opened);
      assert.equal(none.length, 0);
      assert.equal(comment.user.login, "github-actions[bot]");
      assert.equal(first.outputs["comment-url"].replace(/.*-/, ""), String(comment.id));
      assert.ok(JSON.parse(first.outputs.missing).includes("integrity/flags"));

      const { repository, pull } = opened;
      const pushed = await push(opened, mended);
      const second = await pullRequest("pull-request.yml", pushed, { action: "synchronize" });
      judged(second, 0, true);
      assert.ok(!JSON.parse(second.outputs.missing).includes("integrity/flags"), second.outputs.missing);
      const [again, ...more] = await commentsOf(opened);
      assert.deepEqual([again.id, more.length], [comment.id, 0]);
      assert.notEqual(again.body, comment.body);

      const strict = { ".github/reprogate.yml": "version: 1\nrequired: [sharing/license]\n" };
      const base = await commit(github, repository, strict, { parent: repository.base });
      await branch(github, repository, "strict", base);
      const moved = await call(github, tokens.owner, "PATCH", `/repos/${repository.full}/pulls/${pull.number}`, { base: "strict" });
      const retargeted = { repository, pull: { ...moved, head: pushed.pull.head, base: { ...moved.base, sha: base } } };
      const changes = { base: { ref: { from: "main" }, sha: { from: repository.base } } };
      const third = await pullRequest("pull-request.yml", retargeted, { action: "edited", changes });
      judged(third, 1, false);
      assert.match(third.text, /sharing\/license/);
      assert.deepEqual((await commentsOf(opened)).map(({ id }) => id), [comment.id]);

      const fourth = await pullRequest("pull-request.yml", retargeted, { action: "reopened" });
      judged(fourth, 1, false);
      assert.deepEqual(fourth.writes.map(({ path }) => path), [], "a second run changes nothing");
      t.diagnostic(`start to end: ${[first, second, third, fourth].map(({ seconds }) => seconds.toFixed(2)).join(", ")} s`);
    });

    test("from a fork, with a token that may only read: everything but the comment", async () => {
      const forked = await openFork();
      const result = await pullRequest("pull-request.yml", forked, { token: tokens.reader });
      judged(result, 1, false);
      assert.deepEqual(await commentsOf(forked), []);
      assert.deepEqual(await notesOf(forked), []);
      assert.match(result.text, /::warning title=reprogate\S* not allowed to comment::.*pull-requests: write/);
      assert.match(result.text, /Summary - ## .*[\d.]+ \/ 100, does not pass/);
      assert.match(result.text, /::warning file=README\.md,line=15,/);
      assert.equal(result.outputs["comment-url"], "");
    });

    test("of a repository of several projects: each has its own minimum, and one that fails fails the check", async () => {
      const at = (folder, files) => Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
      const policy = "version: 1\nprojects:\n  - path: small\n    min-score: 0\n  - path: large\n    min-score: 99\n";
      const files = { ...at("small", bare), ...at("large", bare), ".github/reprogate.yml": policy };
      const opened = await open({ files, changes: at("small", change) });
      // The example asks for a minimum of every project; here the policy does.
      const text = example("pull-request.yml").replace(/ +with:\n +min-score: 60\n/, "");
      const event = pullRequestEvent(opened.repository, opened.pull);
      const result = await run(text, opened.repository, "pull_request", event);
      judged(result, 1, false);
      assert.match(result.text, /\| - large: the score is [\d.]+, below the minimum of 99/);
      assert.doesNotMatch(result.text, /\| - .*small/);
      const [comment, ...others] = await commentsOf(opened);
      assert.equal(others.length, 0);
      for (const folder of ["small", "large"]) assert.match(comment.body, new RegExp(`\`?${folder}\`?`));
      const alone = await run(text.replace("@v1\n", "@v1\n        with:\n          project: small\n"), opened.repository, "pull_request", event);
      judged(alone, 0, true);
      assert.equal((await commentsOf(opened)).length, 2, "a project that is judged alone has its own comment");
    });

    test("whose base has a policy that is wrong: exit code 2, and no comment", async () => {
      const opened = await open({ files: { ...project, ".github/reprogate.yml": "version: 1\nmin-scor: 50\n" } });
      const result = await pullRequest("pull-request.yml", opened);
      assert.deepEqual([result.exit, result.code === 0], [2, false], result.text);
      assert.match(result.text, /reprogate\.yml:2.*min-scor/);
      assert.match(result.text, /min-score/);
      assert.deepEqual(await commentsOf(opened), []);
    });
  });

  test("for a new comment each time (new-comment.yml): two commits, two comments", async () => {
    const opened = await open();
    judged(await pullRequest("new-comment.yml", opened), 0, true);
    const pushed = await push(opened, mended);
    judged(await pullRequest("new-comment.yml", pushed, { action: "synchronize" }), 0, true);
    judged(await pullRequest("new-comment.yml", pushed, { action: "edited" }), 0, true);
    const found = await commentsOf(opened);
    assert.deepEqual(found.map(({ user }) => user.login), ["github-actions[bot]", "github-actions[bot]"]);
    for (const [index, { pull }] of [opened, pushed].entries()) assert.match(found[index].body, new RegExp(pull.head.sha.slice(0, 7)));
  });

  test("without a comment (no-comment.yml): the check and the summary, and no write at all", async () => {
    const forked = await openFork();
    const result = await pullRequest("no-comment.yml", forked, { token: tokens.reader });
    judged(result, 1, false);
    assert.deepEqual(result.writes, []);
    assert.match(result.text, /Summary - ## .*[\d.]+ \/ 100, does not pass \(minimum 60\)/);
    assert.doesNotMatch(result.text, /not allowed/);
  });

  describe("against regressions (no-regressions.yml)", () => {
    test("fails where a rule that was met is met no more, however much was gained", async () => {
      const opened = await open();
      const result = await pullRequest("no-regressions.yml", opened);
      // The minimum of the policy is reached; it is not what fails.
      judged(result, 1, false);
      assert.ok(Number(result.outputs.delta) > 0, result.outputs.delta);
      assert.match(result.text, /\| - .*integrity\/flags/);
    });

    test("passes where nothing got worse, whatever the score", async () => {
      const opened = await open({ changes: { "notes.md": "# Notes\n" } });
      judged(await pullRequest("no-regressions.yml", opened), 0, true);
    });
  });

  describe("of a fork that may not write", () => {
    test("pull_request_target (pull-request-target.yml): commented, under the base's policy, with nothing checked out", async () => {
      const lenient = { ".github/reprogate.yml": "version: 1\nmin-score: 0\nfail-on: never\n" };
      const forked = await openFork({
        files: { ...project, ".github/reprogate.yml": "version: 1\nmin-score: 0\nrequired: [sharing/license]\n" },
        changes: { ...mended, ...lenient },
      });
      const { repository, pull } = forked;
      const result = await pullRequest("pull-request-target.yml", forked, { event: "pull_request_target", sha: repository.base });
      judged(result, 1, false);
      assert.match(result.text, /sharing\/license/);
      const [comment, ...others] = await commentsOf(forked);
      assert.equal(others.length, 0);
      assert.match(comment.body, new RegExp(pull.head.sha.slice(0, 7)));
      assert.match(comment.body, /after merg|once merged|takes effect/i);
      assert.ok(result.requests.some(({ path }) => path.includes(pull.head.sha)), "the head is judged, not GITHUB_SHA");
      assert.deepEqual(parse(example("pull-request-target.yml")).jobs.review.steps.map(({ uses }) => uses), ["reprogate/reprogate@v1"]);
    });

    /** The payload of workflow_run for the first stage's run: what GitHub sends, with whatever the fork may choose. */
    const completed = ({ repository, pull }, changes = {}) => ({
      action: "completed",
      workflow_run: {
        id: 4711,
        name: "Reproducibility",
        event: "pull_request",
        status: "completed",
        conclusion: "success",
        head_branch: pull.head.ref,
        head_sha: pull.head.sha,
        head_repository: { full_name: pull.head.repo.full_name, owner: { login: pull.head.repo.full_name.split("/")[0] } },
        // GitHub lists none for forks.
        pull_requests: [],
        display_title: pull.title,
        ...changes,
      },
      repository: { full_name: repository.full },
    });

    test("two stages (pull-request.yml, forks.yml): the second comments, and believes nothing of the first", async () => {
      // The branch is called what its owner likes; the title too.
      const forked = await openFork({ head: "x&state=closed#'$(id)", title: "::set-output name=passed::true" });
      const { repository, pull } = forked;
      const other = await makePullRequest(github, repository, mended, { head: "other" });
      const first = await pullRequest("pull-request.yml", forked, { token: tokens.reader });
      judged(first, 1, false);
      assert.deepEqual(await commentsOf(forked), []);

      // Under pull_request the workflow's file is the fork's: its run may have left any artifact, and end well.
      const forged = JSON.stringify({ schema: "reprogate-report/1", score: 100, passed: true, target: { pull_request: other.number } });
      const asked = [];
      github.intercept = ({ path }) => {
        if (!path.includes("/actions/")) return undefined;
        asked.push(path);
        const artifacts = [{ id: 1, name: "reprogate", archive_download_url: `${github.url}/forged.zip`, expired: false }];
        return { status: 200, body: { total_count: 1, artifacts, forged } };
      };
      const second = await run(example("forks.yml"), repository, "workflow_run", completed(forked), { sha: repository.base });
      github.intercept = null;
      // The first stage gates; the second only tells.
      assert.deepEqual([second.code, second.outputs.passed], [0, "false"], second.text);
      assert.deepEqual(asked, [], "no artifact is asked for: there is nothing to forge");
      for (const name of ["score", "delta", "missing"]) assert.equal(second.outputs[name], first.outputs[name]);
      const [comment, ...others] = await commentsOf(forked);
      assert.equal(others.length, 0);
      assert.match(comment.body, /does not pass \(minimum 60\)/);
      assert.match(comment.body, new RegExp(pull.head.sha.slice(0, 7)));
      assert.deepEqual(await comments(github, repository, other.number), [], "the other pull request is left alone");
    });

    test("two stages: a run whose commit is not the head any more leaves no comment", async () => {
      const forked = await openFork();
      const { repository, pull } = forked;
      const sha = await commit(github, repository, mended, { parent: pull.head.sha });
      github.heads.set(`/repos/${repository.full}/pulls/${pull.number}`, sha);
      const late = await run(example("forks.yml"), repository, "workflow_run", completed(forked), { sha: repository.base });
      assert.equal(late.exit, 0, late.text);
      assert.deepEqual(late.writes, []);
    });

    test("two stages: a pull request of this repository has its comment already, and the second is left out", async () => {
      const opened = await open();
      const payload = completed(opened, { pull_requests: [{ number: opened.pull.number, head: { sha: opened.pull.head.sha } }] });
      const result = await run(example("forks.yml"), opened.repository, "workflow_run", payload, { sha: opened.repository.base });
      assert.equal(result.code, 0, result.text);
      assert.deepEqual(result.requests, []);
    });
  });

  test("of a merge queue (merge-queue.yml): the group against its base; fails on a regression, and comments nowhere", async () => {
    for (const [changes, exit] of [[change, 1], [mended, 0]]) {
      const { repository, pull } = await open({ changes });
      const ref = `refs/heads/gh-readonly-queue/main/pr-${pull.number}-${repository.base}`;
      const payload = {
        action: "checks_requested",
        merge_group: { head_sha: pull.head.sha, base_sha: repository.base, head_ref: ref, base_ref: "refs/heads/main" },
        repository: { full_name: repository.full },
      };
      const result = await run(example("merge-queue.yml"), repository, "merge_group", payload, { sha: pull.head.sha, ref });
      judged(result, exit, exit === 0);
      assert.deepEqual(result.writes, []);
      assert.notEqual(result.outputs.delta, "");
    }
  });

  describe("to judge again (recheck.yml)", () => {
    test("on a schedule: the default branch", async () => {
      const { repository } = await open();
      const result = await run(example("recheck.yml"), repository, "schedule", { schedule: "23 4 * * 1" }, { sha: repository.base });
      judged(result, 1, false);
      assert.equal(result.outputs.delta, "");
      assert.deepEqual(result.writes, []);
    });

    test("by hand, with a number and without one", async () => {
      const opened = await open({ changes: mended });
      const { repository, pull } = opened;
      const by = (inputs) => run(example("recheck.yml"), repository, "workflow_dispatch", { inputs, ref: "refs/heads/main" }, { sha: repository.base });
      judged(await by({ pr: "" }), 1, false);
      assert.deepEqual(await commentsOf(opened), []);
      judged(await by({ pr: String(pull.number) }), 0, true);
      assert.equal((await commentsOf(opened)).length, 1);
    });
  });

  test("of a push (reports.yml): compared with what was there; files and outputs reach the next steps", async () => {
    const { repository, pull } = await open();
    const payload = { before: repository.base, after: pull.head.sha, ref: "refs/heads/main", deleted: false, repository: { full_name: repository.full } };
    const result = await run(example("reports.yml"), repository, "push", payload, { sha: pull.head.sha });
    judged(result, 0, true);
    assert.match(result.text, /upload-sarif got reprogate\.sarif, \{/);
    assert.match(result.text, /upload-artifact got reprogate\.json, \{/);
    assert.match(result.text, /upload-artifact got reprogate\.html, <!doctype html>/i);
    const { score, delta } = result.outputs;
    assert.match(result.text, new RegExp(`\\| Score ${score}, change ${delta}, gate passed: true, report in reprogate\\.json`));
    assert.match(result.text, /\| Lacking: \["checklist\/results",/);
    assert.deepEqual(result.writes, []);
  });

  test("of the example's project is one of those, too", async () => {
    const opened = await open();
    const result = await run(workflow.toString(), opened.repository, "pull_request", pullRequestEvent(opened.repository, opened.pull));
    judged(result, 0, true);
    assert.equal((await commentsOf(opened)).length, 1);
  });

  test("as the README shows it: everything passes, until the policy beside it says what has to hold", async () => {
    const [text, policy] = [...fs.readFileSync(path.join(root, "README.md"), "utf8").matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block]) => block);
    const first = await open({ files: bare });
    judged(await run(text, first.repository, "pull_request", pullRequestEvent(first.repository, first.pull)), 0, true);
    assert.equal((await commentsOf(first)).length, 1);
    const second = await open({ files: { ...bare, ".github/reprogate.yml": policy } });
    judged(await run(text, second.repository, "pull_request", pullRequestEvent(second.repository, second.pull)), 1, false);
  });

  test("that `reprogate draft workflow` prints runs, too", async () => {
    const opened = await open();
    const { stdout } = await execute(["draft", "workflow", path.join(root, "examples/project")]);
    const result = await run(stdout, opened.repository, "pull_request", pullRequestEvent(opened.repository, opened.pull));
    judged(result, 0, true);
  });

  test("for every example, and no other: none is left out here", () => {
    const text = fs.readFileSync(new URL(import.meta.url), "utf8");
    for (const name of fs.readdirSync(path.join(root, "examples/workflows"))) assert.match(text, new RegExp(`\\("${name}"`), name);
  });
});
