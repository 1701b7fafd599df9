// End to end in workerd: CPU time of the runtime's process per request as a ratio to a hand-written Worker with the
// same routes. Both run at once, each in its own workerd with its own D1, and take turns. What D1 costs is in both: its
// local form runs in the same process.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compileBenchProject, orderBody, saveBody } from "./support/bench-project.mjs";
import { bundle, runtimeModule } from "./support/bundle.mjs";
import { compareCosts, comparisonCells, expectSameAnswers } from "./support/compare.mjs";
import { authors, librarySchema, profileFacts, profiles } from "./support/library.mjs";
import { printTable, progress, verdict } from "./support/measure.mjs";
import { WorkerdServer } from "./support/workerd.mjs";

const workloads = [
  {
    name: "JSON method, validated",
    bar: 1,
    method: "POST",
    path: "/api/Shop/total",
    body: () => orderBody(8),
  },
  {
    name: "service in a service, with init",
    bar: 1,
    method: "GET",
    path: (turn) => `/api/Desk/quote?sku=SKU-${turn % 1000}&count=${turn % 7}`,
  },
  {
    name: "one row",
    bar: 1,
    method: "GET",
    path: (turn) => `/api/Author/get?id=${(turn % authors) + 1}&__datasource=none`,
  },
  {
    name: "a row with 5 + 5 children",
    bar: 0.67,
    method: "GET",
    path: (turn) => `/api/Author/get?id=${(turn % authors) + 1}&__datasource=all`,
  },
  {
    name: "list of 100 rows with 5 + 5 children each",
    bar: 0.67,
    method: "GET",
    path: "/api/Author/list?__datasource=all",
  },
  {
    name: "a row with 20 values in KV",
    bar: 1,
    method: "GET",
    path: (turn) => `/api/Profile/get?id=${(turn % profiles) + 1}&__datasource=facts`,
  },
  {
    name: "nested save of 1 + 10",
    bar: 1,
    method: "POST",
    path: "/api/Author/save?__datasource=shelf",
    body: (turn) => saveBody((turn % 50) + 1000, 10),
  },
];

const support = fileURLToPath(new URL("support", import.meta.url));
const asked = process.argv.slice(2);
const folder = await compileBenchProject();
const scripts = {
  ours: await bundle(path.join(folder, ".generated/workers.ts")),
  theirs: await bundle(path.join(support, "hand-written.mjs")),
};

const storage = {
  schema: librarySchema,
  facts: profileFacts,
  options: { bindings: { currency: "EUR" } },
};
const [ours, theirs] = [
  await WorkerdServer.start(scripts.ours, { ...storage, withCore: true }),
  await WorkerdServer.start(scripts.theirs, storage),
];
try {
  const table = [
    ["CPU per request in workerd", "cloesce", "hand-written", "ratio", "rounds", "bar", ""],
  ];
  const wanted = workloads.filter(
    ({ name }) => asked.length === 0 || asked.some((word) => name.includes(word)),
  );
  for (const [index, workload] of wanted.entries()) {
    progress(`${workload.name} (${index + 1} of ${wanted.length})`);
    await expectSameAnswers(ours, theirs, workload);
    const cost = await compareCosts(ours, theirs, workload);
    table.push([workload.name, ...comparisonCells(cost, workload.bar)]);
  }
  printTable(table);
} finally {
  await Promise.all([ours.stop(), theirs.stop()]);
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const size = {
  script: gzip(scripts.ours),
  core: gzip(runtimeModule()),
  theirs: gzip(scripts.theirs),
};
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
printTable([
  ["bundle, gzip", "script", "wasm", "together", "bar", ""],
  [
    "cloesce, with the project",
    kilobytes(size.script),
    kilobytes(size.core),
    kilobytes(size.script + size.core),
    "64 KiB",
    verdict(size.script + size.core <= 65_536),
  ],
  ["hand-written", kilobytes(size.theirs), "", kilobytes(size.theirs), "", ""],
]);
