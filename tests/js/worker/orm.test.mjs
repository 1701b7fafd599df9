// The ORM on the real local D1.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CloesceApp, createWorker, Orm, sql } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../../support/image.mjs";
import { openLocalBindings } from "../../support/local-bindings.mjs";
import { sampleCidl, sampleModel } from "../../support/sample-app.mjs";

class Cart {
  count() {
    return this.items.length;
  }
}
class Item {}
let local, orm;

/** A model whose members are called like those of a page. */
function cartInterface() {
  const cidl = sampleCidl();
  const id = { name: "id", type: "Integer", primaryKey: true };
  const cartId = { name: "cartId", type: "Integer", references: { model: "Cart", column: "id" } };
  const items = { name: "items", kind: "OneToMany", model: "Item", columns: ["cartId"] };
  cidl.models = [
    sampleModel("Cart", [id, { name: "cursor", type: "Text" }], [{ ...items, keyOwner: "Target" }]),
    sampleModel("Item", [id, cartId], []),
  ];
  return cidl;
}

before(async () => {
  local = await openLocalBindings("orm", {
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
  });
  const { db } = local.env;
  for (const sql of [
    `create table "Cart" ("id" integer primary key, "cursor" text not null)`,
    `create table "Item" ("id" integer primary key, "cartId" integer not null)`,
    `insert into "Cart" values (1, 'here')`,
    `insert into "Item" values (1, 1), (2, 1)`,
  ])
    await db.prepare(sql).run();
  createWorker({
    engine,
    image: imageOf(cartInterface()),
    classes: { Cart, Item },
    app: new CloesceApp(),
  });
  orm = Orm.fromD1(db);
});
after(() => local?.release());

test("orm: a model with members called items and cursor is no page", async () => {
  const cart = (await orm.get(Cart, 1, { items: {} })).unwrap();
  assert.ok(cart instanceof Cart);
  assert.ok(cart.items.every((item) => item instanceof Item));
  assert.deepEqual([cart.count(), cart.cursor], [2, "here"]);
});

test("orm: what mapSql answers is a list and an Either; a failure is no empty list", () => {
  const carts = Orm.mapSql(Cart, [
    { id: 1, cursor: "a" },
    { id: 2, cursor: "b" },
  ]);
  assert.ok(Array.isArray(carts));
  assert.deepEqual(
    carts.map((cart) => cart.cursor),
    ["a", "b"],
  );
  assert.deepEqual(
    [carts.ok, carts.isLeft(), carts.value, carts.unwrap()],
    [true, false, carts, carts],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(carts)), [
    { id: 1, cursor: "a", items: [] },
    { id: 2, cursor: "b", items: [] },
  ]);
  const failed = Orm.mapSql(Cart, [{ id: "no number", cursor: "a" }]);
  assert.deepEqual([failed.ok, failed.isRight()], [false, false]);
  assert.match(failed.unwrapLeft().message, /id/);
  assert.equal(failed.mapLeft((error) => error.message).value, failed.value.message);
  for (const use of [
    () => failed.length,
    () => failed[0],
    () => [...failed],
    () => failed.map(String),
    () => JSON.stringify(failed),
  ])
    assert.throws(use, failed.value);
});

test("orm: the text of a left is its message", async () => {
  const left = await orm.upsert(Cart, { id: 99, cursor: 5 });
  assert.equal(String(left.value), left.value.message);
  assert.equal(`${left.unwrapLeft()}`, left.value.message);
});

test("orm: conditions and an order can follow listQuery, over the names of its columns", async () => {
  await orm.upsert(Cart, { id: 2, cursor: "there" });
  const sql = Orm.listQuery(Cart, { includeTree: { items: {} } });
  const run = async (rest, ...values) =>
    (
      await local.env.db
        .prepare(`${sql} ${rest}`)
        .bind(...values)
        .all()
    ).results;
  const found = await run("WHERE [id] = ? ORDER BY [items.id] DESC", 1);
  assert.deepEqual(
    found.map((row) => row["items.id"]),
    [2, 1],
  );
  assert.deepEqual(
    (await run("WHERE [items.id] = ?", 2)).map((row) => row.id),
    [1],
  );
  const [cart] = Orm.mapSql(Cart, found, { items: {} });
  assert.equal(cart.count(), 2);
});

