// A GitHub Enterprise server with a certificate of its own authority: trusted where that authority is named, and else
// told at once, with what to do.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import test, { after, before, describe } from "node:test";
import { pullRequestEvent, root, runAction } from "./support/action.js";
import { comments, filesOf, makePullRequest, makeRepository } from "./support/repository.js";
import { startGitHub } from "./support/servers.js";

const project = filesOf(path.join(root, "examples/project"));
const change = filesOf(path.join(root, "examples/pull-request"));

describe("a server's certificate", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-tls-"));
  const file = (name) => path.join(folder, name);
  const openssl = (...words) => execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });
  let [github, server, api, connections] = [];

  before(async () => {
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=lab");
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
    fs.writeFileSync(file("names"), "subjectAltName=DNS:localhost\n");
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.pem");
    github = await startGitHub();
    const front = new URL(github.url);
    server = https.createServer({ key: fs.readFileSync(file("server.key")), cert: fs.readFileSync(file("server.pem")) }, (request, response) => {
      const { method, url, headers } = request;
      const onward = http.request({ host: front.hostname, port: front.port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    connections = 0;
    server.on("connection", () => (connections += 1));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    api = `https://localhost:${server.address().port}/api/v3`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await github.close();
  });

  async function review(name, env) {
    const repository = await makeRepository(github, name, project);
    const pull = await makePullRequest(github, repository, change);
    const inputs = { "github-api-url": api };
    const result = await runAction(github, repository, "pull_request", pullRequestEvent(repository, pull), { inputs, env });
    return { repository, pull, result };
  }

  test("is refused where nobody vouches for it, once, before anything is said", async () => {
    const before = connections;
    const { result } = await review("untrusted", {});
    assert.equal(result.code, 3, result.stdout + result.stderr);
    assert.match(result.stderr, /invalid peer certificate/);
    assert.ok(result.stderr.includes(api), "the error names the server");
    assert.match(result.stderr, /SSL_CERT_FILE/);
    assert.equal(result.requests.length, 0, "nothing is told to it");
    assert.ok(connections - before <= 2, `${connections - before} connections for the two commits`);
  });

  test("is trusted where SSL_CERT_FILE names its authority", async () => {
    const { repository, pull, result } = await review("trusted", { SSL_CERT_FILE: file("ca.pem") });
    assert.ok(result.code < 2, result.stdout + result.stderr);
    assert.ok(result.requests.length > 0);
    assert.equal((await comments(github, repository, pull.number)).length, 1);
  });
});
