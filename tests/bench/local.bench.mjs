// cloesce/local beside Miniflare's bindings from Node and node:sqlite by hand: the same calls, in turns, results compared.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLocal } from "../../dist/local/index.js";
import { startMiniflare } from "../support/miniflare.mjs";

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const root = mkdtempSync(path.join(tmpdir(), "cloesce-bench-"));
const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"] };
const memory = await createLocal({ memory: true, cache: true, ...stores });
const disk = await createLocal({ root, cache: true, ...stores });
const miniflare = await startMiniflare({ ...stores, root: path.join(root, "miniflare") });
const sides = {
  memory: memory.env,
  disk: disk.env,
  miniflare: await miniflare.getBindings(),
};

const kilobyte = new Uint8Array(1024).fill(7);
const megabyte = new Uint8Array(1024 * 1024).fill(7);
const setUp = async ({ KV, FILES, DB }) => {
  await KV.put("key", kilobyte);
  await FILES.put("key", megabyte);
  await DB.prepare("create table t(id integer primary key, a text)").run();
  await DB.prepare(
    "insert into t(id, a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) select i, 'row ' || i from n",
  ).run();
};
for (const env of Object.values(sides)) await setUp(env);

const size = async (body) => (await new Response(body).arrayBuffer()).byteLength;
const cases = {
  "KV put 1 KB": ({ KV }) => KV.put("key", kilobyte),
  "KV get 1 KB": async ({ KV }) => (await KV.get("key", "arrayBuffer")).byteLength,
  "R2 put 1 MiB": async ({ FILES }) => (await FILES.put("key", megabyte)).etag,
  "R2 get 1 MiB": async ({ FILES }) => size((await FILES.get("key")).body),
  "R2 get 1 KB of it": async ({ FILES }) =>
    size((await FILES.get("key", { range: { offset: 500_000, length: 1024 } })).body),
  "D1 select by key": ({ DB }) => DB.prepare("select * from t where id = ?").bind(500).first(),
  "D1 batch of 10": async ({ DB }) => {
    const select = DB.prepare("select * from t where id = ?");
    const found = await DB.batch(Array.from({ length: 10 }, (_, index) => select.bind(index + 1)));
    return found.map(({ results }) => results);
  },
};

/** Calls a second, of as many calls as fit in some 150 ms. */
async function rate(work) {
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < 150) {
    await work();
    count += 1;
  }
  return (count * 1000) / (performance.now() - started);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const shown = (number) => Math.round(number).toLocaleString("en").padStart(10);

console.log(
  `${"calls a second".padEnd(20)}${Object.keys(sides)
    .map((name) => name.padStart(10))
    .join("")}   disk / Miniflare`,
);
for (const [name, run] of Object.entries(cases)) {
  const answers = [];
  for (const env of Object.values(sides)) answers.push(await run(env));
  for (const answer of answers) assert.deepEqual(answer, answers[0], name);
  const rates = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [side, env] of Object.entries(sides)) rates[side].push(await rate(() => run(env)));
  const medians = Object.values(rates).map(median);
  console.log(
    `${name.padEnd(20)}${medians.map(shown).join("")}   ${(medians[1] / medians[2]).toFixed(1)}`,
  );
}

const bare = new DatabaseSync(":memory:");
bare.exec("create table t(id integer primary key, a text)");
bare.exec(
  "insert into t(id, a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) select i, 'row ' || i from n",
);
const statement = bare.prepare("select * from t where id = ?");
const [own, hand] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  own.push(await rate(() => cases["D1 select by key"](sides.memory)));
  hand.push(await rate(async () => statement.get(500)));
}
console.log(
  `D1 select by key is ${(median(own) / median(hand)).toFixed(2)} of node:sqlite by hand`,
);

for (const keys of [2000, 200_000]) {
  const local = await createLocal({ memory: true, kv: ["KV"] });
  for (let index = 0; index < keys; index += 1) await local.env.KV.put(`key ${index}`, "");
  const rates = [];
  for (let round = 0; round < rounds; round += 1)
    rates.push(await rate(() => local.env.KV.list({ prefix: "key 1", limit: 100 })));
  console.log(
    `a page of 100 of ${keys.toLocaleString("en")} keys: ${shown(median(rates)).trim()} a second`,
  );
  local.close();
}

memory.close();
disk.close();
await miniflare.dispose();
rmSync(root, { recursive: true, force: true });
process.exit();
