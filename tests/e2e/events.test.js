// Every event payload that GitHub gives as an example of its own is understood by the binary, or refused with a reason.

import assert from "node:assert/strict";
import http from "node:http";
import { once } from "node:events";
import { createRequire } from "node:module";
import test, { after, before } from "node:test";
import { runAction } from "./support/action.js";

const examples = createRequire(import.meta.url)("@octokit/webhooks-examples");
const known = ["pull_request", "push", "merge_group", "workflow_run", "workflow_dispatch", "pull_request_review"];

// A server that has nothing: the program gets as far as asking for what the event names.
let empty;
before(async () => {
  const requests = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      requests.push({ method: request.method, path: request.url, body });
      response.writeHead(404, { "content-type": "application/json" }).end('{"message":"Not Found"}');
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  empty = { url: `http://127.0.0.1:${server.address().port}`, requests, close: () => server.close() };
});
after(() => empty.close());

for (const name of known) {
  const payloads = examples.find((event) => event.name === name)?.examples ?? [];
  test(`${name}: ${payloads.length} payloads`, async () => {
    for (const payload of payloads) {
      const [owner, repo] = (payload.repository?.full_name ?? "octo/model").split("/");
      const repository = { owner, name: repo, full: `${owner}/${repo}` };
      const sha = payload.after ?? payload.pull_request?.head?.sha ?? "9".repeat(40);
      const result = await runAction(empty, repository, name, payload, { env: { GITHUB_SHA: sha } });
      const said = result.stdout + result.stderr;
      assert.doesNotMatch(said, /panicked|cannot be understood|has no /, `${payload.action}: ${said}`);
      const asked = result.requests.map(({ path, body }) => path + body).join("\n");
      if (payload.deleted) {
        assert.equal(result.code, 0, said);
        assert.equal(asked, "", "a deleted branch has nothing to ask for");
        continue;
      }
      // Nothing was found, which is an error of its own; what was asked for is what the event names.
      assert.equal(result.code, 3, `${payload.action}: ${said}`);
      const head =
        payload.merge_group?.head_sha ?? payload.pull_request?.head?.sha ?? payload.workflow_run?.head_sha ?? sha;
      const number = payload.pull_request?.number;
      assert.ok(
        asked.includes(head) || (number && asked.includes(`/pulls/${number}`)),
        `${name} ${payload.action ?? ""} asked for neither ${head} nor #${number}:\n${asked}`,
      );
      assert.ok(result.requests.every(({ method, path }) => method === "GET" || path.endsWith("/graphql")), asked);
    }
  });
}

test("an event without a commit is refused with the events that have one", async () => {
  const repository = { owner: "octo", name: "model", full: "octo/model" };
  const result = await runAction(empty, repository, "issues", {});
  assert.notEqual(result.code, 0);
  assert.match(result.stdout + result.stderr, /pull_request/);
});
