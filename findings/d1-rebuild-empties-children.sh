#!/bin/sh
# Rebuilding a parent table on D1 (create anew, copy, drop, rename) empties its children when they refer to it
# with ON DELETE CASCADE, whatever pragma stands before; no statement fails.
# Seen with miniflare 5.20261117.0-beta: two children before, none after, with no pragma, with
# foreign_keys = OFF (accepted, without effect) and with defer_foreign_keys = ON.
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
const databases = ["PLAIN", "OFF", "DEFERRED"];
const pragmas = { PLAIN: [], OFF: ["PRAGMA foreign_keys = OFF"], DEFERRED: ["PRAGMA defer_foreign_keys = ON"] };
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: "export default {}" }],
    compatibilityDate: "2026-11-01",
    d1Databases: databases,
  }),
);
const left = {};
for (const name of databases) {
  const db = await flare.getD1Database(name);
  const run = (texts) => db.batch(texts.map((text) => db.prepare(text)));
  await run([
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parentId INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
    "INSERT INTO parent VALUES (1, 'a')",
    "INSERT INTO child VALUES (1, 1), (2, 1)",
  ]);
  await run([
    ...pragmas[name],
    "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "INSERT INTO parent_new SELECT id, name FROM parent",
    "DROP TABLE parent",
    "ALTER TABLE parent_new RENAME TO parent",
  ]);
  left[name] = await db.prepare("SELECT count(*) AS n FROM child").first("n");
}
console.log(JSON.stringify(left));
await flare.dispose();
process.exit(Object.values(left).every((count) => count === 0) ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
