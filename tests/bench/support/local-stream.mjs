// 1 GiB into a bucket of cloesce/local on disk and out again, in a process of its own: says on standard output how long each took in
// milliseconds, and how much more memory the process held than before, in bytes.

import assert from "node:assert/strict";
import { createLocal } from "../../../dist/local/index.js";
import { memoryOf } from "./process-cost.mjs";

const total = 1 << 30;
const piece = new Uint8Array(1 << 20).fill(7);
const { env, close } = await createLocal({ root: process.argv[2], r2: ["FILES"] });

function* pieces(bytes) {
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
}

const ways = {
  in: (bytes) => env.FILES.put("large", ReadableStream.from(pieces(bytes))),
  async out(bytes) {
    let received = 0;
    for await (const chunk of (await env.FILES.get("large")).body) received += chunk.byteLength;
    assert.equal(received, bytes);
  },
};
// What is loaded and compiled once is not what is measured.
for (const way of Object.values(ways)) await way(32 << 20);
globalThis.gc?.();

const idle = memoryOf(process.pid).now;
const measured = {};
for (const [name, way] of Object.entries(ways)) {
  let most = 0;
  const sample = setInterval(() => {
    most = Math.max(most, memoryOf(process.pid).now);
  }, 20);
  const started = performance.now();
  await way(total);
  clearInterval(sample);
  measured[name] = { milliseconds: performance.now() - started, more: Math.max(0, most - idle) };
}
close();
console.log(JSON.stringify(measured));
