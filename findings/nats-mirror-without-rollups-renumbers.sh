#!/bin/sh
# A mirror without allow_rollup_hdrs leaves rollups of its origin out, and numbers what follows as if they had not been.
# Seen with nats-server 2.9.10 (Debian 12) and @nats-io/transport-node 3.4.0: behind one "Nats-Rollup: sub", which is
# what a purge of NATS KV is, the mirror keeps the old message and has other sequences than its origin, with a lag of 0.
# 2.10.27 does the same, 2.15.1 does not; with allow_rollup_hdrs all are right.
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
await ask("STREAM.CREATE.ORIGIN", { name: "ORIGIN", subjects: ["k.>"], allow_rollup_hdrs: true, ...stream });
const mirrors = { with: true, without: false };
for (const [name, allow] of Object.entries(mirrors))
  await ask(`STREAM.CREATE.${name}`, { name, mirror: { name: "ORIGIN" }, allow_rollup_hdrs: allow, ...stream });
await wait(500);
await client.request("k.a", "first");
await client.request("k.a", "rolled up", { headers: rollup });
await client.request("k.b", "first");
await wait(6000);
const last = async (name, subject) => {
  const { message } = await ask(`STREAM.MSG.GET.${name}`, { last_by_subj: subject });
  return [message.seq, Buffer.from(message.data, "base64").toString()];
};
const found = { version };
for (const name of ["ORIGIN", "with", "without"]) found[name] = [await last(name, "k.a"), await last(name, "k.b")];
found.lag = (await ask("STREAM.INFO.without", {})).mirror.lag;
const seen = JSON.stringify(found);
console.log(seen);
await client.close();
server.kill();
process.exit(seen === '{"version":"nats-server: v2.9.10","ORIGIN":[[2,"rolled up"],[3,"first"]],"with":[[2,"rolled up"],[3,"first"]],"without":[[1,"first"],[2,"first"]],"lag":0}' ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
