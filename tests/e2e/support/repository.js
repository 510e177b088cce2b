// Repositories, commits and pull requests, made through the REST API alone as a person's client would.

import fs from "node:fs";
import path from "node:path";
import { logins, tokens } from "./servers.js";

/** One call; throws on what is not a success. Goes to the emulator itself: what is checked is the program's requests. */
export async function call(github, token, method, route, body) {
  const response = await fetch(github.emulatorUrl + route, {
    method,
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Every file under `folder`, by its path in it. */
export function filesOf(folder) {
  const files = {};
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !full.includes("__pycache__")) files[path.relative(folder, full)] = fs.readFileSync(full);
  }
  return files;
}

/** Makes `OWNER/NAME` with one commit on `main`. */
export async function makeRepository(github, name, files, { owner = "lab" } = {}) {
  await call(github, tokens.owner, "POST", "/user/repos", { name, auto_init: true });
  const repository = { owner, name, full: `${owner}/${name}` };
  for (const login of ["ada", "github-actions[bot]"]) {
    await call(github, tokens.owner, "PUT", `/repos/${repository.full}/collaborators/${encodeURIComponent(login)}`, {
      permission: "push",
    });
  }
  const main = await call(github, tokens.owner, "GET", `/repos/${repository.full}/git/ref/heads/main`);
  repository.base = await commit(github, repository, files, { parent: main.object.sha, whole: true });
  await move(github, repository, "main", repository.base);
  return repository;
}

/** A commit of `files` over `parent`'s tree, or of `files` alone where `whole`. A `null` content deletes. */
export async function commit(github, repository, files, { parent, whole = false, message = "Change files", author, token = tokens.owner }) {
  const tree = [];
  for (const [file, content] of Object.entries(files)) {
    const entry = { path: file, mode: "100644", type: "blob" };
    if (content === null) {
      tree.push({ ...entry, sha: null });
      continue;
    }
    const blob = await call(github, token, "POST", `/repos/${repository.full}/git/blobs`, {
      content: Buffer.from(content).toString("base64"),
      encoding: "base64",
    });
    tree.push({ ...entry, sha: blob.sha });
  }
  const before = whole ? null : await call(github, token, "GET", `/repos/${repository.full}/git/commits/${parent}`);
  const made = await call(github, token, "POST", `/repos/${repository.full}/git/trees`, {
    ...(whole ? {} : { base_tree: before.tree.sha }),
    tree,
  });
  const commit = await call(github, token, "POST", `/repos/${repository.full}/git/commits`, {
    message,
    tree: made.sha,
    parents: parent ? [parent] : [],
    ...(author ? { author, committer: author } : {}),
  });
  return commit.sha;
}

export async function branch(github, repository, name, sha) {
  await call(github, tokens.owner, "POST", `/repos/${repository.full}/git/refs`, { ref: `refs/heads/${name}`, sha });
}

export async function move(github, repository, name, sha) {
  await call(github, tokens.owner, "PATCH", `/repos/${repository.full}/git/refs/heads/${name}`, { sha, force: true });
}

/** A pull request that lays `files` over the base; the answer is GitHub's own object. */
export async function makePullRequest(github, repository, files, { head = "change", base = "main", title = "A change" } = {}) {
  const sha = await commit(github, repository, files, { parent: repository.base });
  await branch(github, repository, head, sha);
  return call(github, tokens.author, "POST", `/repos/${repository.full}/pulls`, { title, head, base });
}

/** A pull request of the tree `files` from a stranger's fork. On GitHub the two share their objects; here both get them. */
export async function makeFork(github, repository, files, { head = "change", base = "main", title = "A change" } = {}) {
  await call(github, tokens.stranger, "POST", `/repos/${repository.full}/forks`, {});
  const fork = { owner: logins.stranger, name: repository.name, full: `${logins.stranger}/${repository.name}` };
  const author = { name: "Mallory", email: "mallory@lab.test", date: "2026-01-02T03:04:05Z" };
  const sha = await commit(github, repository, files, { whole: true, author });
  const same = await commit(github, fork, files, { whole: true, author, token: tokens.stranger });
  if (same !== sha) throw new Error(`the fork's commit is ${same}, and not ${sha}`);
  await call(github, tokens.stranger, "POST", `/repos/${fork.full}/git/refs`, { ref: `refs/heads/${head}`, sha });
  const label = `${fork.owner}:${head}`;
  return call(github, tokens.owner, "POST", `/repos/${repository.full}/pulls`, { title, head: label, base });
}

export const comments = (github, repository, number) =>
  call(github, tokens.owner, "GET", `/repos/${repository.full}/issues/${number}/comments?per_page=100`);
