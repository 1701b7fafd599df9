// Two Workers, each in a process of its own, that get their requests in turns, one each: whatever else keeps the machine
// busy slows both. What counts is the median of the rounds' ratios.

import assert from "node:assert/strict";
import { median, verdict } from "./measure.mjs";
import { cpuOf } from "./process-cost.mjs";

/** Until V8 has compiled what is hot; it takes a while on a busy machine. */
const warmUp = { requests: 4000, microseconds: 0, mostMs: 8000 };
/** CPU is counted in steps of 10 ms, so a round takes at least 30 of them. */
const round = { requests: 50, microseconds: 300_000, mostMs: 2500 };
const rounds = 7;
/** Pairs of requests under way at a time. */
const concurrency = 6;

/**
 * CPU per request of `ours` and of `theirs` for a workload, or for one each: `{ ours, theirs, ratio, lowest, highest }`,
 * the costs in microseconds.
 */
export async function compareCosts(ours, theirs, workload, theirWorkload = workload) {
  ours.turn = theirs.turn = 0;
  const contenders = [
    [ours, workload],
    [theirs, theirWorkload],
  ];
  await takeTurns(contenders, warmUp);
  const pairs = [];
  for (let index = 0; index < rounds; index++) pairs.push(await takeTurns(contenders, round));
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
async function takeTurns(contenders, { requests, microseconds, mostMs }) {
  const end = performance.now() + mostMs;
  const begin = contenders.map(([server]) => cpuOf(server.pid));
  const spent = () => contenders.map(([server], index) => cpuOf(server.pid) - begin[index]);
  const isOver = () =>
    performance.now() >= end || (sent >= requests && Math.min(...spent()) >= microseconds);
  let sent = 0;
  let over = false;
  const loop = async () => {
    while (!over) {
      const order = sent++ % 2 === 0 ? contenders : [...contenders].reverse();
      for (const [server, workload] of order) {
        const { status, bytes } = await server.send(workload);
        if (status >= 400) throw new Error(`${workload.name}: ${status} ${bytes}`);
      }
      over ||= sent % 16 === 0 && isOver();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return spent().map((cpu) => cpu / sent);
}

/** The cells of a comparison: both costs, the ratio and its range, and the bar if there is one. */
export function comparisonCells({ ours, theirs, ratio, lowest, highest }, bar) {
  return [
    `${ours.toFixed(0)} µs`,
    `${theirs.toFixed(0)} µs`,
    ratio.toFixed(2),
    `${lowest.toFixed(2)} to ${highest.toFixed(2)}`,
    bar === undefined ? "" : bar.toFixed(2),
    bar === undefined ? "" : verdict(ratio <= bar),
  ];
}

/** Both answer with 200 and the same JSON, members in any order; empty lists may be left out. */
export async function expectSameAnswers(ours, theirs, workload, theirWorkload = workload) {
  ours.turn = theirs.turn = 0;
  const answers = [];
  for (const [server, asked] of [
    [ours, workload],
    [theirs, theirWorkload],
  ]) {
    const { status, bytes } = await server.send(asked);
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
