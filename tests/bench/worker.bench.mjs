// End to end in workerd: CPU time of the runtime's process per request, as a ratio to a hand-written Worker with the
// same routes, and how much later a fresh isolate answers. Both run at once, each in its own workerd with its own D1,
// and take turns in short rounds, so that a busy machine slows both.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { compileBenchProject, orderBody, saveBody } from "./support/bench-project.mjs";
import { median, printTable } from "./support/measure.mjs";

const authors = 100;
const children = 5;
const rounds = 5;
const roundMs = 600;
const concurrency = 8;
const coldStarts = 9;

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
  },
  {
    name: "list of 100 rows with 5 + 5 children each",
    method: "GET",
    path: "/api/Author/list?__datasource=all",
  },
  {
    name: "nested save of 1 + 10",
    method: "POST",
    path: "/api/Author/save?__datasource=shelf",
    body: (turn) => saveBody((turn % 50) + 1000, 10),
  },
];

const here = fileURLToPath(new URL(".", import.meta.url));
const wasm = readFileSync(path.join(here, "../../dist/cloesce-runtime.wasm"));

/** One module from `entry`; the wasm stays an import. */
async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    alias: { "cloesce/backend": path.join(here, "../../dist/backend/workerd.js") },
    plugins: [
      {
        name: "wasm",
        setup: (hooks) =>
          hooks.onResolve({ filter: /\.wasm$/ }, () => ({ path: "./core.wasm", external: true })),
      },
    ],
  });
  return outputFiles[0].text;
}

/** Pids of the workerd processes that this process has started. */
function runtimes() {
  const found = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
      if (name === "workerd" && Number(rest.split(" ")[1]) === process.pid)
        found.push(Number(entry));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Clock ticks (10 ms) that a process has spent, in user and system mode. */
function ticksOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

class Worker {
  static async start(script, withCore, schema) {
    const before = new Set(runtimes());
    const modules = [{ type: "ESModule", path: "worker.mjs", contents: script }];
    if (withCore) modules.push({ type: "CompiledWasm", path: "core.wasm", contents: wasm });
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        modules,
        modulesRoot: "/",
        compatibilityDate: "2026-11-01",
        d1Databases: { db: "db" },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      }),
    );
    await miniflare.ready;
    const url = await miniflare.unsafeGetDirectURL();
    const pid = runtimes().find((candidate) => !before.has(candidate));
    if (pid === undefined) throw new Error("workerd's process cannot be told");
    const database = await miniflare.getD1Database("db");
    await database.batch(schema.map((sql) => database.prepare(sql)));
    return new Worker(miniflare, url, pid);
  }

  constructor(miniflare, url, pid) {
    this.miniflare = miniflare;
    this.url = url;
    this.pid = pid;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
    this.turn = 0;
  }

  async send(workload) {
    const turn = this.turn++;
    const pathname = typeof workload.path === "string" ? workload.path : workload.path(turn);
    const body = workload.body?.(turn);
    const headers =
      body === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request(new URL(pathname, this.url), {
      method: workload.method,
      headers,
      agent: this.agent,
    });
    request.end(body);
    const [response] = await once(request, "response");
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    await once(response, "end");
    return { status: response.statusCode, text: Buffer.concat(chunks).toString() };
  }

  /** Microseconds of CPU per request over `milliseconds` of requests. */
  async cost(workload, milliseconds) {
    const end = performance.now() + milliseconds;
    const begin = ticksOf(this.pid);
    let requests = 0;
    const loop = async () => {
      while (performance.now() < end) {
        await this.send(workload);
        requests++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
    return ((ticksOf(this.pid) - begin) * 10_000) / requests;
  }

  stop() {
    this.agent.destroy();
    return this.miniflare.dispose();
  }
}

function schemaOf() {
  return [
    "CREATE TABLE Author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, born TEXT)",
    "CREATE TABLE Book (id INTEGER PRIMARY KEY, title TEXT NOT NULL, pages INTEGER NOT NULL, price REAL NOT NULL, authorId INTEGER NOT NULL REFERENCES Author (id))",
    "CREATE TABLE Award (id INTEGER PRIMARY KEY, title TEXT NOT NULL, year INTEGER NOT NULL, authorId INTEGER NOT NULL REFERENCES Author (id))",
    "CREATE INDEX book_author ON Book (authorId)",
    "CREATE INDEX award_author ON Award (authorId)",
    `INSERT INTO Author SELECT value, 'Author ' || value, 'London', '1815-12-10' FROM generate_series(1, ${authors})`,
    `INSERT INTO Book SELECT value, 'The title of book ' || value, 200 + value % 300, 12.5 + value, (value - 1) / ${children} + 1 FROM generate_series(1, ${authors * children})`,
    `INSERT INTO Award SELECT value, 'Award ' || value, 1900 + value % 100, (value - 1) / ${children} + 1 FROM generate_series(1, ${authors * children})`,
  ].map((sql) =>
    sql.replace(
      /FROM generate_series\(1, (\d+)\)/,
      "FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < $1) SELECT value FROM n)",
    ),
  );
}

/** Values in the same order of members, dates as days, so that answers of both workers can be compared. */
function comparable(text) {
  const sort = (value) => {
    if (Array.isArray(value)) return value.map(sort);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.keys(value)
        .filter((key) => !(Array.isArray(value[key]) && value[key].length === 0))
        .sort()
        .map((key) => [key, sort(value[key])]),
    );
  };
  return sort(JSON.parse(text));
}

