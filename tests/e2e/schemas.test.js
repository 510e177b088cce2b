// What is written validates against what others and we ourselves publish: SARIF, the report, the policy.

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test, { before, describe } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import AjvDraft4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { root } from "./support/action.js";
import { writeReports } from "./support/reports.js";

const require = createRequire(import.meta.url);
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

function compile(Ajv, schema) {
  const ajv = new Ajv.default({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (value, name) => assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors?.slice(0, 5), null, 2)}`);
}

describe("schemas", { timeout: 600_000 }, () => {
  let files;
  before(async () => (files = await writeReports()));
  const of = (extension) => {
    const found = files.filter((file) => file.endsWith(`.${extension}`));
    assert.ok(found.length > 10);
    return found;
  };

  test("SARIF is SARIF 2.1.0", () => {
    const check = compile({ default: AjvDraft4.default ?? AjvDraft4 }, require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
    for (const file of of("sarif")) check(read(file), path.basename(file));
    assert.throws(() => check({ version: "2.1.0", runs: [{}] }, "a run without a tool"));
  });

  test("the JSON report is what its published schema tells", () => {
    const check = compile(Ajv2020, read(path.join(root, "docs/schema/report.schema.json")));
    for (const file of of("json")) check(read(file), path.basename(file));
    assert.throws(() => check({}, "an empty report"));
  });

  test("policies are what the published schema tells", () => {
    const check = compile(Ajv2020, read(path.join(root, "docs/schema/policy.schema.json")));
    const page = fs.readFileSync(path.join(root, "docs/policy.md"), "utf8");
    const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, block]) => parse(block));
    assert.ok(blocks.length > 1);
    for (const block of blocks) check({ version: 1, ...block }, JSON.stringify(block));
    check(parse(fs.readFileSync(path.join(root, "examples/project/.github/reprogate.yml"), "utf8")), "the example's policy");
    assert.throws(() => check({ version: 1, "min-scor": 60 }, "a misspelt key"));
  });
});
