#!/bin/sh
# A bulk get of Workers KV leaves out keys that JavaScript takes for positions of an array.
# Seen with miniflare 5.20261117.0-beta, inside a Worker: of "42", "007" and "u:42", all of
# them stored, get([...]) answers a Map without "42"; a single get("42") finds it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
cat > package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": { "miniflare": "5.20261117.0-beta", "node": "24.21.0" },
  "allowScripts": { "node": true, "workerd": true, "esbuild": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error >&2
cat > check.mjs <<'SCRIPT'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
const worker = `export default { async fetch(request, env) {
  const keys = ["42", "007", "u:42"];
  for (const key of keys) await env.KV.put(key, "value of " + key);
  const bulk = await env.KV.get(keys, "text");
  return Response.json({ bulk: [...bulk.keys()], single: await env.KV.get("42") });
} }`;
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: worker }],
    compatibilityDate: "2026-11-01",
    kvNamespaces: ["KV"],
  }),
);
const seen = await (await flare.dispatchFetch("http://localhost/")).json();
console.log(JSON.stringify(seen));
await flare.dispose();
const bulk = [...seen.bulk].sort().join();
process.exit(bulk === "007,u:42" && seen.single === "value of 42" ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
