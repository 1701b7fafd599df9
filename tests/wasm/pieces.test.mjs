// Long answers leave the core in pieces: what arrives is whole, one that fails in its middle leaves nothing behind, and
// linear memory need not hold it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { CloesceApp, createWorker, Orm } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { flagInPieces, outcomeDone, stepRespond } from "../../dist/abi/step.js";
import { AppCore } from "../../dist/worker/app-core.js";
import { imageOf } from "../support/image.mjs";
import { openLocalBindings } from "../support/local-bindings.mjs";
import { sampleCidl, sampleWorker } from "../support/sample-app.mjs";
import { withSteps } from "../support/steps.mjs";

const mebibyte = 1024 * 1024;
/** One less than a page of the largest size. */
const rows = 999;
let local, db, expected;

before(async () => {
  local = await openLocalBindings("pieces", {
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
  });
  ({ db } = local.env);
  await db
    .prepare(`create table "Horse" ("id" integer primary key, "name" text not null, "born" text)`)
    .run();
  // Characters of two, three and four bytes, so that pieces end within and beside them.
  await db
    .prepare(
      `with recursive n(v) as (select 1 union all select v + 1 from n where v < ${rows})
       insert into "Horse" select v, 'Пони 馬 🐎 ' || v || hex(zeroblob(800 + v % 7)), null from n`,
    )
    .run();
  const { results } = await db.prepare(`select * from "Horse" order by "id"`).all();
  expected = results;
});
after(() => local?.release());

test("pieces: a long list arrives whole", async () => {
  const answer = await sampleWorker({ database: db }).send("GET", "Horse/list");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/json");
  const text = await answer.text();
  assert.ok(text.length > mebibyte);
  assert.deepEqual(JSON.parse(text), expected);
});

test("pieces: result hooks see all of it", async () => {
  const { app, send } = sampleWorker({ database: db });
  let seen = 0;
  app.onResult((_, { data }) => void (seen = data.length));
  const answer = await send("GET", "Horse/list");
  assert.deepEqual([seen, (await answer.json()).length], [rows, rows]);
});

test("pieces: so do lists and pages of the ORM", async () => {
  class Horse {}
  const image = imageOf(sampleCidl());
  createWorker({ engine, image, classes: { Horse, Echo: class {} }, app: new CloesceApp() });
  const orm = Orm.fromD1(db);
  const plain = (items) => items.map((item) => ({ ...item }));
  assert.deepEqual(plain((await orm.list(Horse)).unwrap()), expected);
  const page = (await orm.list(Horse, { limit: 900, orderBy: { id: "asc" } })).unwrap();
  assert.deepEqual(plain(page), expected.slice(0, 900));
  const rest = (
    await orm.list(Horse, { limit: 900, orderBy: { id: "asc" }, after: page.cursor })
  ).unwrap();
  assert.deepEqual([rest.length, rest.cursor], [rows - 900, null]);
});

test("pieces: an answer that fails at its end is a failure, and the next one is whole", async () => {
  const worker = sampleWorker({ database: db });
  // The core meets it last: an integer that JavaScript does not have.
  await db.prepare(`insert into "Horse" values (9007199254740993, '', null)`).run();
  const failed = await worker.send("GET", "Horse/list");
  assert.equal(failed.status, 500);
  assert.match(await failed.text(), /9007199254740993/);
  await db.prepare(`delete from "Horse" where "name" = ''`).run();
  assert.deepEqual(await (await worker.send("GET", "Horse/list")).json(), expected);
});

test("pieces: linear memory grows by the rows and their index, not by the answer", () => {
  const module = new WebAssembly.Module(
    readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url)),
  );
  const core = withSteps(new AppCore(module, `${imageOf(sampleCidl())}\n\n`));
  const before = core.app.bytes.length;
  const text = `[[${Array.from({ length: rows }, (_, id) => `[${id},"${"x".repeat(4096)}",null]`)}]]`;
  const asked = core.begin("GET\n/api/Horse/list\n\n\n\n");
  const step = core.resume(asked.exchange, outcomeDone, text);
  assert.deepEqual(
    [step.kind, step.status, step.flags & flagInPieces],
    [stepRespond, 200, flagInPieces],
  );
  const size = core.app.piecesOf(step.at).reduce((sum, piece) => sum + piece.length, 0);
  assert.ok(size > text.length);
  // The text, four bytes of index for each of its bytes, and a piece.
  const grown = core.app.bytes.length - before;
  assert.ok(grown < text.length * 5 + 2 * mebibyte, `${grown} bytes for ${text.length}`);
});
