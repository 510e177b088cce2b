// A GitHub on this machine: the emulator, GitHub's own OpenAPI description in front of it, and a front door that keeps a
// record of every request and answers GraphQL over GitHub's own schema.
//
//   program ─> front door ─┬─> Prism (refuses what the description does not allow) ─> emulator
//                          └─> GraphQL (where a test asks for it; 404 otherwise)

import { fork } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createEmulator } from "emulate";
import { filesOfPullRequest } from "./diff.js";
import { answer } from "./graphql.js";

const packages = path.dirname(createRequire(import.meta.url).resolve("@octokit/openapi/package.json"));

/**
 * People and tokens that every test may use. The Action's own token belongs to the Actions bot, as on GitHub; `reader` is
 * what it is for a pull request from a fork.
 */
export const tokens = {
  owner: "token-of-the-owner",
  author: "token-of-an-author",
  stranger: "token-of-a-stranger",
  action: "token-of-the-action",
  reader: "token-that-may-only-read",
};
const bot = "github-actions[bot]";
const logins = { owner: "lab", author: "ada", stranger: "mallory", action: bot, reader: bot };
export { logins };

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts everything; `close` ends it.
 * @param {{description?: string, checked?: boolean, port?: number}} options `description`: a file of @octokit/openapi;
 *   `checked: false` leaves Prism out
 */
export async function startGitHub({ description = "api.github.com.json", checked = true, port } = {}) {
  const frontPort = port ?? (await freePort());
  const url = `http://127.0.0.1:${frontPort}`;
  const emulatorPort = await freePort();
  const emulator = await createEmulator({
    service: "github",
    port: emulatorPort,
    baseUrl: url,
    seed: {
      tokens: Object.fromEntries(
        Object.entries(tokens).map(([who, token]) => [token, { login: logins[who], scopes: ["repo", "user"] }]),
      ),
      github: { users: [...new Set(Object.values(logins))].map((login) => ({ login, name: login })), repos: [] },
    },
  });
  const prism = checked ? await startPrism(description, `http://127.0.0.1:${emulatorPort}`) : null;
  const state = {
    url,
    emulatorUrl: `http://127.0.0.1:${emulatorPort}`,
    /** Every request the front door saw, oldest first. */
    requests: [],
    /** Whether GraphQL is answered; GitHub Enterprise servers may not. */
    graphql: false,
    /** Heads of pull requests by route: the emulator's do not follow their branches. */
    heads: new Map(),
    /** Milliseconds that every answer takes at least: what was asked at the same time is then seen to be. */
    latency: 0,
    /** Answers in place of the emulator: `(request) => undefined | {status, headers, body}`. */
    intercept: null,
  };
  const upstream = prism?.port ?? emulatorPort;
  const front = http.createServer((request, response) => serve(state, upstream, request, response));
  front.listen(frontPort, "127.0.0.1");
  await once(front, "listening");
  state.close = async () => {
    front.closeAllConnections();
    front.close();
    prism?.child.kill();
    await emulator.close();
  };
  return state;
}

async function startPrism(description, upstream) {
  const port = await freePort();
  const file = path.join(packages, "generated", description);
  const child = fork(new URL("./prism.js", import.meta.url), [file, upstream, String(port)], { stdio: "pipe" });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`Prism ended with ${code}:\n${said}`)));
  });
  return { child, port };
}

async function serve(state, upstream, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  // A GitHub Enterprise server has its API under a path.
  const path = request.url.replace(/^\/api\/v3(?=\/)/, "").replace(/^\/api\/graphql/, "/graphql");
  const record = {
    method: request.method,
    path,
    enterprise: request.url.startsWith("/api/"),
    token: (request.headers.authorization ?? "").replace(/^(bearer|token) /i, ""),
    headers: request.headers,
    body: body.toString(),
    started: performance.now(),
  };
  state.requests.push(record);
  const finish = async (status, headers, text) => {
    const left = state.latency - (performance.now() - record.started);
    if (left > 0) await setTimeout(left);
    record.status = status;
    record.ended = performance.now();
    record.answer = text.toString();
    if (!response.destroyed) response.writeHead(status, headers).end(text);
  };
  try {
    const instead = state.intercept?.(record);
    if (instead) {
      const text = typeof instead.body === "string" ? instead.body : JSON.stringify(instead.body ?? {});
      return await finish(instead.status, { "content-type": "application/json", ...instead.headers }, text);
    }
    const writes = path === "/graphql" ? /"query":\s*"\s*mutation/.test(record.body) : !/^(GET|HEAD)$/.test(record.method);
    if (writes && record.token === tokens.reader) {
      const headers = { "content-type": "application/json", "x-accepted-github-permissions": "issues=write; pull_requests=write" };
      return await finish(403, headers, JSON.stringify({ message: "Resource not accessible by integration" }));
    }
    if (path === "/graphql") {
      if (!state.graphql) return await finish(404, { "content-type": "application/json" }, '{"message":"Not Found"}');
      const result = await answer(JSON.parse(record.body), state, record.token);
      record.graphql = result;
      return await finish(200, { "content-type": "application/json" }, JSON.stringify(result));
    }
    let { status, headers, text } = await forward(upstream, request, path, body);
    const [, route, files] = path.match(/^(\/repos\/[^/]+\/[^/]+\/pulls\/\d+)(\/files.*)?$/) ?? [];
    if (status === 200 && request.method === "GET" && route) {
      if (files) text = JSON.stringify(await filesOfPullRequest(state, record.token, route));
      else if (state.heads.has(route)) text = JSON.stringify(moved(JSON.parse(text), state.heads.get(route)));
      delete headers.link;
    }
    // Prism's own words, on requests that the description does not allow.
    if (headers["content-type"]?.includes("problem+json")) record.invalid = text.toString();
    // The emulator's page links name the address that it was asked at; they lead through the front door too.
    if (headers.link) headers.link = headers.link.replaceAll(`http://127.0.0.1:${upstream}`, state.url).replaceAll(state.emulatorUrl, state.url);
    await finish(status, headers, text);
  } catch (error) {
    record.failure = String(error);
    await finish(502, { "content-type": "text/plain" }, `front door: ${error}`);
  }
}

const moved = (pull, sha) => ({ ...pull, head: { ...pull.head, sha } });

function forward(port, request, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, host: `127.0.0.1:${port}` };
    const onward = http.request({ host: "127.0.0.1", port, path, method: request.method, headers }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      const kept = { ...answer.headers };
      delete kept["transfer-encoding"];
      delete kept.connection;
      delete kept["content-length"];
      resolve({ status: answer.statusCode, headers: kept, text: Buffer.concat(chunks) });
    });
    onward.on("error", reject);
    onward.end(body);
  });
}
