// cloesce/local beside Miniflare's bindings, from Node (those that getPlatformProxy gives) and inside workerd, and beside SQLite by
// hand: the same calls, in turns, results compared. Then pages of lists of many keys, and 1 GiB in and out.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import BetterSqlite from "better-sqlite3";
import { createLocal } from "../../dist/local/index.js";
import { startMiniflare } from "../support/miniflare.mjs";
import { cases, rows, selectByKey, setUp, table } from "./support/local-cases.mjs";
import { fillKeys } from "./support/local-keys.mjs";
import { median, printTable, progress, verdict } from "./support/measure.mjs";

const bars = { miniflare: 5, hand: 0.7, page: 1.3, mebibytes: 64 };
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const root = mkdtempSync(path.join(tmpdir(), "cloesce-bench-"));
const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"] };
const memory = await createLocal({ memory: true, cache: true, ...stores });
const disk = await createLocal({ root, cache: true, ...stores });
const modules = ["local-worker.mjs", "local-cases.mjs"].map((name) => ({
  type: "ESModule",
  path: name,
  contents: readFileSync(new URL(`support/${name}`, import.meta.url), "utf8"),
}));
const miniflare = await startMiniflare({ ...stores, modules, root: path.join(root, "miniflare") });
const workerdUrl = await miniflare.ready;

async function inWorkerd(asked) {
  const response = await fetch(workerdUrl, { method: "POST", body: JSON.stringify(asked) });
  assert.equal(response.status, 200);
  return response.json();
}

/** Runs a case of local-cases.mjs `calls` times on bindings of this process, one after the other. */
const inProcess = (env) => async (name, calls) => {
  let answer = null;
  for (let call = 0; call < calls; call += 1) answer = await cases[name](env);
  return answer;
};
const environments = {
  memory: { ...memory.env, cache: memory.caches.default },
  disk: { ...disk.env, cache: disk.caches.default },
  "Miniflare from Node": {
    ...(await miniflare.getBindings()),
    cache: (await miniflare.getCaches()).default,
  },
};
const sides = {
  ...Object.fromEntries(Object.entries(environments).map(([side, env]) => [side, inProcess(env)])),
  "inside workerd": (name, calls) => inWorkerd({ name, calls }),
};

for (const side of ["memory", "disk"]) {
  progress(`filling ${side}`);
  await setUp(environments[side]);
}
progress("filling Miniflare");
await inWorkerd({});

/** Milliseconds by the clock, and of this process's CPU: what goes on in here alone is measured by that, however busy the machine is. */
const clocks = {
  wall: () => performance.now(),
  own: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/**
 * Calls a second, of as many calls as fit in some 150 ms. `work` makes as many as it is told: those of some 40 ms, so that asking
 * workerd for them costs little.
 */
async function rate(work, clock) {
  const started = clock();
  let count = 0;
  let spent = 0;
  for (let calls = 1; spent < 150; calls = Math.max(1, Math.ceil((count / spent) * 40))) {
    await work(calls);
    count += calls;
    spent = Math.max(clock() - started, 0.01);
  }
  return (count * 1000) / spent;
}

/** The median rates of contenders that take turns. */
async function ratesOf(contenders, clock) {
  const rates = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, work] of Object.entries(contenders))
      rates[name].push(await rate(work, clock));
  return Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
}

const shown = (number) => Math.round(number).toLocaleString("en");

const beside = [
  ["calls a second", ...Object.keys(sides), "disk / from Node", "bar", "", "disk / inside"],
];
for (const name of Object.keys(cases)) {
  progress(name);
  const answers = [];
  for (const run of Object.values(sides)) answers.push(await run(name, 1));
  for (const answer of answers) assert.deepEqual(answer, answers[0], name);
  const rates = await ratesOf(
    Object.fromEntries(
      Object.entries(sides).map(([side, run]) => [side, (calls) => run(name, calls)]),
    ),
    clocks.wall,
  );
  const ratio = rates.disk / rates["Miniflare from Node"];
  beside.push([
    name,
    ...Object.values(rates).map(shown),
    ratio.toFixed(1),
    bars.miniflare,
    verdict(ratio >= bars.miniflare),
    (rates.disk / rates["inside workerd"]).toFixed(1),
  ]);
}
printTable(beside);

