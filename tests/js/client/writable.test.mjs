// What a save of the generated client sends of an object that was read.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { writable } = await import(path.join(root, "dist/client/index.js"));

class Row {
  constructor(members) {
    Object.assign(this, members);
  }
}

const rules = {
  genre: { key: ["id"] },
  reviews: {},
  tags: { key: ["a", "b"], rules: () => tagRules },
  lines: { rules: () => lineRules },
};
const tagRules = { albums: {} };
const lineRules = { album: { key: ["id"] } };

test("writable: what was read along is left out, or named by its key", () => {
  const album = new Row({
    id: 1,
    title: "x",
    genre: new Row({ id: 2, name: "Jazz" }),
    reviews: [new Row({ id: 3, stars: 5 })],
    tags: [new Row({ a: 1, b: 2, color: "red" })],
    lines: [new Row({ id: 4, text: "y", album: new Row({ id: 1, title: "x" }) })],
  });
  assert.deepEqual(writable(rules, album), {
    id: 1,
    title: "x",
    genre: { id: 2 },
    reviews: [],
    tags: [{ a: 1, b: 2 }],
    lines: [{ id: 4, text: "y", album: { id: 1 } }],
  });
});

test("writable: plain objects and columns are sent as they are", () => {
  const given = {
    id: 1,
    born: new Date(0),
    bytes: new Uint8Array([1]),
    genre: { id: 2, name: "Jazz" },
    reviews: [{ stars: 99 }],
    tags: [{ a: 1, b: 2, color: "red" }],
    lines: [{ text: "y" }],
  };
  assert.deepEqual(writable(rules, given), given);
  assert.deepEqual(writable(rules, { genre: null, lines: undefined }), {
    genre: null,
    lines: undefined,
  });
  assert.equal(writable(rules, null), null);
});
