#!/bin/sh
# What makes a part of a form a file in workerd, and what becomes of its name.
# Seen with miniflare 5.20261117.0-beta: a part is a File when its header has filename="...", whatever else
# it has; filename*= alone, which RFC 6266 prefers for downloads, makes it a string decoded as UTF-8 (bytes that are
# no UTF-8 are lost), and so does a Content-Type without a file name; %22 in a name, as the form algorithm of browsers
# writes a quote, is not undone.
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
const worker = `export default { async fetch(request) {
  const seen = [];
  for (const [name, value] of await request.formData()) {
    seen.push(typeof value === "string" ? [name, "string", new TextEncoder().encode(value).length] : [name, value.name, value.size]);
  }
  return Response.json(seen);
} }`;
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: worker }],
    compatibilityDate: "2026-11-01",
  }),
);
const part = (header) =>
  Buffer.concat([Buffer.from(`--b\r\nContent-Disposition: form-data; ${header}\r\n\r\n`), Buffer.from([0xff, 0xfe]), Buffer.from("\r\n")]);
const body = Buffer.concat([
  part('name="plain"; filename="q%22r.txt"'),
  part("name=\"extended\"; filename*=UTF-8''a.txt"),
  part('name="typed"\r\nContent-Type: application/octet-stream'),
  Buffer.from("--b--\r\n"),
]);
const answer = await flare.dispatchFetch("http://localhost/", {
  method: "POST",
  headers: { "content-type": "multipart/form-data; boundary=b" },
  body,
});
const seen = JSON.stringify(await answer.json());
console.log(seen);
await flare.dispose();
// Two bytes were sent in each part; a string of two replacement characters has six.
process.exit(seen === '[["plain","q%22r.txt",2],["extended","string",6],["typed","string",6]]' ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