// What somebody would write who has the rows in a database of the same kind, and nothing else.
const byHand = [
  [
    "D1 beside SQLite by hand",
    "cloesce",
    "node:sqlite",
    "ratio",
    "bar",
    "",
    "better-sqlite3",
    "ratio",
  ],
];
const libraries = { "node:sqlite": DatabaseSync, "better-sqlite3": BetterSqlite };

/** The cases of D1 on a database of a library. Both have the same methods. */
function handWritten(Database, file) {
  const database = new Database(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${table}`);
  database.exec(rows);
  const [select, begin, commit] = [selectByKey, "begin", "commit"].map((sql) =>
    database.prepare(sql),
  );
  const run = {
    "D1 select by key": async () => select.get(500),
    "D1 batch of 10": async () => {
      begin.run();
      const found = Array.from({ length: 10 }, (_, index) => select.all(index + 1));
      commit.run();
      return found;
    },
  };
  return { database, run };
}

for (const side of ["memory", "disk"]) {
  const hands = Object.entries(libraries).map(([library, Database]) => [
    library,
    handWritten(
      Database,
      side === "memory" ? ":memory:" : path.join(root, `${library.replace(":", "-")}.sqlite`),
    ),
  ]);
  for (const name of ["D1 select by key", "D1 batch of 10"]) {
    progress(`${name}, ${side}`);
    const answer = JSON.stringify(await sides[side](name, 1));
    const contenders = { cloesce: (calls) => sides[side](name, calls) };
    for (const [library, { run }] of hands) {
      assert.equal(JSON.stringify(await run[name]()), answer, library);
      contenders[library] = async (calls) => {
        for (let call = 0; call < calls; call += 1) await run[name]();
      };
    }
    const rates = await ratesOf(contenders, clocks.own);
    const [ratio, other] = Object.keys(libraries).map((library) => rates.cloesce / rates[library]);
    byHand.push([
      `${name}, ${side}`,
      shown(rates.cloesce),
      shown(rates["node:sqlite"]),
      ratio.toFixed(2),
      bars.hand,
      verdict(ratio >= bars.hand),
      shown(rates["better-sqlite3"]),
      other.toFixed(2),
    ]);
  }
  for (const [, { database }] of hands) database.close();
}
printTable(byHand);
memory.close();
disk.close();
await miniflare.dispose();

const pages = [["a page of 100 keys", "pages a second", "2,000 / these", "bar", ""]];
const lists = {};
for (const keys of [2000, 200_000, 2_000_000]) {
  progress(`${shown(keys)} keys`);
  const folder = path.join(root, `keys-${keys}`);
  await fillKeys(folder, keys);
  const local = await createLocal({ root: folder, kv: ["KV"] });
  const options = { prefix: "key 1", limit: 100 };
  assert.equal((await local.env.KV.list(options)).keys.length, 100);
  const list = async (calls) => {
    for (let call = 0; call < calls; call += 1) await local.env.KV.list(options);
  };
  lists[shown(keys)] = { local, list };
}
const listRates = await ratesOf(
  Object.fromEntries(Object.entries(lists).map(([keys, { list }]) => [keys, list])),
  clocks.own,
);
for (const [keys, calls] of Object.entries(listRates)) {
  const ratio = listRates["2,000"] / calls;
  pages.push([
    `of ${keys}`,
    shown(calls),
    ratio.toFixed(2),
    bars.page,
    verdict(ratio <= bars.page),
  ]);
}
printTable(pages);
for (const { local } of Object.values(lists)) local.close();

progress("1 GiB in and out");
const stream = fileURLToPath(new URL("support/local-stream.mjs", import.meta.url));
const { stdout } = spawnSync(process.execPath, ["--expose-gc", stream, path.join(root, "large")], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
const flat = [["1 GiB through R2 on disk", "MiB a second", "more memory", "bar", ""]];
for (const [name, { milliseconds, more }] of Object.entries(JSON.parse(stdout))) {
  const mebibytes = more / (1 << 20);
  flat.push([
    name,
    shown((1024 * 1000) / milliseconds),
    `${mebibytes.toFixed(0)} MiB`,
    `${bars.mebibytes} MiB`,
    verdict(mebibytes <= bars.mebibytes),
  ]);
}
printTable(flat);
rmSync(root, { recursive: true, force: true });
process.exit();
