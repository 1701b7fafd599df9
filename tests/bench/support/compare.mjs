// Two Workers, each in a process of its own, that get their requests in turns, one each: whatever else keeps the machine
// busy slows both. What counts is the median of the rounds' ratios.

import assert from "node:assert/strict";
import { median } from "./measure.mjs";
import { cpuOf } from "./process-cost.mjs";

/** Requests until V8 has compiled what is hot; it takes a while on a busy machine. */
const warmUp = { requests: 4000, microseconds: 0, mostMs: 12_000 };
/** CPU is counted in steps of 10 ms, so a round takes at least 30 of them. */
const round = { requests: 100, microseconds: 300_000, mostMs: 3000 };
const rounds = 7;
/** Pairs of requests under way at a time. */
const concurrency = 6;

/**
 * CPU per request of `ours` and of `theirs` for a workload: `{ ours, theirs, ratio, lowest, highest }`, the costs in
 * microseconds.
 */
export async function compareCosts(ours, theirs, workload) {
  ours.turn = theirs.turn = 0;
  await takeTurns(ours, theirs, workload, warmUp);
  const pairs = [];
  for (let index = 0; index < rounds; index++)
    pairs.push(await takeTurns(ours, theirs, workload, round));
  const ratios = pairs.map(([left, right]) => left / right);
  return {
    ours: median(pairs.map(([left]) => left)),
    theirs: median(pairs.map(([, right]) => right)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
}

/** CPU per request of both, over so many requests and so much CPU of the cheaper one, or when time is up. */
async function takeTurns(ours, theirs, workload, { requests, microseconds, mostMs }) {
  const end = performance.now() + mostMs;
  const begin = [cpuOf(ours.pid), cpuOf(theirs.pid)];
  const spent = () => [cpuOf(ours.pid) - begin[0], cpuOf(theirs.pid) - begin[1]];
  const over = () =>
    performance.now() >= end || (sent >= requests && Math.min(...spent()) >= microseconds);
  let sent = 0;
  const loop = async () => {
    while (sent % 16 !== 0 || !over()) {
      const order = sent++ % 2 === 0 ? [ours, theirs] : [theirs, ours];
      for (const server of order) {
        const { status } = await server.send(workload);
        if (status >= 400) throw new Error(`${workload.name}: status ${status}`);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return spent().map((cpu) => cpu / sent);
}

/** Both answer a workload with 200 and the same JSON, members in any order; empty lists may be left out. */
export async function expectSameAnswers(ours, theirs, workload) {
  ours.turn = theirs.turn = 0;
  const answers = [];
  for (const server of [ours, theirs]) {
    const { status, bytes } = await server.send(workload);
    assert.equal(status, 200, `${workload.name}: ${bytes}`);
    answers.push(comparable(JSON.parse(bytes.toString())));
  }
  assert.deepEqual(answers[0], answers[1], workload.name);
}

function comparable(value) {
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((name) => !(Array.isArray(value[name]) && value[name].length === 0))
      .sort()
      .map((name) => [name, comparable(value[name])]),
  );
}
