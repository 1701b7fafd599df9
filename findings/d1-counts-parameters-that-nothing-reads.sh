#!/bin/sh
# D1 counts the parameters of a statement by their largest number, not by those that are used: one that stands only in a
# common table expression that nobody reads has to be bound, and so has every number that is left out below it. A planner
# that hands several statements of a batch the same parameters can rely on it to make them all take as many; one that drops
# what is not needed from a statement must drop it from the binding too.
# Seen with miniflare 5.20261117.0-beta, inside a Worker:
#   with unread as (select ?2) select ?1      one value: refused, wrong number of parameter bindings; two: answers
#   select ?3                                 one value: refused; three: answers the third
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
  const said = [];
  for (const [sql, values] of [
    ["with unread as (select ?2) select ?1 as one", ["a"]],
    ["with unread as (select ?2) select ?1 as one", ["a", "b"]],
    ["select ?3 as one", ["a"]],
    ["select ?3 as one", ["a", "b", "c"]],
  ]) {
    try {
      const { results } = await env.DB.prepare(sql).bind(...values).all();
      said.push([sql, values.length, results[0].one]);
    } catch (error) {
      said.push([sql, values.length, error.message]);
    }
  }
  return Response.json(said);
} }`;
const flare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: "index.mjs", contents: worker }],
    compatibilityDate: "2026-11-01",
    d1Databases: ["DB"],
  }),
);
const said = await (await flare.dispatchFetch("http://localhost/")).json();
for (const row of said) console.log(JSON.stringify(row));
await flare.dispose();
const [lacking, whole, sparse, filled] = said.map((row) => row[2]);
const refused = (text) => /wrong number of parameter bindings/i.test(text);
process.exit(refused(lacking) && whole === "a" && refused(sparse) && filled === "c" ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
