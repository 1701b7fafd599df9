// `cloesce explain` on compiled projects.
import assert from "node:assert/strict";
import path from "node:path";
import { before, test } from "node:test";
import { prepareProject, runCloesce } from "../../support/project.mjs";

const projects = path.join(import.meta.dirname, "../../e2e/projects");
let stable, guarded;

before(async () => {
  // Neither is served, so that nothing has to be migrated.
  stable = await prepareProject(path.join(projects, "stable"), "explain-stable", {
    database: null,
  });
  guarded = await prepareProject(path.join(projects, "guarded"), "explain-guarded", {
    database: null,
  });
  for (const cwd of [stable, guarded])
    assert.equal((await runCloesce(["migrate", "Initial"], { cwd })).code, 0);
});

test("explain: a model is read by its LIST, over empty tables with all migrations", async () => {
  const { code, stdout, stderr } = await runCloesce(["explain", "Horse"], { cwd: stable });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^GET \S*\/Horse\/list: 200$/m);
  assert.match(stdout, /SCAN Horse t0$/m);
  assert.match(stdout, /^1 statement in 1 round trip: /m);
  assert.equal(stderr, "");
});

test("explain: a path says more, and a row that is not there how it was looked for", async () => {
  const { code, stdout } = await runCloesce(["explain", "/Horse/get?id=1"], { cwd: stable });
  assert.equal(code, 0);
  assert.match(stdout, /: 404$/m);
  assert.match(stdout, /SEARCH Horse t0 USING INTEGER PRIMARY KEY/);
});

test("explain: what the app refuses is told, with what to do", async () => {
  const refused = await runCloesce(["explain", "/Door/admin"], { cwd: guarded });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: the app answered 401: /m);
  assert.match(refused.stderr, /^hint: a hook refused: .*--header/m);
  const asked = ["explain", "/Door/admin", "-H", "x-user: ada"];
  assert.equal((await runCloesce(asked, { cwd: guarded })).code, 0);
  const unknown = await runCloesce(["explain", "Nothing.recent"], { cwd: stable });
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /answered 404: CLO1001/);
  const nonsense = await runCloesce(["explain", "Horse list"], { cwd: stable });
  assert.equal(nonsense.code, 2);
  assert.match(nonsense.stderr, /"Horse list" is neither a model nor a path/);
  const header = await runCloesce(["explain", "Horse", "--header", "x"], { cwd: stable });
  assert.equal(header.code, 2);
  assert.match(header.stderr, /name:value/);
});
