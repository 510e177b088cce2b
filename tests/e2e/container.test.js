// The image as a runner runs it. Needs CONTAINER_TOOLS and REPROGATE_IMAGE, see support/workflow.js.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import dgram from "node:dgram";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import test, { after, before, describe } from "node:test";
import { parseOutputs, pullRequestEvent, root, rounds } from "./support/action.js";
import { comments, filesOf, makePullRequest, makeRepository } from "./support/repository.js";
import { startGitHub, tokens } from "./support/servers.js";
import { execute, image, skip, tools } from "./support/workflow.js";

const project = filesOf(path.join(root, "examples/project"));
const change = filesOf(path.join(root, "examples/pull-request"));

/** A resolver on loopback that knows one name. */
async function startResolver(name, address) {
  const asked = [];
  const socket = dgram.createSocket("udp4");
  socket.on("message", (message, from) => {
    const labels = [];
    let at = 12;
    for (; message[at]; at += message[at] + 1) labels.push(message.toString("latin1", at + 1, at + 1 + message[at]));
    const question = message.subarray(12, at + 5);
    const asksForAddress = message.readUInt16BE(at + 1) === 1;
    const known = labels.join(".") === name;
    asked.push(labels.join("."));
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(known ? 0x8580 : 0x8583, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(known && asksForAddress ? 1 : 0, 6);
    const answer = known && asksForAddress ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, ...address.split(".").map(Number)] : [];
    socket.send(Buffer.concat([header, question, Buffer.from(answer)]), from.port, from.address);
  });
  socket.bind(53, "127.0.0.1");
  await once(socket, "listening");
  return { asked, close: () => socket.close() };
}

