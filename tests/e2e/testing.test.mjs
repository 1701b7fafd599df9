// `cloesce/testing`: the demo in memory, with its generated client, as its own tests would use it.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createTestApp } from "../../dist/testing/index.js";
import { compileDemo } from "../../scripts/support/demo.mjs";
import { demo } from "../../scripts/support/paths.mjs";

before(compileDemo);

const options = { project: demo.folder, seed: { db: demo.rows } };

function value(result) {
  assert.equal(result.ok, true, `${result.status} ${result.message}`);
  return result.data;
}

test("the client reaches an app that has its first rows", async (t) => {
  const app = await createTestApp(options);
  t.after(() => app.close());
  const { Genre } = app.client;
  const genres = value(await Genre.list());
  assert.ok(genres.length > 5);
  const count = await app.env.db.prepare("select count(*) n from Genre").first("n");
  assert.equal(count, genres.length);
  const response = await app.fetch("/api/Nothing/here");
  assert.equal(response.status, 404);
});

test("apps have nothing in common", async (t) => {
  const [one, other] = [
    await createTestApp(options),
    await createTestApp({ project: demo.folder }),
  ];
  t.after(() => Promise.all([one.close(), other.close()]));
  assert.deepEqual(value(await other.client.Genre.list()), []);
  assert.ok(value(await one.client.Genre.list()).length > 0);
});

test("a function may seed, variables may be set", async (t) => {
  const app = await createTestApp({
    project: demo.folder,
    vars: { readOnly: "yes" },
    seed: (env) => env.memory.put("a", "b"),
  });
  t.after(() => app.close());
  assert.equal(await app.env.memory.get("a"), "b");
  assert.equal(app.env.readOnly, "yes");
});

test("the second app is ready at once", async (t) => {
  await (await createTestApp({ project: demo.folder })).close();
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    const started = performance.now();
    const app = await createTestApp({ project: demo.folder });
    times.push(performance.now() - started);
    await app.close();
  }
  t.diagnostic(`ready after ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
  // Ten times what it should take: the machine may be busy.
  assert.ok(Math.min(...times) < 1000);
});

test("what cannot be seeded is told", async () => {
  await assert.rejects(
    () => createTestApp({ project: demo.folder, seed: { nothing: "rows.sql" } }),
    /seed: there is no database called nothing/,
  );
});
