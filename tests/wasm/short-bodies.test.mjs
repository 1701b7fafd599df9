// Bodies of a length that was told, which are read in one go: the limit and the encoding hold for them too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleWorker } from "../support/sample-app.mjs";

const worker = sampleWorker({ limits: { jsonBytes: 100 } });

async function answerTo(body, length = body.length) {
  const response = await worker.send("POST", "Echo/any", body, { "content-length": `${length}` });
  return [response.status, await response.text()];
}

const bytesOf = (...bytes) => new Uint8Array([...Buffer.from('{"value":"'), ...bytes, 0x22, 0x7d]);

test("a body that is longer than its request says", async () => {
  const [status, text] = await answerTo(`{"value":"${"x".repeat(500)}"}`, 20);
  assert.equal(status, 413);
  assert.match(text, /^CLO1102: .*jsonBytes/);
});

test("bytes that are no UTF-8", async () => {
  for (const bytes of [
    [0xff],
    [0xc3, 0x28],
    [0xed, 0xa0, 0x80],
    [0xe2, 0x82],
    [0xf0, 0x9f],
    [0xf0, 0x9f, 0x92],
  ]) {
    const [status, text] = await answerTo(bytesOf(...bytes));
    assert.equal(status, 400, bytes.join());
    assert.match(text, /^CLO1104: /);
  }
});

test("the character that stands for bytes that are none, and a byte order mark", async () => {
  assert.deepEqual(await answerTo(bytesOf(0xef, 0xbf, 0xbd)), [200, '"\ufffd"']);
  const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from('{"value":1}')]);
  assert.deepEqual(await answerTo(marked), [200, "1"]);
});
