// Reports to look at and to validate: of the examples as the binary writes them, and of hostile and unusual verdicts.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { root, run } from "./action.js";

/** Writes them all into a new folder, and gives their paths. */
export async function writeReports() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-reports-"));
  await promisify(execFile)(process.env.CARGO ?? "cargo", ["test", "--quiet", "--locked", "--test", "render", "sample_reports"], {
    cwd: root,
    env: { ...process.env, REPROGATE_SAMPLES: folder },
    maxBuffer: 1 << 26,
  });
  const changed = path.join(folder, "pull-request");
  fs.cpSync(path.join(root, "examples/project"), changed, { recursive: true });
  fs.cpSync(path.join(root, "examples/pull-request"), changed, { recursive: true });
  for (const [name, project] of [["example", path.join(root, "examples/project")], ["example-changed", changed]]) {
    const outputs = ["html", "sarif", "json"].flatMap((format) => [
      "--format", format, "--output", path.join(folder, `${name}.${format}`),
    ]);
    const { code, stderr } = await run(["check", project, ...outputs], { env: { PATH: process.env.PATH } });
    assert.ok([0, 1].includes(code), stderr);
  }
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  assert.ok(files.filter((file) => file.endsWith(".html")).length > 10, `${files}`);
  return files.filter((file) => fs.statSync(file).isFile());
}
