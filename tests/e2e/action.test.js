// The Action's entry point against a GitHub made by others, its requests checked by GitHub's own descriptions.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test, { after, afterEach, before, beforeEach, describe } from "node:test";
import { parse } from "yaml";
import { pullRequestEvent, root, run, runAction } from "./support/action.js";
import { call, comments, commit, filesOf, makeFork, makePullRequest, makeRepository, move } from "./support/repository.js";
import { startGitHub, tokens } from "./support/servers.js";

const project = filesOf(path.join(root, "examples/project"));
const change = filesOf(path.join(root, "examples/pull-request"));
const outputs = Object.keys(parse(fs.readFileSync(path.join(root, "action.yml"), "utf8")).outputs);
const policy = (text) => ({ ".github/reprogate.yml": text });

let github;
before(async () => (github = await startGitHub()));
after(() => github.close());
beforeEach(() => {
  github.requests.length = 0;
  github.intercept = null;
  github.graphql = false;
});

/** What GitHub's descriptions say of everything that was sent since the test began. */
afterEach(() => {
  for (const { method, path, body, invalid, failure, graphql } of github.requests) {
    assert.equal(failure, undefined, `${method} ${path}`);
    for (const [, name] of (graphql ? body : "").matchAll(operation)) sent.add(name);
    routes.add(`${method} ${path.replace(/\?.*/, "")}`);
    if (path === "/graphql") assert.equal(graphql?.errors, undefined, JSON.stringify(graphql?.errors));
    else assert.equal(invalid, undefined, `${method} ${path} is not what GitHub describes: ${invalid}`);
  }
});

