#!/bin/sh
# node:sqlite prepares the first statement of a text and passes over the rest without a word, and binds NULL for each
# value that is not given.
# Seen with node 24.21.0 (SQLite 3.53.4): of two INSERTs in one prepare only the first runs; run("a") for two
# parameters stores NULL in the second; one value too many is an error. D1 refuses a wrong number of values.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
cat > package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": { "node": "24.21.0" },
  "allowScripts": { "node": true, "workerd": true, "esbuild": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error >&2
cat > check.mjs <<'SCRIPT'
import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync(":memory:");
db.exec("CREATE TABLE t (a TEXT, b TEXT)");
db.prepare("INSERT INTO t VALUES ('first', 'x'); INSERT INTO t VALUES ('second', 'x')").run();
const rows = db.prepare("SELECT a FROM t").all().map((row) => row.a);
db.prepare("INSERT INTO t VALUES (?, ?)").run("one value");
const { b } = db.prepare("SELECT b FROM t WHERE a = 'one value'").get();
let tooMany = "accepted";
try {
  db.prepare("INSERT INTO t VALUES (?, ?)").run("1", "2", "3");
} catch (error) {
  tooMany = error.code;
}
const seen = JSON.stringify({ rows, missing: b, tooMany });
console.log(seen);
process.exit(seen === '{"rows":["first"],"missing":null,"tooMany":"ERR_SQLITE_ERROR"}' ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
