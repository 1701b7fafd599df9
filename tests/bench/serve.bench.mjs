// The benchmark's app under `cloesce serve` beside `wrangler dev`: requests a second, in turns, with the same answers. And how long
// `createTestApp` takes, once the first of a process is there.

import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { once } from "node:events";
import http from "node:http";
import path from "node:path";
import assert from "node:assert/strict";
import { createTestApp } from "../../dist/testing/index.js";
import { startCloesceServe } from "../support/cloesce-serve.mjs";
import { runCloesce } from "../support/project.mjs";
import { runWrangler, startWranglerDev } from "../support/wrangler-dev.mjs";
import { compileBenchProject, orderBody, saveBody } from "./support/bench-project.mjs";
import { authors, librarySchema } from "./support/library.mjs";
import { median, printTable, progress, verdict } from "./support/measure.mjs";

const bars = { requests: 1.5, milliseconds: 100 };
const concurrency = 8;
const rounds = 7;
const roundMs = 700;

const workloads = [
  {
    name: "JSON method, validated",
    method: "POST",
    path: "/api/Shop/total",
    body: () => orderBody(8),
  },
  {
    name: "one row",
    method: "GET",
    path: (turn) => `/api/Author/get?id=${(turn % authors) + 1}&__datasource=none`,
  },
  {
    name: "a row with 5 + 5 children",
    method: "GET",
    path: (turn) => `/api/Author/get?id=${(turn % authors) + 1}&__datasource=all`,
    bar: bars.requests,
  },
  {
    name: "nested save of 1 + 10",
    method: "POST",
    path: "/api/Author/save?__datasource=shelf",
    body: (turn) => saveBody((turn % 50) + 1000, 10),
  },
];

const folder = await compileBenchProject();
const rows = librarySchema.filter((sql) => sql.startsWith("INSERT"));
const migrated = await runCloesce(["migrate", "Initial"], { cwd: folder });
assert.equal(migrated.code, 0, migrated.stdout + migrated.stderr);
const [persistTo, root] = [path.join(folder, ".state"), path.join(folder, ".serve")];

await runWrangler(["d1", "migrations", "apply", "db", "--local", "--persist-to", persistTo], {
  cwd: folder,
});
await runWrangler(
  ["d1", "execute", "db", "--local", "--persist-to", persistTo, "--command", rows.join(";")],
  { cwd: folder },
);
const first = await startCloesceServe({ cwd: folder, root });
await first.stop();
const database = new DatabaseSync(path.join(root, "d1", "db", "database.sqlite"));
database.exec(rows.join(";"));
database.close();

const hosts = {
  serve: await startCloesceServe({ cwd: folder, root }),
  wrangler: await startWranglerDev({ cwd: folder, persistTo }),
};
const agents = Object.fromEntries(
  Object.keys(hosts).map((name) => [
    name,
    new http.Agent({ keepAlive: true, maxSockets: concurrency }),
  ]),
);

async function send(host, workload, turn) {
  const target = typeof workload.path === "function" ? workload.path(turn) : workload.path;
  const body = workload.body?.(turn);
  const headers =
    body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const request = http.request(new URL(target, hosts[host].url), {
    method: workload.method,
    headers,
    agent: agents[host],
  });
  request.end(body);
  const [response] = await once(request, "response");
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  assert.equal(response.statusCode, 200, `${workload.name} on ${host}: ${text}`);
  return text;
}

/** Requests a second of one host, over a round. */
async function rate(host, workload) {
  const started = performance.now();
  let count = 0;
  const loop = async () => {
    while (performance.now() - started < roundMs) await send(host, workload, count++);
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return (count * 1000) / (performance.now() - started);
}

try {
  const table = [["requests a second", "cloesce serve", "wrangler dev", "ratio", "bar", ""]];
  for (const workload of workloads) {
    progress(workload.name);
    const [own, theirs] = [await send("serve", workload, 1), await send("wrangler", workload, 1)];
    assert.deepEqual(JSON.parse(own), JSON.parse(theirs), workload.name);
    const rates = { serve: [], wrangler: [] };
    for (const host of Object.keys(hosts)) await rate(host, workload);
    for (let round = 0; round < rounds; round += 1)
      for (const host of Object.keys(hosts)) rates[host].push(await rate(host, workload));
    const ratio = median(rates.serve) / median(rates.wrangler);
    table.push([
      workload.name,
      median(rates.serve).toFixed(0),
      median(rates.wrangler).toFixed(0),
      ratio.toFixed(2),
      workload.bar ?? "",
      workload.bar === undefined ? "" : verdict(ratio >= workload.bar),
    ]);
  }
  printTable(table);
} finally {
  for (const agent of Object.values(agents)) agent.destroy();
  await Promise.all(Object.values(hosts).map((host) => host.stop()));
  await Promise.all([persistTo, root].map((state) => rm(state, { recursive: true, force: true })));
}

const times = [];
for (let index = 0; index < 12; index += 1) {
  const started = performance.now();
  const app = await createTestApp({ project: folder });
  times.push(performance.now() - started);
  await app.close();
}
const [opening, ...later] = times;
const slowest = Math.max(...later);
printTable([
  ["createTestApp", "first", "median", "slowest", "bar", ""],
  [
    "ready after",
    `${opening.toFixed(0)} ms`,
    `${median(later).toFixed(1)} ms`,
    `${slowest.toFixed(1)} ms`,
    `${bars.milliseconds} ms`,
    verdict(slowest < bars.milliseconds),
  ],
]);
process.exit();
