// The ORM on the real local D1.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CloesceApp, createWorker, Orm } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../../support/image.mjs";
import { openLocalBindings } from "../../support/local-bindings.mjs";
import { sampleCidl } from "../../support/sample-app.mjs";

class Cart {
  count() {
    return this.items.length;
  }
}
class Item {}
let release, orm;

/** A model whose members are called like those of a page. */
function cartInterface() {
  const cidl = sampleCidl();
  const model = (name, columns, navigations) => ({
    ...cidl.models[0],
    name,
    table: name,
    columns,
    navigations,
    methods: [],
  });
  const id = { name: "id", type: "Integer", primaryKey: true };
  const cartId = { name: "cartId", type: "Integer", references: { model: "Cart", column: "id" } };
  const items = { name: "items", kind: "OneToMany", model: "Item", columns: ["cartId"] };
  cidl.models = [
    model("Cart", [id, { name: "cursor", type: "Text" }], [{ ...items, keyOwner: "Target" }]),
    model("Item", [id, cartId], []),
  ];
  return cidl;
}

before(async () => {
  const local = await openLocalBindings("orm", {
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
  });
  release = local.release;
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
after(() => release?.());

test("orm: a model with members called items and cursor is no page", async () => {
  const cart = (await orm.get(Cart, 1, { items: {} })).unwrap();
  assert.ok(cart instanceof Cart);
  assert.ok(cart.items.every((item) => item instanceof Item));
  assert.deepEqual([cart.count(), cart.cursor], [2, "here"]);
});
