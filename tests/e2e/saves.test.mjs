// Saves that are sent again under the same Idempotency-Key, under `wrangler dev`: written once, answered alike.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/keyed");
let server, Order, Desk;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-keyed"));
  ({ Order, Desk } = server.client);
});
after(() => server?.stop());

async function save(model, key, headers = {}) {
  const response = await fetch(`${server.url}/api/Order/save`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...headers,
    },
    body: JSON.stringify({ model }),
  });
  const text = await response.text();
  return { status: response.status, text, row: response.ok ? JSON.parse(text) : null };
}

async function notes() {
  const { data } = await Order.list();
  return data.map(({ note }) => note);
}
const count = async (note) => (await notes()).filter((other) => other === note).length;

test("saves: what is sent again under its key is written once and answered as before", async () => {
  const model = { note: "one", lines: [{ text: "a" }, { text: "b" }] };
  const first = await save(model, "key-1");
  assert.equal(first.status, 200);
  assert.deepEqual(
    first.row.lines.map(({ text }) => text),
    ["a", "b"],
  );
  const seen = (await Desk.seen()).data;
  for (let again = 0; again < 3; again++) assert.deepEqual(await save(model, "key-1"), first);
  // Who may save is asked each time.
  assert.equal((await Desk.seen()).data, seen + 3);
  assert.equal((await save(model, "key-1", { "x-stop": "1" })).status, 403);
  assert.equal(await count("one"), 1);
  assert.equal((await Order.get(first.row.id, "default")).data.lines.length, 2);
});

test("saves: sent at the same time they are one", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => save({ note: "together", lines: [] }, "key-2")),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0].status, 200);
  assert.equal(await count("together"), 1);
});

test("saves: a key says one thing only, and has a form", async () => {
  await save({ note: "this" }, "key-3");
  const other = await save({ note: "that" }, "key-3");
  assert.equal(other.status, 422);
  assert.match(other.text, /^CLO1215: Idempotency-Key: /);
  assert.equal(await count("that"), 0);
  // Nor is what one data source answered taken for the answer of another.
  const { client } = server;
  const settings = { idempotencyKey: "key-3b" };
  assert.equal((await client.Order.save({ note: "source" }, "default", settings)).ok, true);
  assert.equal((await client.Order.save({ note: "source" }, undefined, settings)).code, "CLO1215");
  assert.equal(await count("source"), 1);
  for (const key of ["", "a b", "é", "k".repeat(256)]) {
    const refused = await save({ note: "ill" }, key);
    assert.equal(refused.status, 400, JSON.stringify(key));
    assert.match(refused.text, /^CLO1210: Idempotency-Key: /);
  }
  assert.equal(await count("ill"), 0);
  assert.equal((await save({ note: "long" }, "k".repeat(255))).status, 200);
});

test("saves: without a key, or with another, they are two", async () => {
  for (const key of [undefined, undefined, "key-4", "key-5"]) await save({ note: "many" }, key);
  assert.equal(await count("many"), 4);
});

test("saves: what failed wrote nothing, and its key is free", async () => {
  await save({ note: "taken", number: "7" });
  const taken = { note: "second", number: "7" };
  const refused = await save(taken, "key-6");
  assert.equal(refused.status, 409);
  assert.deepEqual(await save(taken, "key-6"), refused);
  assert.equal((await save({ note: "third", number: "8" }, "key-6")).status, 200);
});

test("saves: after a day the key is forgotten", async () => {
  const first = await save({ note: "daily" }, "key-7");
  assert.ok((await Desk.dayLater()).data > 0);
  const later = await save({ note: "daily" }, "key-7");
  assert.notEqual(later.row.id, first.row.id);
  assert.equal(await count("daily"), 2);
});

test("saves: an answer too long to be kept is told as saved", async () => {
  const model = { note: "n".repeat(150_000) };
  assert.equal((await save(model, "key-8")).status, 200);
  const again = await save(model, "key-8");
  assert.equal(again.status, 500);
  assert.match(again.text, /^CLO1505: Idempotency-Key: it was saved before/);
  assert.equal(await count(model.note), 1);
});

test("saves: the generated client gives a key by call", async () => {
  const settings = { idempotencyKey: "key-9" };
  const first = await Order.save({ note: "of a client" }, undefined, settings);
  const again = await Order.save({ note: "of a client" }, undefined, settings);
  assert.equal(first.ok, true, first.message);
  assert.deepEqual(again.data, first.data);
});
