// Blobs of 20 MiB as base64 in JSON, in and out, inside the memory that a Worker has.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AppCore } from "../../dist/worker/app-core.js";
import { stepBody, stepDispatch, stepRespond } from "../../dist/abi/step.js";
import { imageOf } from "../support/image.mjs";
import { sampleCidl } from "../support/sample-app.mjs";
import { withSteps } from "../support/steps.mjs";

const module = new WebAssembly.Module(
  readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url)),
);
const mebibyte = 1024 * 1024;

/** A core whose service takes a blob beside a text. */
function openCore() {
  const cidl = sampleCidl();
  cidl.services[0].methods.push({
    name: "keep",
    verb: "POST",
    static: false,
    parameters: [
      { name: "data", type: "Blob" },
      { name: "note", type: "Text" },
    ],
    returns: "Integer",
    parametersMedia: "FormData",
    returnsMedia: "Json",
  });
  return new AppCore(module, `${imageOf(cidl)}\n\n`);
}

const head = (bytes) => `POST\n/api/Echo/keep\napplication/json\n\n${bytes}\n`;

test("memory: base64 in a body takes hardly more than the body", () => {
  const core = withSteps(openCore());
  const bytes = randomBytes(20 * mebibyte);
  const body = Buffer.from(JSON.stringify({ data: bytes.toString("base64"), note: "ü" }));
  for (let round = 0; round < 5; round++) {
    const asked = core.begin(head(body.length));
    assert.equal(asked.kind, stepBody);
    const step = core.resumeChunks(asked.exchange, [body]);
    assert.equal(step.kind, stepDispatch);
    const [blob] = core.app.decodedBlobs(step.blobs, step.count);
    assert.ok(bytes.equals(blob));
  }
  const taken = core.app.bytes.length;
  assert.ok(taken < body.length + 4 * mebibyte, `${taken} bytes`);
});

test("memory: base64 is written piece by piece", () => {
  const core = openCore();
  const bytes = randomBytes(20 * mebibyte + 1);
  const target = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  const before = core.bytes.length;
  core.writeBase64(bytes, target);
  assert.ok(Buffer.from(target).equals(Buffer.from(bytes.toString("base64"))));
  assert.ok(core.bytes.length <= before + mebibyte, `${core.bytes.length} bytes`);
});

test("memory: bodies that are too much together are refused, and leave the core as it was", () => {
  const core = withSteps(openCore());
  const body = Buffer.alloc(30 * mebibyte, "A");
  const waiting = core.begin(head(body.length));
  core.app.call("cloesce_exchange_buffer", 1, waiting.exchange, body.length);
  const refused = core.begin(head(body.length));
  const step = core.resumeChunks(refused.exchange, [body]);
  assert.deepEqual([step.kind, step.status], [stepRespond, 503]);
  core.end(waiting.exchange);
  const next = core.begin(head(2));
  assert.equal(core.resumeChunks(next.exchange, [Buffer.from("{}")]).status, 400);
  assert.ok(!core.app.broken);
});