test("orm: upsert passes over members that the model lacks, and takes null for a list", async () => {
  const value = { id: 3, cursor: "x", total: 12, items: null, note: { deep: [1, { a: null }] } };
  assert.equal((await orm.upsert(Cart, value, { items: {} })).unwrap(), 3);
  const nested = { id: 3, items: [{ id: 7, color: "red" }] };
  (await orm.upsert(Cart, nested, { items: {} })).unwrap();
  const cart = (await orm.get(Cart, 3, { items: {} })).unwrap();
  assert.deepEqual(JSON.parse(JSON.stringify(cart)), {
    id: 3,
    cursor: "x",
    items: [{ id: 7, cartId: 3 }],
  });
  const wrong = await orm.upsert(Cart, { id: 3, items: 5 }, { items: {} });
  assert.match(wrong.unwrapLeft().message, /items/);
});

test("orm: a query chooses rows, and a page says where the next begins", async () => {
  const page = (
    await orm.list(Item, { where: { cartId: 1 }, orderBy: { id: "desc" }, limit: 1 })
  ).unwrap();
  assert.deepEqual(
    page.map((item) => item.id),
    [2],
  );
  assert.ok(page[0] instanceof Item);
  assert.equal(JSON.stringify(page), JSON.stringify([{ id: 2, cartId: 1 }]));
  const query = { where: { cartId: 1 }, orderBy: { id: "desc" }, limit: 1, after: page.cursor };
  const last = (await orm.list(Item, query)).unwrap();
  assert.deepEqual(
    last.map((item) => item.id),
    [1],
  );
  assert.equal(last.cursor, null);
  const carts = (
    await orm.list(Cart, { where: { items: { some: { id: 2 } } }, include: { items: {} } })
  ).unwrap();
  assert.equal(carts[0].count(), 2);
  assert.equal(carts.cursor, null);
  assert.equal((await orm.count(Item, { id: { in: [2, 99] } })).value, 1);
  assert.equal(
    (await orm.exists(Cart, { cursor: { contains: "ER", mode: "default" } })).value,
    false,
  );
  assert.equal(
    (await orm.exists(Cart, { cursor: { contains: "ER", mode: "insensitive" } })).value,
    true,
  );
});

test("orm: what is undefined in a condition is refused, as is what the model lacks", async () => {
  for (const where of [{ id: undefined }, { AND: [{ id: { in: [undefined] } }] }]) {
    const refused = await orm.list(Item, { where });
    assert.ok(refused.isLeft());
    assert.match(refused.value.message, /is undefined/);
  }
  assert.match((await orm.count(Item, { nothing: 1 })).value.message, /^CLO1213: where\.nothing/);
  assert.match((await orm.list(Item, { limit: 1, after: "x" })).value.message, /^CLO1214: after/);
});

test("orm: rows that meet conditions are changed and deleted, and counted", async () => {
  const { db } = local.env;
  await db.prepare(`insert into "Cart" values (50, 'a'), (51, 'b')`).bind().run();
  await db.prepare(`insert into "Item" values (500, 50), (501, 50), (502, 51), (503, 51)`).run();
  const others = (await orm.count(Item, { id: { lt: 500 } })).unwrap();
  const cartsOf = async () =>
    (await db.prepare(`select "cartId" from "Item" where "id" >= 500 order by "id"`).all()).results
      .map((row) => row.cartId)
      .join();

  const moved = await orm.updateMany(Item, { cartId: 50, id: { gt: 500 } }, { cartId: 51 });
  assert.equal(moved.unwrap(), 1);
  assert.equal(await cartsOf(), "50,51,51,51");
  const renamed = await orm.updateMany(
    Cart,
    { items: { some: { id: { in: [500, 502] } } } },
    { cursor: `'); drop table "Cart"; --` },
  );
  assert.equal(renamed.unwrap(), 2);
  assert.equal((await orm.get(Cart, 51)).unwrap().cursor, `'); drop table "Cart"; --`);

  assert.equal((await orm.deleteMany(Item, { id: { gte: 500 }, NOT: { cartId: 51 } })).value, 1);
  assert.equal(await cartsOf(), "51,51,51");
  assert.equal((await orm.deleteMany(Item, { id: { gte: 500 } })).value, 3);
  assert.equal((await orm.deleteMany(Item, { id: { gte: 500 } })).value, 0);
  assert.equal((await orm.deleteMany(Cart, { id: { in: [50, 51] } })).value, 2);
  assert.equal((await orm.count(Item)).value, others, "others are what they were");
});

