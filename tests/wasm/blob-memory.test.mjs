// Blobs of 20 MiB as base64 in JSON, in and out, inside the memory that a Worker has.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AppCore } from "../../dist/worker/app-core.js";
import {
  bodyAgain,
  outcomeTooLarge,
  stepBody,
  stepDispatch,
  stepMiddleware,
  stepRespond,
} from "../../dist/abi/step.js";
import { imageOf } from "../support/image.mjs";
import { sampleCidl } from "../support/sample-app.mjs";
import { withSteps } from "../support/steps.mjs";

const module = new WebAssembly.Module(
  readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url)),
);
const mebibyte = 1024 * 1024;

/** A core whose service takes a blob beside a text; `limits` as in docs/internals/abi.md. */
function openCore(limits = "") {
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
  return new AppCore(module, `${imageOf(cidl)}\n${limits}\n`);
}

/** What comes of `body` for the method of `head`, as the host sends it. */
function sendBody(core, head, body) {
  const { exchange, limit } = core.begin(head);
  return body.length > limit
    ? core.resume(exchange, outcomeTooLarge)
    : core.resumeChunks(exchange, [body]);
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

test("memory: a body that waits for something else is not in the core", () => {
  const core = withSteps(openCore());
  const body = Buffer.from(JSON.stringify({ data: "A".repeat(28 * mebibyte), note: "x" }));
  core.app.setHooks("0\nEcho\tkeep\n");
  const waiting = Array.from({ length: 8 }, () => {
    const services = core.begin(head(body.length));
    const asked = services.kind === stepBody ? services : core.resume(services.exchange);
    const step = core.resumeChunks(asked.exchange, [body]);
    assert.equal(step.kind, stepMiddleware);
    return step.exchange;
  });
  for (const exchange of waiting) {
    const again = core.resume(exchange);
    assert.deepEqual([again.kind, again.status], [stepBody, bodyAgain]);
    const step = core.resumeChunks(exchange, [body]);
    assert.equal(step.kind, stepDispatch);
    assert.equal(core.app.decodedBlobs(step.blobs, step.count)[0].length, 21 * mebibyte);
  }
  assert.ok(core.app.bytes.length < body.length + 6 * mebibyte, `${core.app.bytes.length} bytes`);
});

test("memory: what no idle core has room for is too large, not too much for now", () => {
  const core = withSteps(openCore(`,,,,,,${32 * mebibyte}`));
  const sent = (bytes) => {
    const body = Buffer.from(JSON.stringify({ data: "A".repeat(bytes & ~3), note: "x" }));
    return sendBody(core, head(body.length), body);
  };
  for (const bytes of [19 * mebibyte, 30 * mebibyte]) {
    const step = sent(bytes);
    assert.deepEqual([step.kind, step.status], [stepRespond, 413]);
    assert.match(core.app.answerOf(step.at), /CLO1102: a JSON body may have \d+ bytes \(memory\)/);
  }
  assert.equal(sent(17 * mebibyte).kind, stepDispatch);
  const next = core.begin(head(2));
  assert.equal(core.resumeChunks(next.exchange, [Buffer.from("{}")]).status, 400);
  assert.ok(!core.app.broken);
});

test("memory: JSON that is let in has room to be read, whatever the app allows", () => {
  const core = withSteps(openCore(`${60 * mebibyte},${60 * mebibyte},,,,50000000,`));
  const noteHead = (bytes) => `POST\n/api/Echo/any\napplication/json\n\n${bytes}\n`;
  const sent = (bytes) => {
    const body = Buffer.from(`{"value":"${"x".repeat(bytes)}"}`);
    return sendBody(core, noteHead(body.length), body);
  };
  assert.equal(sent(5.9 * mebibyte).kind, stepDispatch);
  const step = sent(6.1 * mebibyte);
  assert.deepEqual([step.kind, step.status], [stepRespond, 413]);
});

test("memory: so is JSON beside blobs, in a form and in JSON", () => {
  const core = withSteps(openCore(`${60 * mebibyte},,,,,,${16 * mebibyte}`));
  const note = "x".repeat(3 * mebibyte);
  const bodies = {
    "multipart/form-data; boundary=x": `[["json",0],["blob",3]]\n{"data":0,"note":"${note}"}`,
    "application/json": `{"data":"AAAA","note":"${note}"}`,
  };
  for (const [type, text] of Object.entries(bodies)) {
    const asked = core.begin(`POST\n/api/Echo/keep\n${type}\n\n\n`);
    const step = core.resumeChunks(asked.exchange, [Buffer.from(text)]);
    assert.deepEqual([step.kind, step.status], [stepRespond, 413], core.app.answerOf(step.at));
    assert.match(core.app.answerOf(step.at), /CLO1102: .*\(memory\)/);
  }
});
