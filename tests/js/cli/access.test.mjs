// `cloesce compile --access` on the demo: every route is there, with its hooks and what it does.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { cloesce, makeProject, packageRoot, read } from "./support.mjs";

/** The routes of the table as `POST /api/Album/save`, each with the rest of its line. */
function routesOf(table) {
  const routes = new Map();
  for (const line of table.split("\n")) {
    const match = /^ {2}([A-Z]+) +(\/\S+) +(.*)$/.exec(line);
    if (match !== null) routes.set(`${match[1]} ${match[2]}`, match[3]);
  }
  return routes;
}

test("compile --access: the demo's whole surface, and nothing that is not there", async (t) => {
  const root = await makeProject(t, { "package.json": '{ "name": "music-store" }' });
  const demo = join(packageRoot, "examples/music-store");
  for (const part of ["src", "cloesce.config.json"])
    await cp(join(demo, part), join(root, part), { recursive: true });
  const { code, stdout, stderr } = await cloesce(root, ["compile", "--access", "--quiet"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^every request meets 1 onRequest hook\n/);

  const generated = JSON.parse(await read(root, ".generated/openapi.json"));
  const described = Object.entries(generated.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((verb) => /^(get|head|post|put|patch|delete)$/.test(verb))
      .map((verb) => `${verb.toUpperCase()} ${path}`),
  );
  const { pathname } = new URL(generated.servers[0].url, "http://localhost");
  const routes = routesOf(stdout);
  assert.deepEqual(
    [...routes.keys()].map((route) => route.replace(` ${pathname}`, " ")).sort(),
    described.sort(),
  );

  assert.match(routes.get("POST /api/Album/{id}/review"), /^onMethod +own code, on the row$/);
  assert.match(routes.get("GET /api/Album/get"), /^- +reads one row$/);
  assert.match(routes.get("GET /api/Album/list"), /^- +reads up to 1000 rows a page$/);
  assert.match(routes.get("POST /api/Album/save"), /^- +writes .*\btitle\b/);
  assert.match(
    stdout,
    /\nAlbum, rows of \w+\n {2}columns: id, .*\n {2}data sources: default \{artist/,
  );
});
