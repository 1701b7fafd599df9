// What the core costs in wasm under Node, through the exports that the shim uses, against the design's figures.

import assert from "node:assert/strict";
import { outcomeDone, stepDispatch, stepQuery, stepRespond } from "../../dist/abi/step.js";
import { AppCore } from "../../dist/worker/app-core.js";
import { withSteps } from "../support/steps.mjs";
import {
  compileBenchProject,
  imageOfProject,
  orderBody,
  saveBody,
} from "./support/bench-project.mjs";
import { runtimeModule } from "./support/bundle.mjs";
import { microsecondsOf, printTable, progress, verdict } from "./support/measure.mjs";

const module = new WebAssembly.Module(runtimeModule());
const image = await imageOfProject(await compileBenchProject());
const open = `${image}\n${64 << 20},,,,,${1 << 20}\n`;
const app = new AppCore(module, open);
const core = withSteps(app);
const encoder = new TextEncoder();

const get = (path) => `GET\n${path}\n\n\n\n`;
const post = (path, bytes) => `POST\n${path}\napplication/json\n\n${bytes}\n`;

/** The step after the body of a POST. */
function send(path, body) {
  const first = core.begin(post(path, body.length));
  return core.resumeChunks(first.exchange, [body]);
}

function expectKind(step, kind) {
  assert.equal(step.kind, kind, app.text(step.bytes, step.bytesLength));
  return step;
}

progress("the core in wasm");
const rows = [["in wasm", "measured", "bar", ""]];
const micro = (value) => (value < 10 ? `${value.toFixed(2)} µs` : `${value.toFixed(1)} µs`);
const milli = (value) => `${(value / 1000).toFixed(2)} ms`;

{
  const head = get("/api/Shop/ping?count=41");
  expectKind(core.begin(head), stepDispatch);
  rows.push(["request head to dispatch", micro(microsecondsOf(() => core.begin(head))), "", ""]);
}
for (const items of [5, 100, 10_000]) {
  const body = encoder.encode(orderBody(items));
  expectKind(send("/api/Shop/total", body), stepDispatch);
  const time = microsecondsOf(() => send("/api/Shop/total", body));
  rows.push([
    `POST of ${body.length} bytes to dispatch, validated`,
    `${micro(time)}, ${(body.length / 1e3 / time).toFixed(2)} GB/s`,
    "",
    "",
  ]);
}
{
  const head = get("/api/Author/get?id=1&__datasource=all");
  const run = () => core.end(core.begin(head).exchange);
  expectKind(core.begin(head), stepQuery);
  rows.push([
    "GET of a row with two lists to its batch, plan cached",
    micro(microsecondsOf(run)),
    "",
    "",
  ]);
}
{
  const head = get("/api/Author/list?__datasource=shelf");
  const authors = Array.from(
    { length: 1000 },
    (_, index) => `[${index + 1},"Author ${index + 1}","London","1815-12-10"]`,
  );
  const books = Array.from({ length: 5000 }, (_, index) => {
    const author = Math.floor(index / 5) + 1;
    return `[${author},${index + 1},"The title of book ${index}",${200 + (index % 300)},12.5,${author}]`;
  });
  const answer = `[[${books.join(",")}],[${authors.join(",")}]]`;
  const run = () => core.resume(core.begin(head).exchange, outcomeDone, answer);
  const step = expectKind(run(), stepRespond);
  assert.equal(step.status, 200, app.text(step.bytes, step.bytesLength));
  const value = JSON.parse(app.text(step.bytes, step.bytesLength));
  assert.equal(value.length, 1000);
  assert.ok(value.every((author) => author.books.length === 5));
  const time = microsecondsOf(run);
  rows.push([
    "5,000 rows mapped to 1,000 × 5 objects, text in, bytes out",
    milli(time),
    "2 ms",
    verdict(time <= 2000),
  ]);
}
{
  const body = encoder.encode(saveBody(7, 10));
  const run = () => {
    const step = send("/api/Author/save?__datasource=shelf", body);
    core.end(step.exchange);
    return step;
  };
  expectKind(run(), stepQuery);
  const time = microsecondsOf(run);
  rows.push([
    `save of 1+10: ${body.length} bytes validated and planned`,
    micro(time),
    "20 µs",
    verdict(time <= 20),
  ]);
}
{
  const begin = performance.now();
  const instances = 20;
  for (let index = 0; index < instances; index++) new AppCore(module, open);
  rows.push([
    "instance made and app opened",
    milli(((performance.now() - begin) * 1000) / instances),
    "",
    "",
  ]);
}
printTable(rows);
