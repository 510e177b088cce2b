// Prism as a validating proxy, in a process of its own: node prism.js DESCRIPTION UPSTREAM PORT
//
// Requests are what is checked. The command line of Prism would refuse the emulator's answers too, over trifles such as
// the brackets of `github-actions[bot]` in an address.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { createLogger } = require("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
const { createServer } = require("@stoplight/prism-http-server");

const [description, upstream, port] = process.argv.slice(2);
const server = createServer(await getHttpOperationsFromSpec(description), {
  cors: false,
  config: {
    isProxy: true,
    upstream: new URL(upstream),
    errors: true,
    validateRequest: true,
    validateResponse: false,
    checkSecurity: true,
    mock: { dynamic: false },
  },
  components: { logger: createLogger("prism", { level: "error" }) },
});
await server.listen(Number(port), "127.0.0.1");
process.send("ready");
process.once("disconnect", () => process.exit());
