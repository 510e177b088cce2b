// Runs the Action's entry point as the runner does: INPUT_* and GITHUB_* in the environment, files for outputs.

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { tokens } from "./servers.js";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const binary = process.env.REPROGATE_BINARY ?? path.join(root, "target/debug/reprogate");

/** Runs the binary; the environment is only what is given, so that nothing of this machine leaks in. */
export function run(arguments_, { env = {}, cwd = root, input, seconds = 120 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, arguments_, { cwd, env: { RUST_BACKTRACE: "1", ...env }, stdio: ["pipe", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
    child.stdin.end(input ?? "");
  });
}

/** The payload of a pull_request event, with what GitHub sends and the program may read. */
export function pullRequestEvent(repository, pull, { action = "synchronize", changes } = {}) {
  return {
    action,
    number: pull.number,
    pull_request: pull,
    ...(changes ? { changes } : {}),
    repository: { ...pull.base.repo, full_name: repository.full, name: repository.name, owner: { login: repository.owner } },
    sender: pull.user,
  };
}

let runs = 100;

/** One run of the Action. `inputs` are those of action.yml; the result holds the outputs and the summary. */
export async function runAction(github, repository, event, payload, { inputs = {}, env = {}, token = tokens.action } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-run-"));
  const file = (name, text = "") => {
    const where = path.join(folder, name);
    fs.writeFileSync(where, text);
    return where;
  };
  const workspace = path.join(folder, "workspace");
  fs.mkdirSync(workspace);
  runs += 1;
  const settings = { ...defaults(), token, "github-api-url": github.url, ...inputs };
  const environment = {
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, String(value)]),
    ),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "ada",
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(payload)),
    GITHUB_OUTPUT: file("output"),
    GITHUB_STEP_SUMMARY: file("summary.md"),
    GITHUB_ENV: file("env"),
    GITHUB_REPOSITORY: repository.full,
    GITHUB_REPOSITORY_OWNER: repository.owner,
    GITHUB_RUN_ID: String(runs),
    GITHUB_RUN_NUMBER: String(runs),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_WORKFLOW: "Reproducibility",
    GITHUB_JOB: "review",
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: folder,
    ...env,
  };
  const before = github.requests.length;
  const started = performance.now();
  const result = await run(["action"], { env: environment, cwd: workspace });
  return {
    ...result,
    seconds: (performance.now() - started) / 1000,
    requests: github.requests.slice(before),
    outputs: parseOutputs(fs.readFileSync(environment.GITHUB_OUTPUT, "utf8")),
    summary: fs.readFileSync(environment.GITHUB_STEP_SUMMARY, "utf8"),
    environment,
    workspace,
    folder,
  };
}

let declared;
/** The defaults of action.yml, which the runner passes; those that are expressions are given by the caller. */
function defaults() {
  declared ??= parse(fs.readFileSync(path.join(root, "action.yml"), "utf8")).inputs;
  const plain = Object.entries(declared).filter(([, input]) => !String(input.default).includes("${{"));
  return Object.fromEntries(plain.map(([name, input]) => [name, input.default ?? ""]));
}

/** `name=value` and `name<<delimiter` entries of GITHUB_OUTPUT. */
export function parseOutputs(text) {
  const outputs = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const [, heredoc, delimiter] = lines[at].match(/^([^=]+?)<<(.+)$/) ?? [];
    if (heredoc) {
      const body = [];
      for (at += 1; at < lines.length && lines[at] !== delimiter; at += 1) body.push(lines[at]);
      outputs[heredoc] = body.join("\n");
    } else if (lines[at].includes("=")) {
      const cut = lines[at].indexOf("=");
      outputs[lines[at].slice(0, cut)] = lines[at].slice(cut + 1);
    }
  }
  return outputs;
}

/** The longest chain of requests of which each started after the one before had ended: what the run had to wait for. */
export function rounds(requests) {
  let count = 0;
  let end = -Infinity;
  for (const request of [...requests].sort((one, other) => one.ended - other.ended)) {
    if (request.started < end) continue;
    count += 1;
    end = request.ended;
  }
  return count;
}
