#!/bin/sh
# R2's onlyIf compares dates strictly, so a conditional header that names an object's own Last-Modified fails both ways.
# Seen with miniflare 5.20261117.0-beta: with If-Unmodified-Since set to the Last-Modified that the object itself
# has, which RFC 9110 lets through, the answer has no body; one second later it has. A weak tag in If-Match never
# matches, as the RFC says.
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
  const { uploaded, httpEtag } = await env.R2.put("a", "text");
  const at = (seconds) => new Date(Math.floor(uploaded.getTime() / 1000) * 1000 + seconds * 1000).toUTCString();
  const body = async (headers) => "body" in (await env.R2.get("a", { onlyIf: new Headers(headers) }));
  return Response.json({
    unmodifiedSinceItself: await body({ "if-unmodified-since": at(0) }),
    oneSecondLater: await body({ "if-unmodified-since": at(1) }),
    ownTag: await body({ "if-match": httpEtag }),
    weakTag: await body({ "if-match": "W/" + httpEtag }),
  });
} }`;
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: worker }],
    compatibilityDate: "2026-11-01",
    r2Buckets: ["R2"],
  }),
);
const seen = JSON.stringify(await (await flare.dispatchFetch("http://localhost/")).json());
console.log(seen);
await flare.dispose();
process.exit(seen === '{"unmodifiedSinceItself":false,"oneSecondLater":true,"ownTag":true,"weakTag":false}' ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
