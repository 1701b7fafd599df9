// Base64 of 1 MiB in wasm under Node, in linear memory and with the way in and out, beside the platform's atob and btoa
// and beside plain copying, which says how fast the machine is at the moment.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { AppCore } from "../../dist/worker/app-core.js";
import { compileBenchProject, imageOfProject } from "./support/bench-project.mjs";
import { runtimeModule } from "./support/bundle.mjs";
import { microsecondsInTurns, printTable, progress, verdict } from "./support/measure.mjs";

progress("base64");
const image = await imageOfProject(await compileBenchProject());
const app = new AppCore(new WebAssembly.Module(runtimeModule()), `${image}\n\n`);

const bytes = new Uint8Array(randomBytes(1 << 20));
const text = Buffer.from(bytes).toString("base64");
const binary = Buffer.from(bytes).toString("latin1");
assert.equal(app.encodeBase64(bytes), text);
assert.deepEqual(app.decodeBase64(text), bytes);

/** A call of `name` on `input`, which lies in linear memory, as the core's own callers make it. */
function inMemory(name, input) {
  const at = app.call("cloesce_alloc", input.byteLength + 16);
  app.bytes.set(input, at + 16);
  return () => {
    app.call(name, at + 16, input.byteLength, at);
    app.call("cloesce_free", app.words[(at >>> 2) + 2]);
  };
}

const encoder = new TextEncoder();
const copied = new Uint8Array(bytes.byteLength);
const contenders = {
  copy: () => copied.set(bytes),
  encode: inMemory("cloesce_base64_encode", bytes),
  decode: inMemory("cloesce_base64_decode", encoder.encode(text)),
  encodeAll: () => app.encodeBase64(bytes),
  decodeAll: () => app.decodeBase64(text),
  btoa: () => btoa(binary),
  atob: () => atob(text),
};
const times = microsecondsInTurns(contenders);
const speed = (name, length) => length / times[name] / 1000;
const copy = speed("copy", bytes.byteLength);
const row = (label, name, length, bar) => {
  const value = speed(name, length);
  return [
    label,
    `${value.toFixed(2)} GB/s`,
    (value / copy).toFixed(3),
    bar === undefined ? "" : `${bar} GB/s`,
    bar === undefined ? "" : verdict(value >= bar),
  ];
};
printTable([
  ["1 MiB of bytes, by what is read", "measured", "of a copy", "bar", ""],
  row("a copy", "copy", bytes.byteLength),
  row("encode, in linear memory", "encode", bytes.byteLength, 1),
  row("decode, in linear memory", "decode", text.length, 1),
  row("encode, bytes in and text out", "encodeAll", bytes.byteLength),
  row("decode, text in and bytes out", "decodeAll", text.length),
  row("btoa", "btoa", bytes.byteLength),
  row("atob", "atob", text.length),
]);
