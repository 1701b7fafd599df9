#!/bin/sh
# A consumer of nats-server 2.9 is not sent most rollups that are published close together, and nothing says so.
# Seen with nats-server 2.9.10 (Debian 12) and @nats-io/transport-node 3.4.0: of 100 messages that overwrite a subject
# each, all come; of 100 with "Nats-Rollup: sub", which is what a purge of NATS KV is, a few do, though the server has
# acknowledged and stored all. 2.10.27 and 2.15.1 send all of them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
# Debian 12's package; elsewhere than there put a nats-server 2.9.10 on the PATH.
if apt-get download nats-server=2.9.10-1+b3 >&2; then
  dpkg-deb -x nats-server_*.deb . && PATH="$folder/usr/sbin:$PATH"
fi
cat > package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": { "@nats-io/transport-node": "3.4.0", "node": "24.21.0" },
  "allowScripts": { "node": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error >&2
cat > check.mjs <<'SCRIPT'
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { connect, headers } from "@nats-io/transport-node";
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const probe = createServer().listen(0, "127.0.0.1");
await new Promise((resolve) => probe.once("listening", resolve));
const { port } = probe.address();
await new Promise((resolve) => probe.close(resolve));
const version = execFileSync("nats-server", ["--version"]).toString().trim();
const server = spawn("nats-server", ["-js", "-sd", "store", "-a", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
const client = await connect({ servers: `127.0.0.1:${port}`, waitOnFirstConnect: true, reconnectTimeWait: 100 });
const ask = async (subject, body) =>
  JSON.parse((await client.request(`$JS.API.${subject}`, JSON.stringify(body))).string());
const stream = { max_msgs_per_subject: 1, storage: "file", retention: "limits", discard: "new" };
const rollup = headers();
rollup.set("Nats-Rollup", "sub");
const received = {};
for (const kind of ["plain", "rollup"]) {
  const name = `OF_${kind}`;
  await ask(`STREAM.CREATE.${name}`, { name, subjects: [`${kind}.>`], allow_rollup_hdrs: true, ...stream });
  let count = 0;
  client.subscribe(`deliver.${kind}`, { callback: (_, message) => (count += message.string() === "second" ? 1 : 0) });
  const config = { deliver_subject: `deliver.${kind}`, deliver_policy: "all", ack_policy: "none" };
  await ask(`CONSUMER.CREATE.${name}`, { stream_name: name, config });
  for (let index = 0; index < 100; index += 1) await client.request(`${kind}.${index}`, "first");
  const options = kind === "rollup" ? { headers: rollup, timeout: 5000 } : { timeout: 5000 };
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => client.request(`${kind}.${index}`, "second", options)),
  );
  await wait(2000);
  const { state } = await ask(`STREAM.INFO.${name}`, {});
  const stored = answers.every((answer) => answer.json().seq > 0) && state.last_seq === 200;
  received[kind] = { stored, all: count === 100 };
}
const seen = JSON.stringify({ version, ...received });
console.log(seen);
await client.close();
server.kill();
process.exit(seen === '{"version":"nats-server: v2.9.10","plain":{"stored":true,"all":true},"rollup":{"stored":true,"all":false}}' ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