describe("the image", { skip }, () => {
  let github;
  before(async () => (github = await startGitHub({ description: "ghes-3.19.json" })));
  after(() => github.close());

  let made = 0;
  async function open() {
    made += 1;
    const repository = await makeRepository(github, `boxed-${made}`, project);
    const pull = await makePullRequest(github, repository, change);
    return { repository, pull, event: pullRequestEvent(repository, pull) };
  }

  /** One run as the runner does it: its folders mounted, its variables set, no command given. */
  async function box(repository, event, { api, server = github, inputs = {}, flags = [] }) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-box-"));
    for (const name of ["workspace", "commands", "workflow"]) fs.mkdirSync(path.join(folder, name));
    for (const name of ["output", "summary"]) fs.writeFileSync(path.join(folder, "commands", name), "");
    fs.writeFileSync(path.join(folder, "workflow/event.json"), JSON.stringify(event));
    const environment = {
      INPUT_TOKEN: tokens.action,
      "INPUT_GITHUB-API-URL": api,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: api,
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: "/github/workflow/event.json",
      GITHUB_OUTPUT: "/github/file_commands/output",
      GITHUB_STEP_SUMMARY: "/github/file_commands/summary",
      GITHUB_REPOSITORY: repository.full,
      GITHUB_RUN_ID: "7",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_SERVER_URL: "https://git.lab.test",
      GITHUB_WORKSPACE: "/github/workspace",
      HOME: "/github/home",
    };
    const before = server.requests.length;
    const result = await execute(`${tools}/run-image`, [
      image,
      path.join(folder, "workspace"),
      ...Object.entries(environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      "-v",
      `${folder}/commands:/github/file_commands`,
      "-v",
      `${folder}/workflow:/github/workflow`,
      ...flags,
    ]);
    return {
      ...result,
      requests: server.requests.slice(before),
      outputs: parseOutputs(fs.readFileSync(path.join(folder, "commands/output"), "utf8")),
      summary: fs.readFileSync(path.join(folder, "commands/summary"), "utf8"),
      workspace: path.join(folder, "workspace"),
    };
  }

  test("holds one binary and the certificate authorities, and starts as root without a folder of its own", async () => {
    const listed = execFileSync("sh", ["-c", `podman save ${image} | tar -xO --wildcards '*.tar' | tar -ti 2>/dev/null | sort -u`])
      .toString()
      .split("\n")
      .filter((name) => name && !name.endsWith("/"));
    assert.deepEqual(listed, ["etc/ssl/certs/ca-certificates.crt", "reprogate"]);
    const [{ Config: config }] = JSON.parse(execFileSync("podman", ["image", "inspect", image]));
    assert.equal(config.User ?? "", "");
    assert.equal(config.WorkingDir ?? "", "");
    assert.equal(config.Labels["org.opencontainers.image.source"], "https://github.com/reprogate/reprogate");
  });

  test("reviews a pull request on an Enterprise server whose name only a resolver knows", async (t) => {
    const resolver = await startResolver("git.lab.test", "127.0.0.1");
    try {
      const { repository, pull, event } = await open();
      const api = `http://git.lab.test:${new URL(github.url).port}/api/v3`;
      const inputs = { "json-file": "report.json" };
      const first = await box(repository, event, { api, inputs, flags: ["--dns", "127.0.0.1"] });
      assert.ok(first.code === 0 || first.code === 1, first.text);
      assert.ok(resolver.asked.includes("git.lab.test"), "the name was asked for");
      assert.ok(first.requests.length > 0 && first.requests.every(({ enterprise }) => enterprise));
      assert.deepEqual(first.requests.flatMap(({ invalid }) => invalid ?? []), []);
      assert.equal(first.outputs.passed, String(first.code === 0));
      assert.match(first.summary, /\/ 100/);
      assert.equal((await comments(github, repository, pull.number)).length, 1);
      assert.ok(fs.existsSync(path.join(first.workspace, "report.json")));
      const second = await box(repository, event, { api, inputs, flags: ["--dns", "127.0.0.1"] });
      assert.equal(second.requests.filter(({ method, path }) => method !== "GET" && path !== "/graphql").length, 0);
      for (const [name, run] of [["first", first], ["second", second]]) {
        t.diagnostic(
          `${name} run: container start to end ${run.seconds.toFixed(2)} s, ${run.requests.length} requests in ${rounds(run.requests)} rounds`,
        );
      }
    } finally {
      resolver.close();
    }
  });

  test("takes about a second, from the container's start to its end", async (t) => {
    const plain = await startGitHub({ checked: false });
    plain.graphql = true;
    try {
      const times = [];
      for (let index = 0; index < 5; index += 1) {
        const repository = await makeRepository(plain, `timed-${index}`, project);
        const event = pullRequestEvent(repository, await makePullRequest(plain, repository, change));
        const { code, text, seconds } = await box(repository, event, { api: plain.url, server: plain });
        assert.ok(code < 2, text);
        times.push(seconds);
      }
      const [fastest, , median, , slowest] = times.sort((one, other) => one - other).map((seconds) => seconds.toFixed(2));
      t.diagnostic(`a step, container start to end: median ${median} s of 5 (${fastest} to ${slowest} s)`);
    } finally {
      await plain.close();
    }
  });

  test("trusts the authorities in the image, and those that SSL_CERT_FILE names", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reprogate-tls-"));
    const file = (name) => path.join(folder, name);
    const openssl = (...words) => execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=lab");
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=git.lab.test");
    fs.writeFileSync(file("names"), "subjectAltName=DNS:git.lab.test\n");
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.pem");
    const resolver = await startResolver("git.lab.test", "127.0.0.1");
    const front = new URL(github.url);
    const server = https.createServer({ key: fs.readFileSync(file("server.key")), cert: fs.readFileSync(file("server.pem")) }, (request, response) => {
      const { method, url, headers } = request;
      const onward = http.request({ host: front.hostname, port: front.port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { repository, event } = await open();
      const api = `https://git.lab.test:${server.address().port}/api/v3`;
      const flags = ["--dns", "127.0.0.1"];
      const stranger = await box(repository, event, { api, flags });
      assert.equal(stranger.code, 3, stranger.text);
      assert.match(stranger.text, /certificate|UnknownIssuer/i);
      assert.equal(stranger.requests.length, 0, "nothing is told to a server that nobody vouches for");
      const trusted = await box(repository, event, {
        api,
        flags: [...flags, "-v", `${file("ca.pem")}:/github/workspace/ca.pem`, "-e", "SSL_CERT_FILE=/github/workspace/ca.pem"],
      });
      assert.ok(trusted.code < 2, trusted.text);
    } finally {
      server.close();
      resolver.close();
    }
  });

  test("says so when a name is not known", async () => {
    const resolver = await startResolver("git.lab.test", "127.0.0.1");
    try {
      const { repository, event } = await open();
      const result = await box(repository, event, { api: "http://nowhere.lab.test/api/v3", flags: ["--dns", "127.0.0.1"] });
      assert.equal(result.code, 3, result.text);
      assert.match(result.text, /failed to lookup address/);
    } finally {
      resolver.close();
    }
  });
});