test("orm: a change without conditions, of a key or of what is no column is refused", async () => {
  const refusals = [
    [orm.deleteMany(Item, undefined), /^CLO1213: where: expected conditions/],
    [orm.deleteMany(Item, { id: undefined }), /where: id is undefined/],
    [orm.updateMany(Item, null, { cartId: 1 }), /^CLO1213: where: expected/],
    [orm.updateMany(Item, {}, { id: 7 }), /^CLO1213: values\.id: the key of a row/],
    [orm.updateMany(Item, {}, { cart: 7 }), /^CLO1213: values\.cart: Item has no column/],
    [
      orm.updateMany(Item, {}, { cartId: null }),
      /^CLO1213: values\.cartId: expected an Integer, got null/,
    ],
    [orm.updateMany(Item, {}, { cartId: "1" }), /^CLO1213: values\.cartId: expected an Integer/],
    [orm.updateMany(Item, {}, {}), /^CLO1213: values: there is nothing to change/],
    [orm.updateMany(Item, {}, []), /^CLO1213: values: expected an object of columns/],
  ];
  for (const [refused, message] of refusals)
    assert.match((await refused).unwrapLeft().message, message);
});

test("orm: what the sql tag holds is bound, whatever it is", async () => {
  const { db } = local.env;
  await db.prepare(`insert into "Cart" values (60, ?1), (61, '61')`).bind(`O'Neil "x" ?1`).run();
  const found = async (from) => (await orm.list(Cart, { from })).unwrap().map(({ id }) => id);
  const all = sql`SELECT * FROM "Cart" WHERE "id" >= ${60}`;
  assert.deepEqual(await found(all), [60, 61]);
  assert.deepEqual(await found(sql`${all} AND "cursor" = ${`O'Neil "x" ?1`} -- the end`), [60]);
  assert.deepEqual(await found(sql`${all} AND length("cursor") < ${3}`), [61]);
  assert.deepEqual(await found(sql`${all} AND "id" IN ${[61, 62]}`), [61]);
  assert.deepEqual(await found(sql`${all} AND "cursor" IN ${["61"]}`), [61]);
  assert.deepEqual(await found(sql`${all} AND ${true} AND ${null} IS NULL LIMIT ${1}`), [60]);
  assert.deepEqual(
    await found(sql`${all} AND ${new Uint8Array([54, 49])} = CAST("cursor" AS BLOB)`),
    [61],
  );
  assert.deepEqual(await found(sql`SELECT * FROM "Cart" WHERE 0`), []);
  const hostile = JSON.parse(`{"parts":["1); --"],"values":[]}`);
  assert.throws(() => sql`${all} AND "cursor" = ${hostile}`, TypeError);
  for (const wrong of [undefined, NaN, [null], { id: 1 }, [[1]]])
    assert.throws(() => sql`${all} AND "cursor" = ${wrong}`, TypeError);
  await orm.deleteMany(Cart, { id: { gte: 60 } });
});

test("orm: values of the sql tag serve all statements of a tree", async () => {
  const carts = await orm.list(Cart, {
    from: sql`SELECT * FROM "Cart" WHERE "cursor" = ${"here"}`,
    include: { items: {} },
  });
  assert.deepEqual(
    carts.unwrap().map((cart) => cart.items.map(({ id }) => id)),
    [(await orm.list(Item, { where: { cartId: 1 } })).unwrap().map(({ id }) => id)],
  );
});
