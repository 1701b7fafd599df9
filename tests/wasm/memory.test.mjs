// A million requests through the core in Node: linear memory does not grow after warm-up, and no exchange stays behind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AppCore } from "../../dist/worker/app-core.js";
import {
  outcomeDone,
  outcomeFailed,
  stepBody,
  stepDispatch,
  stepForeign,
  stepQuery,
  stepRespond,
} from "../../dist/abi/step.js";
import { imageOf } from "../support/image.mjs";
import { sampleCidl } from "../support/sample-app.mjs";
import { withSteps } from "../support/steps.mjs";

const module = new WebAssembly.Module(
  readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url)),
);
const head = (method, path, type = "", length = "") => `${method}\n${path}\n${type}\n\n${length}\n`;

/** Requests of every outcome; each ends with its exchange over. */
function requests(app) {
  const core = withSteps(app);
  const encoder = new TextEncoder();
  const bodies = ['{"who":"you"}', '{"who":1}', '{"who":', `{"who":"${"x".repeat(5000)}"}`].map(
    (text) => encoder.encode(text),
  );
  const rows = '[[[1,"Roach",null]]]';
  return [
    () => assert.equal(core.begin(head("GET", "/api/Echo/ping?count=1")).kind, stepDispatch),
    () => assert.equal(core.begin(head("GET", "/api/Echo/ping?count=x")).kind, stepRespond),
    () => assert.equal(core.begin(head("GET", "/api/nothing")).kind, stepRespond),
    () => assert.equal(core.begin(head("GET", "/elsewhere")).kind, stepForeign),
    () => {
      const step = core.begin(head("GET", "/api/Horse/get?id=1"));
      assert.equal(step.kind, stepQuery);
      assert.equal(core.resume(step.exchange, outcomeDone, rows).kind, stepRespond);
    },
    () => {
      const step = core.begin(head("GET", "/api/Horse/get?id=1"));
      assert.equal(
        core.resume(step.exchange, outcomeFailed, "D1_ERROR: no such table: Horse").kind,
        stepRespond,
      );
    },
    () => core.end(core.begin(head("GET", "/api/Horse/list")).exchange),
    () => assert.equal(core.resume(0xabcd0001).kind, stepRespond),
    ...bodies.map((body, index) => () => {
      const step = core.begin(
        head("POST", "/api/Horse/7/greet", "application/json", String(body.length)),
      );
      assert.equal(step.kind, stepBody);
      const next = core.resumeChunks(step.exchange, [body]);
      if (index === 0 || index === 3) {
        assert.equal(next.kind, stepQuery);
        assert.equal(core.resume(next.exchange, outcomeDone, rows).kind, stepDispatch);
      } else {
        assert.equal(next.kind, stepRespond);
      }
    }),
  ];
}

test("memory: flat over a million requests", () => {
  const core = new AppCore(module, `${imageOf(sampleCidl())}\n\n`);
  const all = requests(core);
  const run = (count) => {
    for (let index = 0; index < count; index++) all[index % all.length]();
  };
  run(20_000);
  const settled = core.bytes.length;
  run(1_000_000);
  assert.equal(core.bytes.length, settled);
});

test("memory: a hundred exchanges at once, then none", () => {
  const core = new AppCore(module, `${imageOf(sampleCidl())}\n\n`);
  const round = () => {
    const open = Array.from(
      { length: 100 },
      () => withSteps(core).begin(head("GET", "/api/Horse/list")).exchange,
    );
    assert.equal(new Set(open).size, 100);
    for (const exchange of open) core.end(exchange);
  };
  for (let index = 0; index < 50; index++) round();
  const settled = core.bytes.length;
  for (let index = 0; index < 2000; index++) round();
  assert.equal(core.bytes.length, settled);
});
