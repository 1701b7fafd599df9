#!/bin/sh
# Local R2 tells a range that lies behind the end of an object in two ways. One that begins at the end and says no length is
# refused with code 10039, which code looks for; with a length it fails inside, as "Unspecified error (0)", like a store
# that is out of order. One step further on, both are 10039 again.
# Seen with miniflare 5.20261117.0-beta, inside a Worker, for an object of 10 bytes:
#   offset 10             get: The requested range is not satisfiable (10039)
#   offset 10, length 1   get: Unspecified error (0)
#   offset 11, length 1   get: The requested range is not satisfiable (10039)
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
  await env.FILES.put("ten", "0123456789");
  const said = [];
  for (const range of [{ offset: 10 }, { offset: 10, length: 1 }, { offset: 11, length: 1 }])
    said.push(await env.FILES.get("ten", { range }).then(() => "found", (error) => error.message));
  return Response.json(said);
} }`;
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: worker }],
    compatibilityDate: "2026-11-01",
    r2Buckets: ["FILES"],
  }),
);
const said = await (await flare.dispatchFetch("http://localhost/")).json();
console.log(said.join("\n"));
await flare.dispose();
const refused = "get: The requested range is not satisfiable (10039)";
const expected = [refused, "get: Unspecified error (0)", refused];
process.exit(JSON.stringify(said) === JSON.stringify(expected) ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
