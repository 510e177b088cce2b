// `make demo`: the example's project and pull request on an emulated GitHub, reviewed twice by the Action's entry point.

import fs from "node:fs";
import path from "node:path";
import { pullRequestEvent, root, rounds, runAction } from "./support/action.js";
import { comments, filesOf, makePullRequest, makeRepository } from "./support/repository.js";
import { startGitHub } from "./support/servers.js";

const folder = path.join(root, ".demo");
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });

const heading = (text) => console.log(`\n\x1b[1m── ${text} ${"─".repeat(Math.max(3, 90 - text.length))}\x1b[0m`);
/** The comment as it looks before anything is unfolded: without addresses, each folded part by its title. */
function folded(body) {
  let depth = 0;
  const lines = [];
  for (const line of body.replace(/^<!--.*?-->\n/, "").split("\n")) {
    if (line === "<details>") depth += 1;
    else if (line === "</details>") depth -= 1;
    else if (depth === 0) lines.push(line);
    else if (depth === 1 && line.startsWith("<summary>")) lines.push(line.replace(/<summary>(.*)<\/summary>/, "▸ $1"));
  }
  return lines
    .join("\n")
    .replace(/<\/?code>/g, "`")
    .replace(/\[(`[^`]+`|[^\]]+)\]\(http[^)]*\)/g, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
/** Puts the head of the comment, down to the first thing to do, into the README; links lead nowhere from there. */
function writeExcerpt(body) {
  const head = folded(body);
  const lines = head.slice(0, head.indexOf("\n**3.")).trimEnd().split("\n");
  const quoted = lines.map((line) => `> ${line.replace(/^#+ (.*)/, "**$1**")}`.trimEnd()).join("\n");
  const file = path.join(root, "README.md");
  const marked = /(<!-- comment -->\n)[\s\S]*?(<!-- \/comment -->)/;
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(marked, (_, open, close) => open + quoted + "\n" + close));
}

const failures = [];
const expect = (holds, what) => holds || failures.push(what);

const github = await startGitHub({ checked: false });
github.graphql = true;
github.latency = 40;
try {
  const repository = await makeRepository(github, "digits", filesOf(path.join(root, "examples/project")));
  const changes = filesOf(path.join(root, "examples/pull-request"));
  const pull = await makePullRequest(github, repository, changes, { title: "Document the evaluation" });
  console.log(`An emulated GitHub at ${github.url} holds ${repository.full} and its pull request #${pull.number}.`);

  const inputs = { "html-file": "report.html", "json-file": "report.json", "sarif-file": "report.sarif" };
  const review = () => runAction(github, repository, "pull_request", pullRequestEvent(repository, pull), { inputs });

  const first = await review();
  const [comment, ...others] = await comments(github, repository, pull.number);
  heading("The log of the first run");
  console.log((first.stdout + first.stderr).trim());
  heading("The comment, with its folds closed");
  console.log(comment ? folded(comment.body) : "(none)");
  heading("The outputs of the step");
  for (const [name, value] of Object.entries(first.outputs)) console.log(`${name} = ${value}`);
  expect(comment && !others.length, "the first run leaves exactly one comment");
  expect(comment?.user.login === "github-actions[bot]", "the comment is the Action's");

  const second = await review();
  const [again, ...more] = await comments(github, repository, pull.number);
  const writes = second.requests.filter(({ method, path }) => method !== "GET" && path !== "/graphql");
  heading("The second run");
  const changed = again?.body !== comment?.body || again?.updated_at !== comment?.updated_at || more.length;
  console.log(`${writes.length} writes; the comment is ${changed ? "changed" : "unchanged"}; exit code ${second.code}.`);
  expect(!writes.length && !changed, "the second run changes nothing");
  expect(first.code === second.code && first.code < 2, `both runs judge: exit codes ${first.code} and ${second.code}`);

  heading("Figures");
  for (const [name, result] of [["first", first], ["second", second]]) {
    console.log(
      `${name} run: ${result.requests.length} requests in ${rounds(result.requests)} sequential rounds, ` +
        `${result.seconds.toFixed(2)} s from start to end, exit code ${result.code}`,
    );
  }
  for (const name of Object.values(inputs)) {
    fs.copyFileSync(path.join(first.workspace, name), path.join(folder, name));
  }
  fs.writeFileSync(path.join(folder, "comment.md"), comment?.body ?? "");
  fs.writeFileSync(path.join(folder, "summary.md"), first.summary);
  if (process.argv.includes("--readme")) writeExcerpt(comment.body);
  console.log(`\nThe whole comment, as Markdown: ${path.join(folder, "comment.md")}`);
  console.log(`The report as a page: ${path.join(folder, "report.html")}`);
  console.log(`Also there: ${fs.readdirSync(folder).filter((name) => !/^(report\.html|comment\.md)$/.test(name)).join(", ")}`);
} finally {
  await github.close();
}
if (failures.length) {
  console.error(`\nThe demo did not go as it should:\n- ${failures.join("\n- ")}`);
  process.exit(1);
}
