// How long a fresh isolate takes to its first answer: one workerd loads each Worker anew, in turns, by a worker loader.
// Loading is told from answering, since Cloudflare loads a Worker while TLS is negotiated, before there is a request.
// Counted is the CPU time of the thread that does it all, since the clock on the wall also counts what else the machine
// is busy with.

import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileBenchProject, orderBody } from "./support/bench-project.mjs";
import { bundle, runtimeModule } from "./support/bundle.mjs";
import { median, printTable, progress, verdict } from "./support/measure.mjs";
import { mainThreadCpuOf } from "./support/process-cost.mjs";
import { WorkerdServer } from "./support/workerd.mjs";

const turns = 25;
const barMs = 3;

/** Around the Worker under test, so that its isolate can be loaded before it gets a request. */
const wrapper = `
import { WorkerEntrypoint } from "cloudflare:workers";
export { default } from "./app.js";
export class Idle extends WorkerEntrypoint {
  fetch() {
    return new Response("loaded");
  }
}`;

/** Takes a request to the isolate named by \`id\`, which is loaded when there is none yet. */
const loader = `
import ours from "./ours.txt";
import theirs from "./theirs.txt";
import wasm from "./core.bin";
const wrapper = ${JSON.stringify(wrapper)};
const body = ${JSON.stringify(orderBody(8))};
export default {
  async fetch(request, env) {
    const asked = new URL(request.url).searchParams;
    const app =
      asked.get("who") === "ours"
        ? { "app.js": ours, "core.wasm": { wasm } }
        : { "app.js": theirs };
    const isolate = env.loader.get(asked.get("who") + asked.get("id"), () => ({
      compatibilityDate: "2026-11-01",
      mainModule: "worker.js",
      modules: { "worker.js": wrapper, ...app },
      env: {},
    }));
    if (asked.get("step") === "load") return isolate.getEntrypoint("Idle").fetch(request);
    return isolate.getEntrypoint().fetch("http://worker/api/Shop/total", {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
  },
};`;

const folder = await compileBenchProject();
const files = [
  {
    type: "Text",
    path: "ours.txt",
    contents: await bundle(path.join(folder, ".generated/workers.ts")),
  },
  {
    type: "Text",
    path: "theirs.txt",
    contents: await bundle(fileURLToPath(new URL("support/hand-written.mjs", import.meta.url))),
  },
  { type: "Data", path: "core.bin", contents: runtimeModule() },
];
const server = await WorkerdServer.start(loader, {
  files,
  options: { workerLoaders: { loader: {} } },
});

/** Milliseconds of CPU that a step of an isolate takes. */
async function costOf(who, id, step) {
  const begin = mainThreadCpuOf(server.pid);
  const { status, bytes } = await server.send({
    method: "GET",
    path: `/?who=${who}&id=${id}&step=${step}`,
  });
  assert.equal(status, 200, bytes.toString());
  return (mainThreadCpuOf(server.pid) - begin) / 1000;
}

const steps = ["load", "first", "second"];

try {
  const turnsOfSteps = [];
  for (let turn = 0; turn < turns + 2; turn++) {
    progress(`isolate ${turn + 1} of ${turns + 2}`);
    const costs = { ours: {}, theirs: {} };
    for (const who of turn % 2 === 0 ? ["ours", "theirs"] : ["theirs", "ours"])
      for (const step of steps) costs[who][step] = await costOf(who, turn, step);
    // The first ones also warm up the loader.
    if (turn >= 2) turnsOfSteps.push(costs);
  }
  const row = (label, costOfTurn, bar) => {
    const ours = turnsOfSteps.map((costs) => costOfTurn(costs.ours));
    const theirs = turnsOfSteps.map((costs) => costOfTurn(costs.theirs));
    const later = median(ours.map((cost, turn) => cost - theirs[turn]));
    return [
      label,
      `${median(ours).toFixed(1)} ms`,
      `${median(theirs).toFixed(1)} ms`,
      `${later.toFixed(1)} ms`,
      bar === undefined ? "" : `${bar} ms`,
      bar === undefined ? "" : verdict(later <= bar),
    ];
  };
  printTable([
    ["CPU of a fresh isolate", "cloesce", "hand-written", "later by", "bar", ""],
    row("loaded: modules compiled, global scope run", ({ load }) => load),
    row("first request answered", ({ first }) => first),
    row("both together", ({ load, first }) => load + first, barMs),
    row("second request answered", ({ second }) => second),
  ]);
} finally {
  await server.stop();
}
