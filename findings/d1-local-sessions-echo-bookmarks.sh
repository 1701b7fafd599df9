#!/bin/sh
# Local D1 takes any text for the bookmark of a session. It runs the session's queries all the same, and where nothing
# raises it, getBookmark() answers the text that was given: neither a bookmark of the future nor one of no database at all
# is told. Code that hands bookmarks to callers and takes them back cannot rely on D1 to say which are wrong, and what it
# answers may be what a caller made up.
# Seen with miniflare 5.20261117.0-beta, inside a Worker:
#   no bookmark given      a bookmark of four numbers after the first query, null before it
#   "made-up"              the query answers; the bookmark is made-up
#   ffffffff-…             the query answers; the bookmark is ffffffff-…
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
  for (const start of [undefined, "made-up", "f".repeat(8)]) {
    const session = env.DB.withSession(start);
    const before = session.getBookmark();
    const { results } = await session.prepare("select 1 as one").all();
    said.push([start ?? null, before, results[0].one, session.getBookmark()]);
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
const [[, none, , own], [, , answered, madeUp], [, , , future]] = said;
const four = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;
const same = none === null && four.test(own) && answered === 1;
process.exit(same && madeUp === "made-up" && future === "f".repeat(8) ? 0 : 1);
SCRIPT
node_modules/node/bin/node check.mjs
