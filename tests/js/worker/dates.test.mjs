// Dates on the real local D1: one form in the table and on the wire, whatever came in, and what SQL wrote by itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CloesceApp, createWorker, Orm } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../../support/image.mjs";
import { openLocalBindings } from "../../support/local-bindings.mjs";
import { sampleCidl, sampleWorker } from "../../support/sample-app.mjs";

class Day {}
class Note {}
let release, db, worker, days, orm;

/** A model with a date as its key, and one that refers to it. */
function dayInterface() {
  const cidl = sampleCidl();
  const [horse] = cidl.models;
  const [save, get, list] = JSON.parse(JSON.stringify(horse.methods).replaceAll("Horse", "Day"));
  get.parameters = [{ name: "at", type: "DateIso" }];
  const model = (name, columns, navigations, methods) => ({
    ...horse,
    name,
    table: name,
    columns,
    navigations,
    methods,
  });
  const at = { name: "at", type: "DateIso", primaryKey: true };
  const id = { name: "id", type: "Integer", primaryKey: true };
  const dayAt = { name: "dayAt", type: "DateIso", references: { model: "Day", column: "at" } };
  const notes = { name: "notes", kind: "OneToMany", model: "Note", columns: ["dayAt"] };
  const tree = { notes: {} };
  cidl.models = [
    {
      ...model("Day", [at], [{ ...notes, keyOwner: "Target" }], [save, get, list]),
      dataSources: [{ name: "default", tree }],
      writes: tree,
    },
    model("Note", [id, dayAt], [], []),
  ];
  cidl.services = [];
  return cidl;
}

before(async () => {
  const local = await openLocalBindings("dates", {
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
  });
  ({ release } = local);
  ({ db } = local.env);
  for (const sql of [
    `create table "Horse" ("id" integer primary key, "name" text not null, "born" text)`,
    `create table "Day" ("at" text not null primary key)`,
    `create table "Note" ("id" integer primary key, "dayAt" text not null references "Day" ("at"))`,
  ])
    await db.prepare(sql).run();
  worker = sampleWorker({ database: db });
  const app = new CloesceApp();
  const image = imageOf(dayInterface());
  const own = createWorker({ engine, image, classes: { Day, Note }, app });
  days = (method, path, body) =>
    own.fetch(
      new Request(`http://localhost/api/Day/${path}`, {
        method,
        ...(body && {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      }),
      { db },
      {},
    );
  orm = Orm.fromD1(db);
});
after(() => release?.());

const bornOf = async (id) =>
  (await db.prepare(`select "born" from "Horse" where "id" = ${id}`).first()).born;

test("dates: what is saved has one form in the table and in every answer", async () => {
  const cases = [
    ["2024-01-02", "2024-01-02T00:00:00.000Z"],
    ["2024-01-01T23:30:00-01:00", "2024-01-02T00:30:00.000Z"],
    ["2024-01-02T02:00+01:00", "2024-01-02T01:00:00.000Z"],
    ["2024-01-02T01:30:00.123456789Z", "2024-01-02T01:30:00.123Z"],
  ];
  for (const [index, [born, stored]] of cases.entries()) {
    const model = { id: index + 1, name: "h", born };
    const saved = await worker.send("POST", "Horse/save", JSON.stringify({ model }));
    assert.equal((await saved.json()).born, stored);
    assert.equal(await bornOf(index + 1), stored);
    const got = await worker.send("GET", `Horse/get?id=${index + 1}`);
    assert.equal((await got.json()).born, stored);
  }
  const { results } = await db.prepare(`select "born" from "Horse" order by "born"`).all();
  assert.deepEqual(
    results.map(({ born }) => born),
    cases.map(([, stored]) => stored),
  );
});

test("dates: rows that SQL wrote mean the same to the Worker, in every answer", async () => {
  const moment = "2024-05-06T07:08:09.000Z";
  const written = [
    "2024-05-06 07:08:09",
    "2024-05-06T07:08:09",
    Date.parse(moment),
    `${Date.parse(moment)}.0`,
  ];
  for (const value of written) {
    await db.prepare(`delete from "Horse"`).run();
    await db.prepare(`insert into "Horse" values (7, 'h', ?1)`).bind(value).run();
    const [listed] = await (await worker.send("GET", "Horse/list")).json();
    assert.equal(listed.born, moment, String(value));
    const met = await worker.send("POST", "Horse/7/greet", `{"who":"you"}`);
    assert.match(await met.text(), /born 2024/);
  }
  // Nothing was changed by being read.
  assert.equal(await bornOf(7), written.at(-1));
  await db.prepare(`insert into "Horse" values (8, 'h', CURRENT_TIMESTAMP)`).run();
  const now = await (await worker.send("GET", "Horse/get?id=8")).json();
  assert.ok(Math.abs(Date.parse(now.born) - Date.now()) < 60_000, now.born);
});

test("dates: what is no date is told by column and row, and by path to its sender", async () => {
  await db.prepare(`delete from "Horse"`).run();
  await db.prepare(`insert into "Horse" values (9, 'h', 'soon')`).run();
  for (const path of ["Horse/get?id=9", "Horse/list"]) {
    const answer = await worker.send("GET", path);
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /^CLO1305: Horse\.born: .*no date.* 9$/);
  }
  const model = { id: 9, name: "h", born: "2024-01-01 00:00:00" };
  const refused = await worker.send("POST", "Horse/save", JSON.stringify({ model }));
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /^CLO1206: model\.born: /);
});

test("dates: keys, and what refers to them, are found in whatever form they come", async () => {
  const at = "2024-03-01T00:00:00.000Z";
  const model = {
    at: "2024-03-01",
    notes: [{ id: 1 }, { id: 2, dayAt: "2024-03-01T01:00+01:00" }],
  };
  const saved = await days("POST", "save", { model });
  assert.equal(saved.status, 200, await saved.clone().text());
  assert.deepEqual(await saved.json(), {
    at,
    notes: [
      { id: 1, dayAt: at },
      { id: 2, dayAt: at },
    ],
  });
  for (const key of ["2024-03-01", "2024-02-29T19:00-05:00", at]) {
    const got = await days("GET", `get?at=${encodeURIComponent(key)}`);
    assert.equal((await got.json()).notes?.length, 2, key);
    const own = (await orm.get(Day, key, { notes: {} })).unwrap();
    assert.deepEqual([own.at, own.notes.length], [new Date(at), 2]);
  }
  const whole = (await orm.list(Day)).unwrap();
  assert.deepEqual(
    whole.map((day) => day.at),
    [new Date(at)],
  );
});

test("dates: an invalid Date is refused before it becomes null", async () => {
  await assert.rejects(orm.save(Day, { at: new Date("x") }), /at is no date/);
});
