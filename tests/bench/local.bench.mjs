// cloesce/local beside Miniflare's bindings from Node and node:sqlite by hand: the same calls, in turns, results compared. Then
// pages of lists of many keys, and 1 GiB in and out.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createLocal } from "../../dist/local/index.js";
import { startMiniflare } from "../support/miniflare.mjs";
import { fillKeys } from "./support/local-keys.mjs";
import { median, printTable, progress, verdict } from "./support/measure.mjs";

const bars = { miniflare: 5, hand: 0.7, page: 1.3, mebibytes: 64 };
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const root = mkdtempSync(path.join(tmpdir(), "cloesce-bench-"));
const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"] };
const memory = await createLocal({ memory: true, cache: true, ...stores });
const disk = await createLocal({ root, cache: true, ...stores });
const miniflare = await startMiniflare({ ...stores, root: path.join(root, "miniflare") });
const sides = {
  memory: { ...memory.env, cache: memory.caches.default },
  disk: { ...disk.env, cache: disk.caches.default },
  miniflare: {
    ...(await miniflare.getBindings()),
    cache: (await miniflare.getCaches()).default,
  },
};

const kilobyte = new Uint8Array(1024).fill(7);
const megabyte = new Uint8Array(1024 * 1024).fill(7);
const url = "http://example.com/page";
const table = "create table t(id integer primary key, a text)";
const rows =
  "insert into t(id, a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) select i, 'row ' || i from n";
const selectByKey = "select * from t where id = ?";

async function setUp({ KV, FILES, DB, cache }) {
  for (let index = 0; index < 2000; index += 1) await KV.put(`key ${index}`, "");
  await KV.put("key", kilobyte);
  await FILES.put("key", megabyte);
  await DB.prepare(table).run();
  await DB.prepare(rows).run();
  const headers = { "cache-control": "max-age=10000", "content-type": "text/plain" };
  await cache.put(url, new Response(kilobyte, { headers }));
}
for (const [name, env] of Object.entries(sides)) {
  progress(`filling ${name}`);
  await setUp(env);
}

const size = async (body) => (await new Response(body).arrayBuffer()).byteLength;
const cases = {
  "KV put 1 KB": ({ KV }) => KV.put("key", kilobyte),
  "KV get 1 KB": async ({ KV }) => (await KV.get("key", "arrayBuffer")).byteLength,
  "KV list 1,000 of 2,000": async ({ KV }) => (await KV.list({ prefix: "key 1" })).keys.length,
  "R2 put 1 MiB": async ({ FILES }) => (await FILES.put("key", megabyte)).etag,
  "R2 get 1 MiB": async ({ FILES }) => size((await FILES.get("key")).body),
  "R2 get 1 KB of it": async ({ FILES }) =>
    size((await FILES.get("key", { range: { offset: 500_000, length: 1024 } })).body),
  "Cache match 1 KB": async ({ cache }) =>
    (await (await cache.match(url)).arrayBuffer()).byteLength,
  "D1 select by key": ({ DB }) => DB.prepare(selectByKey).bind(500).first(),
  "D1 batch of 10": async ({ DB }) => {
    const select = DB.prepare(selectByKey);
    const found = await DB.batch(Array.from({ length: 10 }, (_, index) => select.bind(index + 1)));
    return found.map(({ results }) => results);
  },
};

/** Milliseconds by the clock, and of this process's CPU: what goes on in here alone is measured by that, however busy the machine is. */
const clocks = {
  wall: () => performance.now(),
  own: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** Calls a second, of as many calls as fit in some 150 ms. The clock is not asked for each of them. */
async function rate(work, clock) {
  const started = clock();
  let count = 0;
  let spent = 0;
  for (let calls = 1; spent < 150; calls = Math.max(1, Math.ceil((count / spent) * 5))) {
    for (let call = 0; call < calls; call += 1) await work();
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

const beside = [["calls a second", ...Object.keys(sides), "disk / Miniflare", "bar", ""]];
for (const [name, run] of Object.entries(cases)) {
  progress(name);
  const answers = [];
  for (const env of Object.values(sides)) answers.push(await run(env));
  for (const answer of answers) assert.deepEqual(answer, answers[0], name);
  const rates = await ratesOf(
    Object.fromEntries(Object.entries(sides).map(([side, env]) => [side, () => run(env)])),
    clocks.wall,
  );
  const ratio = rates.disk / rates.miniflare;
  beside.push([
    name,
    ...Object.values(rates).map(shown),
    ratio.toFixed(1),
    bars.miniflare,
    verdict(ratio >= bars.miniflare),
  ]);
}
printTable(beside);

// What somebody would write who has the rows in a database of the same kind, and nothing else.
const byHand = [["D1 beside node:sqlite by hand", "cloesce", "by hand", "ratio", "bar", ""]];
for (const side of ["memory", "disk"]) {
  const database = new DatabaseSync(
    side === "memory" ? ":memory:" : path.join(root, "hand.sqlite"),
  );
  database.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${table}`);
  database.exec(rows);
  const [select, begin, commit] = [selectByKey, "begin", "commit"].map((sql) =>
    database.prepare(sql),
  );
  const hand = {
    "D1 select by key": async () => select.get(500),
    "D1 batch of 10": async () => {
      begin.run();
      const found = Array.from({ length: 10 }, (_, index) => select.all(index + 1));
      commit.run();
      return found;
    },
  };
  for (const [name, run] of Object.entries(hand)) {
    progress(`${name}, ${side}`);
    const own = () => cases[name](sides[side]);
    assert.equal(JSON.stringify(await own()), JSON.stringify(await run()));
    const rates = await ratesOf({ own, run }, clocks.own);
    const ratio = rates.own / rates.run;
    byHand.push([
      `${name}, ${side}`,
      shown(rates.own),
      shown(rates.run),
      ratio.toFixed(2),
      bars.hand,
      verdict(ratio >= bars.hand),
    ]);
  }
  database.close();
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
  lists[shown(keys)] = { local, list: () => local.env.KV.list(options) };
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
