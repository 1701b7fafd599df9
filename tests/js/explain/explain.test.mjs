// `cloesce/explain` over the local D1 and KV of the platform: what is recorded, and what is found in real query plans.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CloesceApp, createWorker, Orm } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { explain } from "cloesce/explain";
import { imageOf } from "../../support/image.mjs";
import { openLocalBindings } from "../../support/local-bindings.mjs";
import { sampleCidl, sampleModel } from "../../support/sample-app.mjs";

class Shelf {}
class Book {}
let local;

function shelfInterface() {
  const cidl = sampleCidl();
  const id = { name: "id", type: "Integer", primaryKey: true };
  const shelfId = {
    name: "shelfId",
    type: "Integer",
    references: { model: "Shelf", column: "id" },
  };
  const text = (name) => ({ name, type: "Text" });
  cidl.models = [
    sampleModel(
      "Shelf",
      [id, text("room")],
      [
        {
          name: "books",
          kind: "OneToMany",
          model: "Book",
          columns: ["shelfId"],
          keyOwner: "Target",
        },
      ],
    ),
    sampleModel(
      "Book",
      [id, shelfId, text("title"), text("genre"), text("isbn")],
      [{ name: "shelf", kind: "OneToOne", model: "Shelf", columns: ["shelfId"], keyOwner: "Self" }],
    ),
  ];
  return cidl;
}

before(async () => {
  local = await openLocalBindings("explain", {
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
    kv_namespaces: [{ binding: "KV", id: "KV" }],
  });
  for (const sql of [
    `create table "Shelf" ("id" integer primary key, "room" text not null)`,
    `create table "Book" ("id" integer primary key, "shelfId" integer not null, "title" text not null, "genre" text not null, "isbn" text not null)`,
    `create index "Book_isbn" on "Book" ("isbn")`,
    `create index "Book_genre_title" on "Book" ("genre", "title")`,
    `insert into "Shelf" values (1, 'hall'), (2, 'attic')`,
    `insert into "Book" values (1, 1, 'b', 'x', '1'), (2, 1, 'a', 'x', '2'), (3, 2, 'c', 'y', '3')`,
  ])
    await local.env.db.prepare(sql).run();
  createWorker({
    engine,
    image: imageOf(shelfInterface()),
    classes: { Shelf, Book },
    app: new CloesceApp(),
  });
});
after(() => local?.release());

const found = ({ findings }) =>
  findings.map(({ kind, table, columns }) => `${kind} ${table} ${columns.join()}`);
const list = (model, query) => explain(local.env, (env) => Orm.fromD1(env.db).list(model, query));

describe("explain", () => {
  test("the answer is the work's, and each statement is told with its values, plan and cost", async () => {
    const explained = await list(Book, { where: { isbn: "2" } });
    assert.deepEqual(
      explained.result.unwrap().map(({ id }) => id),
      [2],
    );
    const [statement, ...others] = explained.statements;
    assert.equal(others.length, 0);
    assert.equal(statement.binding, "db");
    assert.deepEqual(statement.values, ["2"]);
    const flat = (steps) => steps.flatMap(({ detail, steps: inner }) => [detail, ...flat(inner)]);
    assert.match(flat(statement.plan).join("\n"), /^SEARCH \S+ USING INDEX Book_isbn/m);
    assert.ok(
      statement.rowsRead >= 1 && statement.rowsRead <= 2,
      `${statement.rowsRead} rows read`,
    );
    assert.deepEqual(explained.findings, []);
    assert.match(explained.text, /SEARCH Book t0 USING INDEX Book_isbn/);
    assert.match(explained.text, /1 statement in 1 round trip: nothing that an index would serve$/);
  });

  test("a condition that reads the whole table is found, with the columns of an index", async () => {
    assert.deepEqual(found(await list(Book, { where: { title: "b" } })), ["scan Book title"]);
    const text = (await list(Book, { where: { title: "b" } })).text;
    assert.match(text, /! reads all rows of Book: @Index on "title" would serve it/);
    assert.match(text, /: 1 finding$/);
  });

  test("an order that is sorted is found; one that an index has is not", async () => {
    const sorted = await list(Book, { orderBy: { title: "asc" }, limit: 2 });
    assert.deepEqual(found(sorted), ["sort Book title,id"]);
    const indexed = await list(Book, {
      where: { genre: "x" },
      orderBy: { title: "asc" },
      limit: 2,
    });
    assert.deepEqual(found(indexed), []);
    assert.deepEqual(found(await list(Book, { limit: 2 })), [], "the order of the key");
  });

  test("an order over several tables is told to be one that no index has", async () => {
    const explained = await list(Book, { orderBy: { shelf: { room: "asc" } }, limit: 2 });
    assert.deepEqual(found(explained), ["sort Shelf "]);
    assert.match(explained.text, /sorts rows of Shelf: its order is one of several tables/);
  });

  test("a relation without an index on its key is found", async () => {
    const explained = await list(Shelf, { where: { id: 1 }, include: { books: {} } });
    assert.deepEqual(
      explained.result.unwrap()[0].books.map(({ id }) => id),
      [1, 2],
    );
    assert.ok(found(explained).includes("scan Book shelfId"), explained.text);
  });

  test("SQL by hand, batches, sessions and calls of KV are recorded; what they answer is what they answer", async () => {
    const explained = await explain(local.env, async ({ db, KV }) => {
      await KV.put("k", "v");
      const rows = await db
        .prepare(`select "id" as a, "id" as b from "Book" where "id" = ?`)
        .bind(3)
        .raw();
      const first = await db.prepare(`select count(*) as n from "Shelf"`).first("n");
      const batch = await db
        .withSession()
        .batch([
          db.prepare(`update "Shelf" set "room" = ? where "id" = 2`).bind("loft"),
          db.prepare(`select "room" from "Shelf" where "id" = 2`),
        ]);
      return { rows, first, room: batch[1].results[0].room, value: await KV.get("k") };
    });
    assert.deepEqual(explained.result, { rows: [[3, 3]], first: 2, room: "loft", value: "v" });
    assert.deepEqual(
      explained.statements.map(({ trip }) => trip),
      [1, 2, 3, 3],
    );
    assert.ok(explained.statements[2].rowsWritten >= 1);
    assert.deepEqual(
      explained.calls.map(({ binding, operation, keys }) => [binding, operation, keys]),
      [
        ["KV", "put", ["k"]],
        ["KV", "get", ["k"]],
      ],
    );
    assert.match(explained.text, /4 statements in 3 round trips and 2 calls of KV and R2/);
  });

  test("what is not recorded is the binding's own, and a service stays one", async () => {
    const service = new Proxy({}, { get: (_, name) => async () => `called ${String(name)}` });
    const explained = await explain({ ...local.env, service }, async (env) => {
      await env.db.exec(`insert into "Shelf" values (9, 'cellar')`);
      await env.db.prepare(`delete from "Shelf" where "id" = 9`).run();
      return [await env.service.fetch(), await env.service.prepare()];
    });
    assert.deepEqual(explained.result, ["called fetch", "called prepare"]);
    assert.equal(explained.statements.length, 1);
  });

  test("what the work throws is thrown", async () => {
    await assert.rejects(
      explain(local.env, async ({ db }) => db.prepare("select nothing").all()),
      /nothing/,
    );
  });
});