const operation = /\b(?:query|mutation) ([A-Z]\w*)\s*(?:\\n)?\s*\(/g;
/** Names of the GraphQL operations that were sent and answered. */
const sent = new Set();
/** Method and path of every request. */
const routes = new Set();

let made = 0;
/** A repository of the example, and its pull request. */
async function open({ files = project, changes = change } = {}) {
  made += 1;
  const repository = await makeRepository(github, `digits-${made}`, files);
  const pull = await makePullRequest(github, repository, changes);
  return { repository, pull, event: pullRequestEvent(repository, pull) };
}

/** Moves the pull request's head; the emulator's pull requests do not follow their branches by themselves. */
async function follow(repository, pull, sha) {
  await move(github, repository, pull.head.ref, sha);
  github.heads.set(`/repos/${repository.full}/pulls/${pull.number}`, sha);
  return { ...pull, head: { ...pull.head, sha } };
}

const writes = (result) =>
  result.requests.filter(({ method, path, body }) => method !== "GET" && !(path === "/graphql" && /"query":\s*"\s*(query|\{)/.test(body)));
const said = (result) => result.stdout + result.stderr;

describe("a pull request", () => {
  for (const graphql of [false, true]) {
    test(`is reviewed once, and again without a change, ${graphql ? "with" : "without"} GraphQL`, async () => {
      github.graphql = graphql;
      const { repository, pull, event } = await open();
      const first = await runAction(github, repository, "pull_request", event);
      assert.ok(first.code === 0 || first.code === 1, said(first));
      const [comment, ...others] = await comments(github, repository, pull.number);
      assert.equal(others.length, 0);
      assert.equal(comment.user.login, "github-actions[bot]");
      assert.match(comment.body, /\/ 100/);
      assert.match(comment.body, /--lr/, "the flag that the pull request broke");
      assert.deepEqual(Object.keys(first.outputs).sort(), [...outputs].sort());
      assert.equal(first.outputs.passed, String(first.code === 0));
      assert.ok(Number(first.outputs.score) >= 0 && Number(first.outputs.score) <= 100, first.outputs.score);
      assert.ok(!Number.isNaN(Number(first.outputs.delta)), first.outputs.delta);
      assert.ok(JSON.parse(first.outputs.missing).includes("integrity/flags"), first.outputs.missing);
      assert.match(first.outputs["comment-url"], new RegExp(`#issuecomment-${comment.id}$`));
      assert.match(first.summary, /\/ 100/);

      const second = await runAction(github, repository, "pull_request", event);
      assert.equal(second.code, first.code, said(second));
      assert.deepEqual(writes(second).map(({ method, path }) => `${method} ${path}`), []);
      const [again, ...more] = await comments(github, repository, pull.number);
      assert.equal(more.length, 0);
      assert.deepEqual([again.id, again.body, again.updated_at], [comment.id, comment.body, comment.updated_at]);
      assert.equal(second.outputs["comment-url"], first.outputs["comment-url"]);
    });
  }

  test("has its comment updated in place when the head moves", async () => {
    const { repository, pull, event } = await open();
    await runAction(github, repository, "pull_request", event);
    const [before] = await comments(github, repository, pull.number);
    const readme = change["README.md"].toString().replace("--lr 0.001", "--learning-rate 0.001");
    const sha = await commit(github, repository, { "README.md": readme }, { parent: pull.head.sha });
    const moved = await follow(repository, pull, sha);
    const result = await runAction(github, repository, "pull_request", pullRequestEvent(repository, moved));
    const [after, ...others] = await comments(github, repository, pull.number);
    assert.equal(others.length, 0);
    assert.equal(after.id, before.id);
    assert.notEqual(after.body, before.body);
    assert.ok(!JSON.parse(result.outputs.missing).includes("integrity/flags"), result.outputs.missing);
  });

  test("is not spoken for by a comment that only carries the marker", async () => {
    const { repository, pull, event } = await open();
    await runAction(github, repository, "pull_request", event);
    const [ours] = await comments(github, repository, pull.number);
    const other = await open();
    const planted = await call(
      github,
      tokens.author,
      "POST",
      `/repos/${other.repository.full}/issues/${other.pull.number}/comments`,
      { body: ours.body.replace(/[\d.]+ \/ 100/, "100 / 100") },
    );
    await runAction(github, other.repository, "pull_request", other.event);
    const found = await comments(github, other.repository, other.pull.number);
    assert.equal(found.length, 2);
    assert.equal(found.find(({ id }) => id === planted.id).body, planted.body, "another's comment is left alone");
    assert.equal(found.find(({ id }) => id !== planted.id).user.login, "github-actions[bot]");
  });

  test("finds its comment behind a page of others", async () => {
    const { repository, pull, event } = await open();
    for (let index = 0; index < 105; index += 1) {
      await call(github, tokens.author, "POST", `/repos/${repository.full}/issues/${pull.number}/comments`, {
        body: `remark ${index}`,
      });
    }
    await runAction(github, repository, "pull_request", event);
    const again = await runAction(github, repository, "pull_request", event);
    assert.deepEqual(writes(again).map(({ path }) => path), []);
    const page = await call(github, tokens.owner, "GET", `/repos/${repository.full}/issues/${pull.number}/comments?per_page=100&page=2`);
    assert.equal(page.filter(({ user }) => user.login === "github-actions[bot]").length, 1);
  });

  for (const graphql of [false, true]) {
    test(`has a note on the line that it breaks, once, until it is mended, ${graphql ? "with" : "without"} GraphQL`, async () => {
      github.graphql = graphql;
      const wrong = change["README.md"].toString().replace("evaluate.py --checkpoint", "evaluate.py --checkpoints");
      const { repository, pull, event } = await open({ changes: { ...change, "README.md": wrong } });
      const notes = async () => {
        const all = await call(github, tokens.owner, "GET", `/repos/${repository.full}/pulls/${pull.number}/comments`);
        return all.filter(({ path }) => path === "README.md");
      };
      await runAction(github, repository, "pull_request", event);
      const [note, ...others] = await notes();
      assert.equal(others.length, 0);
      assert.equal(note.user.login, "github-actions[bot]");
      assert.match(note.body, /--checkpoints/);
      const again = await runAction(github, repository, "pull_request", event);
      assert.deepEqual(writes(again).map(({ method, path }) => `${method} ${path}`), []);

      const sha = await commit(github, repository, { "README.md": change["README.md"] }, { parent: pull.head.sha });
      const moved = await follow(repository, pull, sha);
      const mended = await runAction(github, repository, "pull_request", pullRequestEvent(repository, moved));
      if (graphql) assert.ok(writes(mended).some(({ body }) => body.includes("resolveReviewThread")));
      else assert.deepEqual(await notes(), []);
    });

    test(`has no note where none is asked for, ${graphql ? "with" : "without"} GraphQL`, async () => {
      github.graphql = graphql;
      const wrong = change["README.md"].toString().replace("evaluate.py --checkpoint", "evaluate.py --checkpoints");
      const { repository, pull, event } = await open({ changes: { ...change, "README.md": wrong } });
      await runAction(github, repository, "pull_request", event, { inputs: { review: "off" } });
      assert.deepEqual(await call(github, tokens.owner, "GET", `/repos/${repository.full}/pulls/${pull.number}/comments`), []);
    });
  }

  test("gets no comment where none is asked for", async () => {
    const { repository, pull, event } = await open();
    const result = await runAction(github, repository, "pull_request", event, { inputs: { comment: "off", review: "off" } });
    assert.deepEqual(await comments(github, repository, pull.number), []);
    assert.deepEqual(writes(result), []);
    assert.equal(result.outputs["comment-url"], "");
    assert.match(result.summary, /\/ 100/);
  });

  test("has its reports written into the workspace", async () => {
    const { repository, event } = await open();
    const inputs = { "json-file": "report.json", "sarif-file": "report.sarif", "html-file": "report.html" };
    const result = await runAction(github, repository, "pull_request", event, { inputs });
    const report = JSON.parse(fs.readFileSync(path.join(result.workspace, "report.json"), "utf8"));
    assert.equal(report.schema, "reprogate-report/1");
    assert.equal(report.target.repo, repository.full);
    assert.equal(report.target.pull_request, 1);
    assert.equal(String(report.passed), result.outputs.passed);
    assert.equal(report.score, Number(result.outputs.score));
    const sarif = JSON.parse(fs.readFileSync(path.join(result.workspace, "report.sarif"), "utf8"));
    assert.equal(sarif.version, "2.1.0");
    assert.match(fs.readFileSync(path.join(result.workspace, "report.html"), "utf8"), /<!doctype html>/i);
    assert.match(result.outputs["report-file"], /report\.json$/);
    assert.deepEqual(fs.readdirSync(result.workspace).sort(), ["report.html", "report.json", "report.sarif"]);
  });

  test("of which a write is refused is judged all the same, and the log names the permission", async () => {
    const { repository, pull, event } = await open();
    github.intercept = ({ method }) =>
      method === "GET" ? undefined : { status: 403, body: { message: "Resource not accessible by integration" } };
    const result = await runAction(github, repository, "pull_request", event);
    assert.ok(result.code === 0 || result.code === 1, said(result));
    assert.match(said(result), /pull-requests: write/);
    assert.equal(result.outputs["comment-url"], "");
    assert.equal(result.outputs.passed, String(result.code === 0));
    assert.match(result.summary, /\/ 100/);
    github.intercept = null;
    assert.deepEqual(await comments(github, repository, pull.number), []);
  });

  test("is reviewed by a token that may not ask who it is", async () => {
    const { repository, pull, event } = await open();
    github.intercept = ({ path }) =>
      path === "/user" ? { status: 403, body: { message: "Resource not accessible by integration" } } : undefined;
    await runAction(github, repository, "pull_request", event);
    const again = await runAction(github, repository, "pull_request", event);
    assert.deepEqual(writes(again), []);
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });
});

describe("the gate", () => {
  test("fails and passes by the minimum that the workflow asks for", async () => {
    const { repository, event } = await open({ files: { ...project, ".github/reprogate.yml": "version: 1\n" } });
    const low = await runAction(github, repository, "pull_request", event, { inputs: { "min-score": "0" } });
    assert.deepEqual([low.code, low.outputs.passed], [0, "true"], said(low));
    const high = await runAction(github, repository, "pull_request", event, { inputs: { "min-score": "100" } });
    assert.deepEqual([high.code, high.outputs.passed], [1, "false"], said(high));
    const never = await runAction(github, repository, "pull_request", event, {
      inputs: { "min-score": "100", "fail-on": "never" },
    });
    assert.equal(never.code, 0, said(never));
  });

  test("fails on a regression, however much was gained elsewhere", async () => {
    const { repository, event } = await open({ files: { ...project, ".github/reprogate.yml": "version: 1\n" } });
    const result = await runAction(github, repository, "pull_request", event, { inputs: { "fail-on": "regression" } });
    assert.equal(result.code, 1, said(result));
    assert.ok(Number(result.outputs.delta) > 0, `the change gains more than it loses: ${result.outputs.delta}`);
  });

  test("is that of the base, whatever the pull request writes into the policy", async () => {
    const files = { ...project, ...policy("version: 1\nmin-score: 99\n") };
    const { repository, pull, event } = await open({ files, changes: { ...change, ...policy("version: 1\nmin-score: 0\n") } });
    for (const name of ["pull_request", "pull_request_target"]) {
      const result = await runAction(github, repository, name, event);
      assert.deepEqual([result.code, result.outputs.passed], [1, "false"], said(result));
    }
    const [comment] = await comments(github, repository, pull.number);
    assert.match(comment.body, /after merg|once merged|takes effect/i, "the proposal is shown, and not applied");
  });

  test("is not softened by waivers, weights or rules that the pull request brings", async () => {
    const files = { ...project, ...policy("version: 1\nmin-score: 99\nrequired: [integrity/flags]\n") };
    const softer = [
      "waivers:\n  - rule: integrity/flags\n    reason: later\n    until: 2099-01-01\n",
      "rules:\n  integrity/flags: off\nfail-on: never\n",
      "weights:\n  integrity/flags: 0\nlimits:\n  files: 1\n",
    ];
    for (const text of softer) {
      const { repository, pull, event } = await open({ files, changes: { ...change, ...policy(`version: 1\nmin-score: 0\n${text}`) } });
      const result = await runAction(github, repository, "pull_request", event);
      assert.deepEqual([result.code, result.outputs.passed], [1, "false"], text + said(result));
      assert.ok(JSON.parse(result.outputs.missing).includes("integrity/flags"), result.outputs.missing);
      const [comment] = await comments(github, repository, pull.number);
      assert.match(comment.body, /after merg|once merged|takes effect/i, "what it would change is shown");
    }
  });

  test("stays when the pull request breaks the policy", async () => {
    const files = { ...project, ...policy("version: 1\nmin-score: 99\n") };
    const { repository, event } = await open({ files, changes: { ...change, ...policy("version: 1\nmin-score: [\n") } });
    const result = await runAction(github, repository, "pull_request", event);
    assert.deepEqual([result.code, result.outputs.passed], [1, "false"], said(result));
  });

  test("stays when the pull request deletes the policy", async () => {
    const files = { ...project, ...policy("version: 1\nmin-score: 99\n") };
    const { repository, event } = await open({ files, changes: { ...change, ".github/reprogate.yml": null } });
    const result = await runAction(github, repository, "pull_request", event);
    assert.deepEqual([result.code, result.outputs.passed], [1, "false"], said(result));
  });

  test("has the defaults where the base has no policy, even if the head brings one", async () => {
    const { ".github/reprogate.yml": _, ...files } = project;
    const { repository, event } = await open({ files, changes: { ...change, ...policy("version: 1\nmin-score: 99\n") } });
    const result = await runAction(github, repository, "pull_request", event);
    assert.deepEqual([result.code, result.outputs.passed], [0, "true"], said(result));
  });

  test("refuses a base policy that cannot be read, and says where", async () => {
    const { repository, pull, event } = await open({ files: { ...project, ...policy("version: 1\nmin-scor: 50\n") } });
    const result = await runAction(github, repository, "pull_request", event);
    assert.equal(result.code, 2, said(result));
    assert.match(said(result), /min-score/);
    assert.deepEqual(await comments(github, repository, pull.number), []);
  });

  test("follows the pull request to another base", async () => {
    const { repository, pull, event } = await open({ files: { ...project, ...policy("version: 1\nmin-score: 0\n") } });
    const strict = await commit(github, repository, policy("version: 1\nmin-score: 100\n"), { parent: repository.base });
    await call(github, tokens.owner, "POST", `/repos/${repository.full}/git/refs`, { ref: "refs/heads/strict", sha: strict });
    const before = await runAction(github, repository, "pull_request", event);
    assert.equal(before.code, 0, said(before));
    const retargeted = await call(github, tokens.owner, "PATCH", `/repos/${repository.full}/pulls/${pull.number}`, { base: "strict" });
    assert.equal(retargeted.base.ref, "strict");
    const payload = pullRequestEvent(
      repository,
      { ...retargeted, base: { ...retargeted.base, sha: strict } },
      { action: "edited", changes: { base: { ref: { from: "main" }, sha: { from: repository.base } } } },
    );
    const result = await runAction(github, repository, "pull_request", payload);
    assert.equal(result.code, 1, said(result));
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });
});

describe("other events", () => {
  test("a merge group is judged against its own base, without a comment", async () => {
    const { repository, pull } = await open();
    const payload = {
      action: "checks_requested",
      merge_group: { head_sha: pull.head.sha, base_sha: repository.base, head_ref: "refs/heads/gh-readonly-queue/main/pr-1", base_ref: "refs/heads/main" },
      repository: { full_name: repository.full },
    };
    const result = await runAction(github, repository, "merge_group", payload, {
      inputs: { "fail-on": "both" },
      env: { GITHUB_SHA: "9".repeat(40) },
    });
    assert.equal(result.code, 1, said(result));
    assert.deepEqual(writes(result), []);
    assert.notEqual(result.outputs.delta, "");
  });

  test("a push is compared with what was there", async () => {
    const { repository, pull } = await open();
    const payload = { before: repository.base, after: pull.head.sha, ref: "refs/heads/main", deleted: false, repository: { full_name: repository.full } };
    const result = await runAction(github, repository, "push", payload, { env: { GITHUB_SHA: pull.head.sha } });
    assert.ok(result.code < 2, said(result));
    assert.notEqual(result.outputs.delta, "");
    assert.deepEqual(writes(result), []);
  });

  test("a schedule judges the commit of the run", async () => {
    const { repository } = await open();
    const result = await runAction(github, repository, "schedule", { schedule: "0 0 * * 1" }, { env: { GITHUB_SHA: repository.base } });
    assert.ok(result.code < 2, said(result));
    assert.equal(result.outputs.delta, "");
  });

  test("a run by hand judges the pull request that it names", async () => {
    const { repository, pull } = await open();
    const result = await runAction(github, repository, "workflow_dispatch", { inputs: { pr: "1" } }, { env: { GITHUB_SHA: repository.base } });
    assert.ok(result.code < 2, said(result));
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });

  test("a workflow run leads to the pull request of its head", async () => {
    const { repository, pull } = await open();
    const payload = {
      action: "completed",
      workflow_run: { head_sha: pull.head.sha, event: "pull_request", pull_requests: [{ number: 1, head: { sha: pull.head.sha } }] },
      repository: { full_name: repository.full },
    };
    const result = await runAction(github, repository, "workflow_run", payload, { env: { GITHUB_SHA: repository.base } });
    assert.ok(result.code < 2, said(result));
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });
});

describe("what a pull request may try", () => {
  test("its words are shown, and not obeyed", async () => {
    const hostile = [
      "# Digits `x` <!-- reprogate --> @lab\n",
      "::error file=a.py::planted\n\n```bash\npython missing|pipe.py --x\n```\n",
      "[a](<no such @lab file.md>) ![b](<img>.png)\n",
    ].join("\n");
    const { repository, pull, event } = await open({
      changes: { "README.md": hostile, "a|b `c` @lab <!-- x -->.md": "# x\n", "train\n::warning::planted.py": "x = 1\n" },
    });
    const result = await runAction(github, repository, "pull_request", event);
    assert.ok(result.code < 2, said(result));
    assert.doesNotMatch(said(result), /^::(error|warning|notice)[^:]*::planted/m);
    const [comment] = await comments(github, repository, pull.number);
    const prose = comment.body.replace(/^\s*(`{3,}|~{3,})[\s\S]*?^\s*\1\s*$/gm, "").replace(/(`+)[^\n]*?\1/g, "");
    assert.doesNotMatch(prose, /(^|[^\w`/&;])@lab\b/m, "nobody is called");
  });

  test("the token is written nowhere", async () => {
    const { repository, pull, event } = await open();
    const result = await runAction(github, repository, "pull_request", event, {
      inputs: { "json-file": "r.json", "html-file": "r.html" },
      env: { RUST_LOG: "trace", RUNNER_DEBUG: "1", ACTIONS_STEP_DEBUG: "true" },
    });
    const everything = [
      said(result).replace(`::add-mask::${tokens.action}`, ""),
      result.summary,
      JSON.stringify(result.outputs),
      JSON.stringify(await comments(github, repository, pull.number)),
      ...fs.readdirSync(result.workspace).map((name) => fs.readFileSync(path.join(result.workspace, name), "utf8")),
    ];
    for (const text of everything) assert.ok(!text.includes(tokens.action));
  });
});

describe("what few runs need", () => {
  test("a second comment of its own is taken away", async () => {
    const { repository, pull, event } = await open();
    await runAction(github, repository, "pull_request", event);
    const [{ body }] = await comments(github, repository, pull.number);
    await call(github, tokens.action, "POST", `/repos/${repository.full}/issues/${pull.number}/comments`, { body });
    await runAction(github, repository, "pull_request", event);
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });

  test("notes come one by one where a review is declined", async () => {
    const { repository, event } = await open();
    github.intercept = ({ method, path }) =>
      method === "POST" && path.endsWith("/reviews") ? { status: 422, body: { message: "Validation Failed" } } : undefined;
    const result = await runAction(github, repository, "pull_request", event);
    github.intercept = null;
    assert.ok(result.code < 2, said(result));
    assert.ok(writes(result).some(({ path }) => path.endsWith("/pulls/1/comments")), said(result));
  });

  test("a commit that a recipe pins is looked up", async () => {
    const pinned = "0123456789abcdef0123456789abcdef01234567";
    const { repository, event } = await open();
    const recipe = `# Recipe\n\n## Training\n\n\`\`\`bash\ngit checkout ${pinned}\npython train.py --hidden 64\n\`\`\`\n`;
    const sha = await commit(github, repository, { "recipes/digits.md": recipe }, { parent: repository.base });
    const result = await runAction(github, repository, "push", { before: repository.base, after: sha }, { env: { GITHUB_SHA: sha } });
    assert.ok(result.code < 2, said(result));
    assert.ok(result.requests.some(({ path }) => path.includes(`/compare/${pinned}...`) || path.includes(`...${pinned}`)), event.action);
  });

  test("a branch is judged by its name, from the command line", async () => {
    const { repository } = await open();
    const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: tokens.author };
    const result = await run(["check", `${repository.full}@main`], { env });
    assert.ok(result.code < 2, result.stderr);
    assert.match(result.stdout, /\/ 100/);
  });

  test("a workflow run of a fork leads to its pull request", async () => {
    const { repository } = await open();
    const pull = await makeFork(github, repository, { ...project, ...change }, { head: "from-a-fork" });
    const [owner] = pull.head.label.split(":");
    const of = (head_branch) => ({
      action: "completed",
      workflow_run: { head_sha: pull.head.sha, head_branch, head_repository: { owner: { login: owner } }, event: "pull_request", pull_requests: [] },
    });
    // Known by its branch; by its commit it is not.
    await runAction(github, repository, "workflow_run", of("another"), { env: { GITHUB_SHA: repository.base } });
    assert.equal((await comments(github, repository, pull.number)).length, 0);
    await runAction(github, repository, "workflow_run", of("from-a-fork"), { env: { GITHUB_SHA: repository.base } });
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });
});

test("every REST route of the source was sent, and is one that GitHub describes", () => {
  const written = new Set();
  for (const [name, text] of Object.entries(filesOf(path.join(root, "src")))) {
    if (!name.endsWith(".rs") || name === "src/github/mod.rs") continue;
    const code = text.toString().split("#[cfg(test)]")[0];
    for (const [, found] of code.matchAll(/"(\/(?:repos\/\{\w*\}\/|user\b)[^"?]*)/g)) written.add(found.replace(/\{query\}$/, ""));
  }
  assert.ok(written.size > 10, [...written].join(" "));
  const asked = [...routes].map((route) => route.split(" ")[1]);
  for (const route of written) {
    const pattern = route.replace(/[.]/g, "\\.").replace("/repos/{repo}", "/repos/{}").replace("/repos/{}", "/repos/[^/]+/[^/]+").replace(/\{\w*\}/g, "[^/]+?");
    assert.ok(asked.some((path) => new RegExp(`^${pattern}$`).test(path)), `${route} was not sent`);
  }
  const writes = ["POST issues/N/comments", "PATCH issues/comments/N", "DELETE issues/comments/N", "POST pulls/N/reviews", "POST pulls/N/comments", "DELETE pulls/comments/N"];
  const done = new Set([...routes].map((route) => route.replace(/\/repos\/[^/]+\/[^/]+\//, "").replace(/\b\d+\b/g, "N")));
  for (const write of writes) assert.ok(done.has(write), `${write} was not sent`);
});

test("every GraphQL operation of the source was sent, and was valid", () => {
  const written = new Set();
  for (const [name, text] of Object.entries(filesOf(path.join(root, "src")))) {
    if (!/\.(rs|graphql)$/.test(name)) continue;
    for (const [, found] of text.toString().matchAll(operation)) written.add(found);
  }
  assert.ok(written.size > 1, [...written].join(" "));
  assert.deepEqual([...sent].sort(), [...written].sort());
});
