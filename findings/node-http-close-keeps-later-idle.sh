#!/bin/sh
# `server.close()` of Node's http ends the connections that are idle at that moment, and no others. A connection whose
# request is answered a moment later becomes idle then, and stays for all of `keepAliveTimeout`: a server that was asked to
# stop while one request was under way stops that much later, although nobody asks anything any more.
# Seen with Node 24.21.0, keepAliveTimeout 3000 ms, an answer that takes 300 ms, close() after 100 ms:
#   callback of close(), after a request that was over before: within 100 ms
#   callback of close(), with a request under way, on a kept connection: after more than 3000 ms
#   the same when the answer says `connection: close`: within 1000 ms
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
cat > package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": { "node": "24.21.0" },
  "allowScripts": { "node": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error >&2
cat > check.mjs <<'SCRIPT'
import { Agent, createServer, get } from "node:http";
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How long `close` takes when it is called so long after a request whose answer takes 300 ms. */
async function closing(after, headers) {
  const server = createServer(async (_, reply) => {
    await pause(300);
    reply.writeHead(200, headers).end("done");
  });
  server.keepAliveTimeout = 3000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const agent = new Agent({ keepAlive: true });
  const { port } = server.address();
  get({ port, host: "127.0.0.1", agent }, (response) => response.resume());
  await pause(after);
  const asked = performance.now();
  await new Promise((resolve) => server.close(resolve));
  agent.destroy();
  return performance.now() - asked;
}

const idle = await closing(700, {});
const underWay = await closing(100, {});
const told = await closing(100, { connection: "close" });
console.log(`idle ${idle.toFixed()} ms, under way ${underWay.toFixed()} ms, told to close ${told.toFixed()} ms`);
process.exit(idle < 1000 && underWay > 3000 && told < 2000 ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
