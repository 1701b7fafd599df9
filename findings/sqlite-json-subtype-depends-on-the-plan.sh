#!/bin/sh
# Whether the json_object() of a subquery is nested as JSON or as a string depends on the plan that SQLite chooses: an
# index that the text of the query does not name changes the answer.
# Seen with node 24.21.0 (node:sqlite, SQLite 3.53.4): without an index the ordered subquery goes through a sorter, which
# keeps the text and forgets that it is JSON: {"o":"{\"id\":2}"}. With an index on the column of the order it is {"o":{"id":2}}.
# With json(...) around the subquery the answer is the same both times.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
cat > package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": { "node": "24.21.0" },
  "allowScripts": { "node": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error >&2
cat > check.mjs <<'SCRIPT'
import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync(":memory:");
db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 2), (2, 1)");
const first = "(SELECT json_object('id', id) FROM t ORDER BY n LIMIT 1)";
const ask = () =>
  [first, `json(${first})`].map((value) => db.prepare(`SELECT json_object('o', ${value}) AS a`).get().a);
const before = ask();
db.exec("CREATE INDEX t_n ON t (n)");
const after = ask();
console.log(process.versions.sqlite, "without index:", ...before, "with index:", ...after);
const nested = '{"o":{"id":2}}';
const expected = ['{"o":"{\\"id\\":2}"}', nested, nested, nested];
process.exit([...before, ...after].join("\n") === expected.join("\n") ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
