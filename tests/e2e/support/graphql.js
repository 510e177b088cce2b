// GraphQL as GitHub describes it, over what the emulator holds: a query is validated against GitHub's own schema, then
// carried out. Only what a reader of trees, texts and comments may ask for has values here.

import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, execute, parse, validate } from "graphql";

let built;
export function schema() {
  built ??= buildSchema(published.idl, { assumeValid: true });
  return built;
}

/** Threads that were resolved: the emulator has no notion of them. */
const resolved = new Set();

/** Carries out one request's body. */
export async function answer({ query, variables }, github, token) {
  const document = parse(query);
  const errors = validate(schema(), document);
  if (errors.length) return { errors: errors.map(({ message }) => ({ message })) };
  const rest = async (route) => {
    const response = await fetch(github.emulatorUrl + route, { headers: { authorization: `Bearer ${token}` } });
    return response.ok ? response.json() : null;
  };
  const rootValue = {
    viewer: async () => {
      const user = await rest("/user");
      return { __typename: "User", login: user?.login };
    },
    rateLimit: () => ({ cost: 1, limit: 5000, remaining: 4999, resetAt: new Date(0).toISOString(), used: 1 }),
    resolveReviewThread: ({ input }) => {
      resolved.add(input.threadId);
      return { thread: { __typename: "PullRequestReviewThread", id: input.threadId, isResolved: true } };
    },
    repository: async ({ owner, name }) => {
      const found = await rest(`/repos/${owner}/${name}`);
      return found && repository(rest, `/repos/${owner}/${name}`, found, github.heads);
    },
  };
  return JSON.parse(JSON.stringify(await execute({ schema: schema(), document, rootValue, variableValues: variables })));
}

const described = (comment, user, type) => ({
  __typename: type,
  id: comment.node_id,
  databaseId: comment.id,
  fullDatabaseId: String(comment.id),
  viewerDidAuthor: comment.user.login === user?.login,
  author: { __typename: "Bot", login: comment.user.login.replace(/\[bot\]$/, "") },
  isMinimized: false,
  url: comment.html_url,
  body: comment.body,
  createdAt: comment.created_at,
  updatedAt: comment.updated_at,
});

function repository(rest, route, found, heads) {
  const blob = async (oid) => {
    const data = await rest(`${route}/git/blobs/${oid}`);
    if (!data) return null;
    const bytes = Buffer.from(data.content, "base64");
    const binary = bytes.includes(0);
    return {
      __typename: "Blob",
      oid,
      id: oid,
      byteSize: bytes.length,
      isBinary: binary,
      isTruncated: false,
      text: binary ? null : bytes.toString("utf8"),
    };
  };
  const pullRequest = async ({ number }) => {
    const [pull, user] = await Promise.all([rest(`${route}/pulls/${number}`), rest("/user")]);
    return (
      pull && {
        __typename: "PullRequest",
        number,
        headRefOid: heads.get(`${route}/pulls/${number}`) ?? pull.head.sha,
        headRefName: pull.head.ref,
        baseRefOid: pull.base.sha,
        baseRefName: pull.base.ref,
        // Pages are counted by cursors that are numbers, as many a page as are asked for.
        comments: async ({ first, after }) => {
          const page = Number(after ?? 0) + 1;
          const listed = await rest(`${route}/issues/${number}/comments?per_page=${first}&page=${page}`);
          return {
            pageInfo: { hasNextPage: listed.length === first, endCursor: String(page) },
            nodes: listed.map((comment) => described(comment, user, "IssueComment")),
          };
        },
        reviewThreads: async () => {
          const listed = await rest(`${route}/pulls/${number}/comments?per_page=100`);
          const threads = listed.filter((comment) => !comment.in_reply_to_id);
          return {
            pageInfo: { hasNextPage: false, endCursor: null },
            nodes: threads.map((root) => {
              const id = `${route}/threads/${root.id}`;
              const all = [root, ...listed.filter((comment) => comment.in_reply_to_id === root.id)];
              const nodes = all.map((comment) => described(comment, user, "PullRequestReviewComment"));
              return {
                __typename: "PullRequestReviewThread",
                id,
                isResolved: resolved.has(id),
                comments: ({ first }) => ({ totalCount: all.length, nodes: nodes.slice(0, first) }),
              };
            }),
          };
        },
      }
    );
  };
  return {
    __typename: "Repository",
    nameWithOwner: found.full_name,
    isFork: found.fork,
    defaultBranchRef: { name: found.default_branch },
    pullRequest,
    object: async ({ oid, expression }) => {
      if (oid) return blob(oid);
      const [commit, path] = expression.split(":");
      const tree = await rest(`${route}/git/trees/${commit}?recursive=1`);
      const entry = tree?.tree.find((entry) => entry.path === path);
      return entry ? blob(entry.sha) : null;
    },
  };
}
