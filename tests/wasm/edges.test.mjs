// Answers up to the edge of the core's memory, over the real local D1: what fits is whole, what does not is refused by code, and
// a core that has met the edge serves what a fresh one does.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLocalBindings } from "../support/local-bindings.mjs";
import { sampleWorker } from "../support/sample-app.mjs";

const mebibyte = 1024 * 1024;
const refusals = /^CLO(1306|1504): /;
let release, db;

before(async () => {
  const local = await openLocalBindings("edges", {
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
  });
  ({ release } = local);
  ({ db } = local.env);
  await db
    .prepare(`create table "Horse" ("id" integer primary key, "name" text not null, "born" text)`)
    .run();
});
after(() => release());

/** Fills the table with `count` rows of a mebibyte. */
async function fill(count) {
  await db.prepare(`delete from "Horse"`).run();
  const name = "x".repeat(mebibyte);
  for (let id = 1; id <= count; id += 1)
    await db.prepare(`insert into "Horse" values (?1, ?2, null)`).bind(id, name).run();
}

/** A list of the table: its status, and how many rows came whole. */
async function list(worker) {
  const answer = await worker.send("GET", "Horse/list");
  const text = await answer.text();
  if (answer.status !== 200) {
    assert.equal(answer.status, 503, text.slice(0, 200));
    assert.match(text, refusals);
    assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
    return 0;
  }
  const rows = JSON.parse(text);
  assert.ok(rows.every(({ name }) => name.length === mebibyte));
  return rows.length;
}

test("edges: a list is whole or refused, and a used core lists what a fresh one does", async () => {
  const used = sampleWorker({ database: db });
  let most = 0;
  for (const count of [1, 8, 12, 20]) {
    await fill(count);
    const fresh = await list(sampleWorker({ database: db }));
    assert.ok(fresh === 0 || fresh === count, `${fresh} of ${count} rows`);
    assert.equal(await list(used), fresh, `${count} rows of 1 MiB`);
    most = Math.max(most, fresh);
  }
  console.log(`a list of ${most} MiB fits`);
  assert.ok(most >= 8, `${most} MiB`);
  const small = await used.send("GET", "Horse/get?id=1");
  assert.equal(small.status, 200);
});

test("edges: a save is stored and answered as stored, or refused and not stored", async () => {
  const worker = sampleWorker({ database: db });
  await fill(0);
  for (const size of [0.25, 0.5, 0.9, 1, 1.5, 1.9, 2.5]) {
    const name = "y".repeat(Math.floor(size * mebibyte));
    const model = { id: Math.floor(size * 100), name };
    const answer = await worker.send("POST", "Horse/save", JSON.stringify({ model }));
    const stored = await db
      .prepare(`select length("name") as size from "Horse" where "id" = ?1`)
      .bind(model.id)
      .first();
    assert.equal(answer.status < 300, stored !== null, `${size} MiB: ${answer.status}`);
    if (stored !== null) assert.equal(stored.size, name.length);
    else assert.match(await answer.text(), /^CLO\d{4}: /);
  }
});
