#!/bin/sh
# D1 binds every JavaScript number as REAL, also a whole one: arithmetic, text and JSON made from a parameter show it.
# Seen with miniflare 5.20261117.0-beta: typeof(?) of 5 is "real", ? / 2 is 2.5, and
# json_object of it is {"a":5.0}. An INTEGER column takes it back to 5, a TEXT column keeps "5.0". A number read
# out of json_each(?) keeps its own type.
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
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: "export default {}" }],
    compatibilityDate: "2026-11-01",
    d1Databases: ["DB"],
  }),
);
const db = await flare.getD1Database("DB");
await db.prepare("CREATE TABLE t (i INTEGER, s TEXT)").run();
await db.prepare("INSERT INTO t VALUES (?1, ?1)").bind(5).run();
const [kinds] = (
  await db
    .prepare("SELECT typeof(?1) AS kind, ?1 / 2 AS half, json_object('a', ?1) AS json, typeof(value) AS each FROM json_each('[5]')")
    .bind(5)
    .all()
).results;
const [stored] = (await db.prepare("SELECT typeof(i) AS i, s FROM t").all()).results;
const seen = JSON.stringify({ ...kinds, integerColumn: stored.i, textColumn: stored.s });
console.log(seen);
await flare.dispose();
const expected = '{"kind":"real","half":2.5,"json":"{\\"a\\":5.0}","each":"integer","integerColumn":"integer","textColumn":"5.0"}';
process.exit(seen === expected ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
