// The functions of a module in another order: what it does stays the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readModule, writeModule } from "../../scripts/support/wasm-functions.mjs";
import { orderFunctions } from "../../scripts/support/wasm-order.mjs";

const runtime = readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url));

/**
 * A module with an import, a table and three functions: `first` calls the second of them, which calls the third through the
 * table; that one answers what `imported` does and 40.
 */
const calls = Buffer.from(
  [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [1, 5, 1, 0x60, 0, 1, 0x7f],
    [2, 7, 1, 1, 0x65, 1, 0x66, 0, 0],
    [3, 4, 3, 0, 0, 0],
    [4, 4, 1, 0x70, 0, 1],
    [7, 9, 1, 5, ...Buffer.from("first"), 0, 1],
    [9, 7, 1, 0, 0x41, 0, 0x0b, 1, 3],
    [
      10, 22, 3, 4, 0, 0x10, 2, 0x0b, 7, 0, 0x41, 0, 0x11, 0, 0, 0x0b, 7, 0, 0x41, 40, 0x10, 0,
      0x6a, 0x0b,
    ],
  ].flat(),
);

async function first(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, { e: { f: () => 2 } });
  return instance.exports.first();
}

test("calls, the table and exports name the same functions in every order", async () => {
  assert.equal(await first(calls), 42);
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])
    assert.equal(await first(writeModule(readModule(calls), order)), 42, order);
});

test("the runtime is read to its last byte, and is written as it was", () => {
  const module = readModule(runtime);
  assert.ok(writeModule(module, [...module.functions.keys()]).equals(runtime));
});

test("a runtime in any order is put into one that is smaller compressed, and is valid", () => {
  const module = readModule(runtime);
  const backwards = writeModule(module, [...module.functions.keys()].reverse());
  const ordered = orderFunctions(backwards);
  const size = (bytes) => gzipSync(bytes, { level: 9 }).length;
  assert.ok(size(ordered) < size(backwards), `${size(ordered)} < ${size(backwards)}`);
  assert.ok(WebAssembly.validate(ordered));
  assert.deepEqual(
    WebAssembly.Module.exports(new WebAssembly.Module(ordered)),
    WebAssembly.Module.exports(new WebAssembly.Module(runtime)),
  );
});

test("a module with a start function, names or an unknown instruction is refused", () => {
  const start = Buffer.from([...calls, 8, 1, 1]);
  assert.throws(() => readModule(start), /section 8/);
  const custom = Buffer.from([...calls, 0, 2, 1, 0x6e]);
  assert.throws(() => readModule(custom), /section 0/);
  const unknown = Buffer.from(calls);
  unknown[unknown.length - 2] = 0xd2;
  assert.throws(() => readModule(unknown), /instruction d2/);
});
