// Whole workflows on this machine: a runner made by others (act) takes a workflow file and an event's payload, and runs
// the Action's image as a step. CONTAINER_TOOLS is a folder with `run-image` and `run-workflow`.

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./action.js";
import { tokens } from "./servers.js";

export const tools = process.env.CONTAINER_TOOLS;
export const image = process.env.REPROGATE_IMAGE;
/** Why the tests of the image are left out, if they are. */
export const skip = !(tools && image) && "CONTAINER_TOOLS and REPROGATE_IMAGE are not set";

/** Runs a command; its two streams are one text. */
export function execute(command, arguments_, options = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, arguments_, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (text += chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text, seconds: (performance.now() - started) / 1000 }));
  });
}

/** The text of an example, to be run as it stands. */
export const example = (name) => fs.readFileSync(path.join(root, "examples/workflows", name), "utf8");

/**
 * A runner whose `uses: reprogate/reprogate@v1` is this clone's action.yml with the local image.
 * @param {object} github what `startGitHub` gave
 * @param {Record<string, string>} stubs the action.yml of other actions, by `OWNER/NAME@REF`
 */
export function makeRunner(github, stubs = {}) {
  const here = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-workflow-"));
  const own = fs.readFileSync(path.join(root, "action.yml"), "utf8").replace(/image: docker:\/\/\S+/, `image: docker://${image}`);
  const local = Object.entries({ "reprogate/reprogate@v1": own, ...stubs }).flatMap(([name, text], index) => {
    const [, repository, folder, reference] = name.match(/^([^/]+\/[^/@]+)(?:\/([^@]+))?@(.+)$/);
    const action = path.join(here, `action-${index}`);
    fs.mkdirSync(path.join(action, folder ?? ""), { recursive: true });
    fs.writeFileSync(path.join(action, folder ?? "", "action.yml"), text);
    return ["--local-repository", `${repository}@${reference}=${action}`];
  });
  let runs = 1000;

  /**
   * Runs `text` for an event of `repository`.
   * @param {{sha?: string, ref?: string, token?: string, files?: Record<string, string>}} options `sha` and `ref` are
   *   what GitHub sets for the event; `files` lie in the workspace before the first step
   */
  return async function run(text, repository, event, payload, { sha = "9".repeat(40), ref = "refs/heads/main", token = tokens.action, files = {} } = {}) {
    runs += 1;
    const checkout = fs.mkdtempSync(path.join(here, "checkout-"));
    for (const [name, content] of Object.entries({ ".github/workflows/reprogate.yml": text, ...files })) {
      fs.mkdirSync(path.dirname(path.join(checkout, name)), { recursive: true });
      fs.writeFileSync(path.join(checkout, name), content);
    }
    const git = (...words) => execFileSync("git", ["-C", checkout, "-c", "user.name=lab", "-c", "user.email=lab@lab.test", ...words]);
    git("init", "-q", "-b", "main");
    git("remote", "add", "origin", `https://github.com/${repository.full}.git`);
    git("add", ".");
    git("commit", "-q", "-m", "Workflow");
    fs.writeFileSync(`${checkout}.json`, JSON.stringify(payload));
    const variables = {
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
      GITHUB_REPOSITORY: repository.full,
      GITHUB_REF: ref,
      GITHUB_RUN_ID: String(runs),
      // The runner's own name for what becomes GITHUB_SHA.
      SHA_REF: sha,
    };
    const before = github.requests.length;
    const result = await execute(`${tools}/run-workflow`, [
      checkout,
      event,
      `${checkout}.json`,
      ...local,
      ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      "--secret",
      `GITHUB_TOKEN=${token}`,
      // On this host, what the runner mounts into a container lies in act's own folder; the server is on loopback.
      "--action-cache-path",
      path.join(here, "cache"),
      `--container-options=--network=host -v=${here}:${here}`,
    ]);
    const requests = github.requests.slice(before);
    const reads = ({ method, path, body }) => method === "GET" || (path === "/graphql" && !/"query":\s*"\s*mutation/.test(body));
    return {
      ...result,
      requests,
      writes: requests.filter((request) => !reads(request)),
      outputs: Object.fromEntries([...result.text.matchAll(/::set-output:: ([\w-]+)=(.*)/g)].map(([, name, value]) => [name, value])),
      exit: Number(result.text.match(/exit with `FAILURE`: (\d+)/)?.[1] ?? 0),
    };
  };
}
