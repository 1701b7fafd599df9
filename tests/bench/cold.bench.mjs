// How long a fresh isolate takes to its first answer: one workerd loads each Worker anew, in turns, by a worker loader.
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

/** Loads a fresh isolate per request and passes a request to it, so often as `answers` says. */
const loader = `
import ours from "./ours.txt";
import theirs from "./theirs.txt";
import wasm from "./core.bin";
const body = ${JSON.stringify(orderBody(8))};
let loaded = 0;
export default {
  async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const modules =
      searchParams.get("who") === "ours"
        ? { "worker.js": ours, "core.wasm": { wasm } }
        : { "worker.js": theirs };
    const code = { compatibilityDate: "2026-11-01", mainModule: "worker.js", modules, env: {} };
    const entry = env.loader.get(String(loaded++), () => code).getEntrypoint();
    for (let left = Number(searchParams.get("answers")); ; left--) {
      const response = await entry.fetch("http://worker/api/Shop/total", {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      if (left <= 1) return response;
      await response.text();
    }
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

/** Milliseconds of CPU of a fresh isolate until `answers` requests are answered. */
async function isolateCost(who, answers) {
  const begin = mainThreadCpuOf(server.pid);
  const { status, bytes } = await server.send({
    method: "GET",
    path: `/?who=${who}&answers=${answers}`,
  });
  assert.equal(status, 200, bytes.toString());
  return (mainThreadCpuOf(server.pid) - begin) / 1000;
}

try {
  const kinds = { ours: [], theirs: [], oursTwo: [], theirsTwo: [] };
  for (let turn = 0; turn < turns + 2; turn++) {
    progress(`isolate ${turn + 1} of ${turns + 2}`);
    const costs = {
      ours: await isolateCost("ours", 1),
      theirs: await isolateCost("theirs", 1),
      oursTwo: await isolateCost("ours", 2),
      theirsTwo: await isolateCost("theirs", 2),
    };
    // The first ones also warm up the loader.
    if (turn >= 2) for (const [kind, cost] of Object.entries(costs)) kinds[kind].push(cost);
  }
  const row = (label, ours, theirs, bar) => {
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
    row("loaded and one request answered", kinds.ours, kinds.theirs, barMs),
    row("loaded and two requests answered", kinds.oursTwo, kinds.theirsTwo),
  ]);
} finally {
  await server.stop();
}
