// cloesce/nats beside @nats-io/kv on one real nats-server: the same calls, in turns, results compared.
import assert from "node:assert/strict";
import { Kvm } from "@nats-io/kv";
import { connect as connectClient } from "@nats-io/transport-node";
import { cached, connect } from "../../dist/nats/index.js";
import { natsServers, noServer, startNats } from "../support/nats-server.mjs";

const newest = natsServers().at(-1);
if (newest === undefined) {
  console.log(`skipped: ${noServer}`);
  process.exit();
}

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
/** Rounds until both sides are compiled: what a process does once says little of one that serves. */
const warmUps = 5;
const keys = Number(process.env.BENCH_KEYS ?? 10_000);
const server = await startNats(newest);
const history = await connect({ servers: server.url });
const connection = await connectClient({ servers: server.url });
const manager = new Kvm(connection);
const value = new Uint8Array(256).fill(120);
const metadata = '{"a":1}';

const ours = await history.bucket("ours", { history: 1 });
const theirs = await manager.create("theirs", { history: 1 });
const oursWritten = await history.bucket("ours-written", { history: 1 });
const theirsWritten = await manager.create("theirs-written", { history: 1 });
const theirsOfOurs = await manager.open("ours");
// Reads by the leader on both sides: theirs are direct ones unless they are told not to be.
const theirsOfLeader = await manager.open("theirs", { allow_direct: false });

const fill = async (put) => {
  for (let at = 0; at < keys; at += 500)
    await Promise.all(Array.from({ length: 500 }, (_, index) => put(`key.${at + index}`)));
};
await fill((key) => ours.put(key, value, { headers: { "KV-Metadata": metadata } }));
await fill((key) => theirs.put(key, value));

const seconds = async (work) => {
  const started = performance.now();
  const answer = await work();
  return { time: (performance.now() - started) / 1000, answer };
};
const count = async (iterable) => {
  let number = 0;
  for await (const one of iterable) number += one === undefined ? 0 : 1;
  return number;
};
/** Reads of each entry what lists are read for. */
const countMetadata = async (entries) => {
  let number = 0;
  for await (const { revision, headers } of entries)
    number += revision > 0 && headers["KV-Metadata"] === metadata ? 1 : 0;
  return number;
};
const times = async (number, work) => {
  for (let index = 0; index < number; index += 1) await work(index);
};
const watchAll = async (iterable, isEntry) => {
  let number = 0;
  for await (const entry of iterable) {
    if (isEntry(entry)) number += 1;
    if (number === keys) break;
  }
  return number;
};

const cases = {
  "put, one after another": {
    of: 500,
    ours: () => times(500, (index) => oursWritten.put(`key.${index}`, value)),
    theirs: () => times(500, (index) => theirsWritten.put(`key.${index}`, value)),
  },
  "put, 1,000 at once": {
    of: 1000,
    ours: () =>
      Promise.all(
        Array.from({ length: 1000 }, (_, index) => oursWritten.put(`key.${index}`, value)),
      ),
    theirs: () =>
      Promise.all(
        Array.from({ length: 1000 }, (_, index) => theirsWritten.put(`key.${index}`, value)),
      ),
  },
  "get by the leader": {
    of: 500,
    ours: () => times(500, (index) => ours.get(`key.${index}`)),
    theirs: () => times(500, (index) => theirsOfLeader.get(`key.${index}`)),
  },
  "get that may be stale": {
    of: 500,
    ours: () => times(500, (index) => ours.get(`key.${index}`, { stale: true })),
    theirs: () => times(500, (index) => theirs.get(`key.${index}`)),
  },
  [`keys of ${keys}`]: {
    of: 1,
    ours: () => count(ours.keys()),
    theirs: async () => count(await theirs.keys()),
  },
  // The same entries on both sides, of the same bucket.
  [`list of ${keys} with metadata (theirs: keys)`]: {
    of: 1,
    ours: () => countMetadata(ours.list()),
    theirs: async () => count(await theirsOfOurs.keys()),
  },
  "  … theirs of a bucket without metadata": {
    of: 1,
    ours: () => countMetadata(ours.list()),
    theirs: async () => count(await theirs.keys()),
  },
  [`watch of ${keys} entries`]: {
    of: 1,
    ours: () => watchAll(ours.watch(), (entry) => entry !== null),
    theirs: async () => watchAll(await theirs.watch(), () => true),
  },
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const shown = (number) =>
  (number >= 100 ? Math.round(number).toLocaleString("en") : number.toFixed(1)).padStart(14);

console.log(
  `nats-server ${newest.version}, values of ${value.byteLength} bytes; calls a second, medians of ${rounds}\n`,
);
console.log(`${"".padEnd(46)}${"cloesce/nats".padStart(14)}${"@nats-io/kv".padStart(14)}   times`);
// Round by round, so that what the machine does besides is done to every case alike.
const rates = Object.fromEntries(
  Object.keys(cases).map((name) => [name, { ours: [], theirs: [] }]),
);
for (let round = 1 - warmUps; round <= rounds; round += 1) {
  for (const [name, { of, ...sides }] of Object.entries(cases)) {
    const answers = {};
    for (const side of round % 2 === 0 ? ["ours", "theirs"] : ["theirs", "ours"]) {
      const { time, answer } = await seconds(sides[side]);
      answers[side] = answer;
      if (round > 0) rates[name][side].push(of / time);
    }
    if (typeof answers.ours === "number") assert.equal(answers.ours, answers.theirs, name);
  }
}
const results = {};
for (const [name, sides] of Object.entries(rates)) {
  const [mine, other] = [median(sides.ours), median(sides.theirs)];
  results[name] = mine;
  console.log(`${name.padEnd(46)}${shown(mine)}${shown(other)}   ${(mine / other).toFixed(2)}`);
}
const batch = results["put, 1,000 at once"] / results["put, one after another"];
console.log(
  `\n1,000 puts at once are ${batch.toFixed(1)} times as fast as one after another (goal 5)`,
);

const cache = cached(ours);
await cache.ready();
const { time } = await seconds(() => times(200_000, (index) => cache.get(`key.${index % keys}`)));
const rate = 200_000 / time;
const gain = rate / results["get by the leader"];
console.log(
  `a cached get: ${shown(rate).trim()} a second, ${gain.toFixed(0)} times a get (goal 100)`,
);
cache.close();

const many = await history.bucket("many", { history: 1 });
const large = new Uint8Array(1024).fill(120);
for (let at = 0; at < 100_000; at += 1000)
  await Promise.all(
    Array.from({ length: 1000 }, (_, index) => many.put(`key.${at + index}`, large)),
  );
const used = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const before = used();
const full = cached(many, { bytes: 256 * 1024 * 1024 });
await full.ready();
await new Promise((resolve) => setTimeout(resolve, 500));
const { keys: held, bytes } = full.cache;
const more = (used() - before) / bytes;
console.log(
  `a cache of ${held.toLocaleString("en")} keys of 1 KiB: ${more.toFixed(2)} times the bytes of keys and values (goal at most 1.5)` +
    (globalThis.gc === undefined ? ", measured without --expose-gc" : ""),
);
full.close();
await connection.close();
await history.close();
await server.stop();
