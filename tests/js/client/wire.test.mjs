// JSON back to values.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, fromJson, given, KValue, R2Object } from "../../../dist/client/index.js";
import { json, startServer } from "./support.mjs";

class Horse {
  likes = [];
  name = () => this.id;
}
class Like {}
const horse = {
  make: () => new Horse(),
  fields: { born: "date", seal: "blob", likes: [() => like], owner: () => horse },
};
const like = { make: () => new Like(), fields: { at: "date", horse: () => horse } };

test("wire: dates, bytes and instances at every depth", () => {
  const value = fromJson(horse, {
    id: 1,
    born: "2020-01-02T03:04:05.678Z",
    seal: "AAH6",
    likes: [{ at: "1970-01-01T00:00:00.000Z", horse: { id: 2, likes: [] } }],
    owner: null,
  });
  assert.ok(value instanceof Horse);
  assert.deepEqual(value.born, new Date(Date.UTC(2020, 0, 2, 3, 4, 5, 678)));
  assert.deepEqual(value.seal, Uint8Array.of(0, 1, 250));
  assert.ok(value.likes[0] instanceof Like);
  assert.deepEqual(value.likes[0].at, new Date(0));
  assert.ok(value.likes[0].horse instanceof Horse);
  assert.equal(value.owner, null);
});

test("wire: what is not there keeps the value of a new instance", () => {
  const value = fromJson(horse, { id: 1 });
  assert.deepEqual(value.likes, []);
  assert.equal(value.owner, undefined);
});

test("wire: no member of the JSON replaces a prototype or is mistaken for a field of all objects", () => {
  const value = fromJson(horse, JSON.parse('{"__proto__": {"evil": true}, "toString": "text"}'));
  assert.equal(Object.getPrototypeOf(value), Horse.prototype);
  assert.equal(value.evil, undefined);
  assert.equal(value.toString, "text");
});

test("wire: base64 that is none is an error", () => {
  assert.throws(() => fromJson(horse, { seal: "?" }));
});

test("wire: lists, partial objects, KV entries and R2 objects", async () => {
  const server = await startServer();
  const api = new Api(server.url);
  const revived = async (value, returns) => {
    server.answer = json(value);
    return (await api.call("GET", ["A", "b"], { returns })).data;
  };

  assert.deepEqual(await revived(["1970-01-01T00:00:00.000Z", null], ["date"]), [
    new Date(0),
    null,
  ]);
  assert.equal(await revived(null, () => horse), null);

  const partial = await revived(
    { born: "1970-01-01T00:00:00.000Z", likes: [{ at: "1970-01-01T00:00:00.000Z" }] },
    { partial: () => horse },
  );
  assert.equal(partial instanceof Horse, false);
  assert.deepEqual(partial, { born: new Date(0), likes: [{ at: new Date(0) }] });

  const entry = await revived(
    { key: "k", value: "1970-01-01T00:00:00.000Z", metadata: { a: 1 } },
    { kvalue: "date" },
  );
  assert.ok(entry instanceof KValue);
  assert.deepEqual(entry.value, new Date(0));
  assert.deepEqual(entry.metadata, { a: 1 });

  const object = await revived(
    { key: "k", size: 3, uploaded: "1970-01-01T00:00:00.000Z" },
    "r2object",
  );
  assert.ok(object instanceof R2Object);
  assert.deepEqual(object.uploaded, new Date(0));

  const stream = await revived("AAH6", "stream");
  assert.deepEqual([...new Uint8Array(await new Response(stream).arrayBuffer())], [0, 1, 250]);
});

test("wire: what is given has no read-only members, at any depth, and what was read is left alone", () => {
  const dog = {
    make: () => ({}),
    fields: { owner: () => person, litter: [() => dog], seen: "date" },
    readOnly: ["chip"],
  };
  const person = { make: () => ({}), fields: { dogs: { page: () => dog } }, readOnly: ["since"] };
  const seen = new Date();
  const bytes = Uint8Array.of(1);
  const rex = {
    name: "Rex",
    chip: 1,
    seen,
    bytes,
    json: { chip: 2 },
    constructor: { chip: 3 },
    litter: [{ chip: 4, name: "Pup" }, null],
    owner: { since: 5, dogs: { items: [{ chip: 6, id: 7 }], cursor: null } },
  };
  const before = structuredClone(rex);
  const sent = given(rex, () => dog);
  assert.deepEqual(sent, {
    name: "Rex",
    seen,
    bytes,
    json: { chip: 2 },
    constructor: { chip: 3 },
    litter: [{ name: "Pup" }, null],
    owner: { dogs: { items: [{ id: 7 }], cursor: null } },
  });
  assert.equal(sent.bytes, bytes, "bytes are not copied");
  assert.deepEqual(rex, before);
  assert.deepEqual(given([rex], [{ partial: () => dog }]), [sent]);
  assert.deepEqual(given({ key: "k", value: rex }, { kvalue: () => dog }), {
    key: "k",
    value: sent,
  });
  assert.deepEqual([given(null, () => dog), given(undefined, () => dog)], [null, undefined]);
});