async function compareCosts(cloesce, hand) {
  const table = [["CPU per request in workerd", "cloesce", "hand-written", "ratio", "range"]];
  for (const workload of workloads) {
    cloesce.turn = hand.turn = 0;
    const [ours, theirs] = [await cloesce.send(workload), await hand.send(workload)];
    assert.equal(ours.status, 200, ours.text);
    assert.equal(theirs.status, 200, theirs.text);
    assert.deepEqual(comparable(ours.text), comparable(theirs.text));
    for (const worker of [cloesce, hand]) await worker.cost(workload, roundMs);
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? [cloesce, hand] : [hand, cloesce];
      const costs = new Map();
      for (const worker of order) costs.set(worker, await worker.cost(workload, roundMs));
      pairs.push([costs.get(cloesce), costs.get(hand)]);
    }
    const ratios = pairs.map(([left, right]) => left / right);
    const [left, right] = [
      median(pairs.map((pair) => pair[0])),
      median(pairs.map((pair) => pair[1])),
    ];
    table.push([
      workload.name,
      `${left.toFixed(0)} µs`,
      `${right.toFixed(0)} µs`,
      `${median(ratios).toFixed(2)}×`,
      `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    ]);
  }
  printTable(table);
}

/** How long the first request of a fresh isolate takes, in milliseconds: workers are loaded anew each time. */
async function firstAnswer(script, withCore, schema) {
  const worker = await Worker.start(script, withCore, schema);
  try {
    const begin = performance.now();
    const { status } = await worker.send(workloads[0]);
    assert.equal(status, 200);
    return performance.now() - begin;
  } finally {
    await worker.stop();
  }
}

const folder = await compileBenchProject();
const ours = await bundle(path.join(folder, ".generated/workers.ts"));
const theirs = await bundle(path.join(here, "support/hand-written.mjs"));
const schema = schemaOf();

const cloesce = await Worker.start(ours, true, schema);
const hand = await Worker.start(theirs, false, schema);
try {
  await compareCosts(cloesce, hand);
} finally {
  await cloesce.stop();
  await hand.stop();
}

const starts = { ours: [], theirs: [] };
for (let index = 0; index < coldStarts; index++) {
  starts.ours.push(await firstAnswer(ours, true, schema));
  starts.theirs.push(await firstAnswer(theirs, false, schema));
}
console.log();
printTable([
  ["first answer of a fresh isolate", "cloesce", "hand-written", "later by"],
  [
    `median of ${coldStarts}`,
    `${median(starts.ours).toFixed(1)} ms`,
    `${median(starts.theirs).toFixed(1)} ms`,
    `${(median(starts.ours) - median(starts.theirs)).toFixed(1)} ms`,
  ],
]);
