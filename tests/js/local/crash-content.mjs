// What the writer of the crash test stores, and how it is known again.
import assert from "node:assert/strict";

export const stores = { kv: ["KV"], r2: ["FILES", "PARTS"], d1: ["DB"] };

/** Bytes that say what they are: key, number and size, and then so many bytes of that number. */
export function contentFor(key, count) {
  const size = (count * 7919) % 120_000;
  return Buffer.concat([Buffer.from(`${key} ${count} ${size}\n`), Buffer.alloc(size, count % 256)]);
}

/** The number that `bytes` of `key` were made with, "-" for null; fails when they are not the whole of what was written. */
export function numberOf(key, bytes) {
  if (bytes === null) return "-";
  const content = Buffer.from(bytes);
  const [name, count] = content
    .subarray(0, Math.max(content.indexOf(10), 0))
    .toString()
    .split(" ");
  assert.equal(name, key, `what ${key} holds is another's, or torn`);
  assert.ok(content.equals(contentFor(key, Number(count))), `${key} is torn or mixed`);
  return count;
}
