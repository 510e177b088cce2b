// The files of a pull request with their patches, in place of the emulator's stubs.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** What GitHub answers to `GET /repos/OWNER/NAME/pulls/NUMBER/files`, every page in one. */
export async function filesOfPullRequest(github, token, route) {
  const get = async (where) => {
    const response = await fetch(github.emulatorUrl + where, { headers: { authorization: `Bearer ${token}` } });
    return response.json();
  };
  const repository = route.match(/^\/repos\/[^/]+\/[^/]+/)[0];
  const pull = await get(route);
  const blobs = async (sha) => {
    const { tree } = await get(`${repository}/git/trees/${sha}?recursive=1`);
    return new Map(tree.filter(({ type }) => type === "blob").map((entry) => [entry.path, entry.sha]));
  };
  const text = async (sha) => (sha ? Buffer.from((await get(`${repository}/git/blobs/${sha}`)).content, "base64") : "");
  const [base, head] = await Promise.all([blobs(pull.base.sha), blobs(github.heads.get(route) ?? pull.head.sha)]);
  const changed = [...new Set([...base.keys(), ...head.keys()])].filter((file) => base.get(file) !== head.get(file)).sort();
  return Promise.all(
    changed.map(async (filename) => {
      const patch = unified(await text(base.get(filename)), await text(head.get(filename)));
      const count = (sign) => patch.split("\n").filter((line) => line.startsWith(sign)).length;
      return {
        sha: head.get(filename) ?? base.get(filename),
        filename,
        status: !base.has(filename) ? "added" : !head.has(filename) ? "removed" : "modified",
        additions: count("+"),
        deletions: count("-"),
        changes: count("+") + count("-"),
        patch,
      };
    }),
  );
}

/** The hunks between two texts, as git writes them. */
function unified(before, after) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-diff-"));
  fs.writeFileSync(path.join(folder, "a"), before);
  fs.writeFileSync(path.join(folder, "b"), after);
  const { stdout } = spawnSync("git", ["diff", "--no-index", "--no-color", "a", "b"], { cwd: folder, encoding: "utf8" });
  fs.rmSync(folder, { recursive: true });
  return stdout.slice(Math.max(0, stdout.indexOf("@@"))).replace(/\n$/, "");
}
