// A million requests through the core in Node: linear memory does not grow after warm-up, and no exchange stays behind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AppCore } from "../../dist/worker/app-core.js";
import { outcome, stepKind } from "../../dist/abi/step.js";
import { sampleCidl } from "../support/sample-app.mjs";

const module = new WebAssembly.Module(
  readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url)),
);
const head = (method, path, type = "", length = "") => `${method}\n${path}\n${type}\n\n${length}\n`;

/** Requests of every outcome; each ends with its exchange over. */
function requests(core) {
  const encoder = new TextEncoder();
  const bodies = ['{"who":"you"}', '{"who":1}', '{"who":', `{"who":"${"x".repeat(5000)}"}`].map(
    (text) => encoder.encode(text),
  );
  const rows = '[[[1,"Roach",null]]]';
  return [
    () => assert.equal(core.begin(head("GET", "/api/Echo/ping?count=1")).kind, stepKind.dispatch),
    () => assert.equal(core.begin(head("GET", "/api/Echo/ping?count=x")).kind, stepKind.respond),
    () => assert.equal(core.begin(head("GET", "/api/nothing")).kind, stepKind.respond),
    () => assert.equal(core.begin(head("GET", "/elsewhere")).kind, stepKind.foreign),
    () => {
      const step = core.begin(head("GET", "/api/Horse/get?id=1"));
      assert.equal(step.kind, stepKind.query);
      assert.equal(core.resumeText(step.exchange, outcome.done, rows).kind, stepKind.respond);
    },
    () => {
      const step = core.begin(head("GET", "/api/Horse/get?id=1"));
      assert.equal(
        core.resume(step.exchange, outcome.failed, "D1_ERROR: no such table: Horse").kind,
        stepKind.respond,
      );
    },
    () => core.end(core.begin(head("GET", "/api/Horse/list")).exchange),
    () => assert.equal(core.resume(0xabcd0001).kind, stepKind.respond),
    ...bodies.map((body, index) => () => {
      const step = core.begin(
        head("POST", "/api/Horse/7/greet", "application/json", String(body.length)),
      );
      assert.equal(step.kind, stepKind.body);
      const next = core.resumeChunks(step.exchange, [body], body.length);
      if (index === 0 || index === 3) {
        assert.equal(next.kind, stepKind.query);
        assert.equal(core.resumeText(next.exchange, outcome.done, rows).kind, stepKind.dispatch);
      } else {
        assert.equal(next.kind, stepKind.respond);
      }
    }),
  ];
}

test("memory: flat over a million requests", () => {
  const core = new AppCore(module, JSON.stringify({ cidl: sampleCidl(), limits: {} }));
  const all = requests(core);
  const run = (count) => {
    for (let index = 0; index < count; index++) all[index % all.length]();
  };
  run(20_000);
  const settled = core.core.memoryBytes;
  run(1_000_000);
  assert.equal(core.core.memoryBytes, settled);
});

test("memory: a hundred exchanges at once, then none", () => {
  const core = new AppCore(module, JSON.stringify({ cidl: sampleCidl(), limits: {} }));
  const round = () => {
    const open = Array.from(
      { length: 100 },
      () => core.begin(head("GET", "/api/Horse/list")).exchange,
    );
    assert.equal(new Set(open).size, 100);
    for (const exchange of open) core.end(exchange);
  };
  for (let index = 0; index < 50; index++) round();
  const settled = core.core.memoryBytes;
  for (let index = 0; index < 2000; index++) round();
  assert.equal(core.core.memoryBytes, settled);
});
