// Replays tests/fixtures/exchange on the built module; tests/unit/runtime replays it natively. Every step must be the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as steps from "../../dist/abi/step.js";
import { AppCore } from "../../dist/worker/app-core.js";
import { withSteps } from "../support/steps.mjs";

const module = new WebAssembly.Module(
  readFileSync(new URL("../../dist/cloesce-runtime.wasm", import.meta.url)),
);
const kindNames = new Map(
  Object.entries(steps)
    .filter(([name]) => name.startsWith("step"))
    .map(([name, kind]) => [kind, name.slice("step".length).toLowerCase()]),
);
const noRoute = 0xffffffff;

const fixture = (name) =>
  readFileSync(new URL(`../fixtures/exchange/${name}`, import.meta.url), "utf8");
const openApp = () => new AppCore(module, fixture("stable.open.txt"));

/** The statements of a query step as `[SQL, parameters]`. */
function statementsOf(app, step) {
  const records = Array.from({ length: step.count }, (_, index) => {
    const at = (step.bytes >>> 2) + index * steps.statementWords;
    // Texts in the exchange's memory first: asking for a statement is a call into the core.
    return [app.word(at, 0), app.textOf(at, 1)];
  });
  return records.map(([number, parameters]) => [app.statement(number), parameters]);
}

/** A step without what is zero or empty, as the fixtures have it. */
function describe(app, step) {
  const query = step.kind === steps.stepQuery;
  const described = { kind: kindNames.get(step.kind) };
  if (step.route !== noRoute) described.route = step.route;
  for (const name of ["status", "flags", "limit"]) {
    if (step[name] !== 0) described[name] = step[name];
  }
  if (step.textLength > 0) described.text = app.text(step.text, step.textLength);
  if (!query && step.bytesLength > 0) {
    described.bytes = app.text(step.bytes, step.bytesLength);
  }
  if (query) described.statements = statementsOf(app, step);
  else if (step.count > 0) {
    described.blobs = app
      .decodedBlobs(step.blobs, step.count)
      .map((blob) => new TextDecoder().decode(blob));
  }
  return described;
}

function replay(app, exchange) {
  if (exchange.hooks !== undefined) app.setHooks(exchange.hooks);
  const core = withSteps(app);
  let step =
    exchange.operation === undefined
      ? core.begin(exchange.begin)
      : core.operate(exchange.operation);
  const steps = [describe(app, step)];
  for (const [how, text] of exchange.replies) {
    step = core.resume(step.exchange, how, text);
    steps.push(describe(app, step));
  }
  return steps;
}

test("fixtures: the manifest is that of the native core", () => {
  assert.deepEqual(openApp().manifest, JSON.parse(fixture("stable.manifest.json")));
});

for (const file of ["requests.json", "crud.json", "operations.json"]) {
  const app = openApp();
  for (const exchange of JSON.parse(fixture(file))) {
    test(`fixtures: ${file}: ${exchange.name}`, () => {
      assert.deepEqual(replay(app, exchange), exchange.steps);
    });
  }
}
