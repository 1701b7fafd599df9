#!/bin/sh
# aws4fetch signs ! ( ) * and the apostrophe in a path as if escaped and leaves them bare in the URL that it answers, so an
# S3 service that verifies the signature of the path as it was sent refuses the URL.
# Seen with aws4fetch 1.0.20: the URLs of "a(1).txt" and of "a%281%29.txt" have one and the same signature, but
# different paths. Escaping these five in the path beforehand gives a URL whose path is the one that was signed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
cat > package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": { "aws4fetch": "1.0.20", "node": "24.21.0" },
  "allowScripts": { "node": true, "workerd": true, "esbuild": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error >&2
cat > check.mjs <<'SCRIPT'
import { AwsClient } from "aws4fetch";
const client = new AwsClient({ accessKeyId: "example", secretAccessKey: "example", service: "s3", region: "auto" });
async function sign(path) {
  const url = new URL(`https://bucket.example.com/${path}`);
  url.searchParams.set("X-Amz-Expires", "60");
  const { url: signed } = await client.sign(url, { aws: { signQuery: true, datetime: "20260101T000000Z" } });
  const { pathname, searchParams } = new URL(signed);
  return { pathname, signature: searchParams.get("X-Amz-Signature") };
}
let same = true;
for (const character of "!'()*") {
  const bare = await sign(`a${character}b.txt`);
  const code = character.charCodeAt(0).toString(16).toUpperCase();
  const escaped = await sign(`a%${code}b.txt`);
  console.log(JSON.stringify(character), bare.pathname, escaped.pathname, bare.signature === escaped.signature ? "one signature" : "two signatures");
  same &&= bare.signature === escaped.signature && bare.pathname !== escaped.pathname;
}
process.exit(same ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
