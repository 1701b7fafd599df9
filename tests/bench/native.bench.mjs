// The native micro-benchmarks, Google Benchmark programs of build/native-release, beside the design's bars: the fastest
// of some repetitions of each.

import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { printTable, progress, verdict } from "./support/measure.mjs";

const folder = fileURLToPath(new URL("../../build/native-release/tests/bench", import.meta.url));
const nanosecondsPer = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** Most nanoseconds that a benchmark may take; the others are there to be compared with earlier ones. */
const bars = {
  "orm find_plan": 1e3,
  "orm map_objects/1000": 2e6,
  "orm plan_save/10": 20e3,
};

/** The fastest run of each benchmark of a program: its nanoseconds, and bytes per second where it counts them. */
async function measure(program) {
  const { stdout } = await promisify(execFile)(path.join(folder, program), [
    "--benchmark_format=json",
    "--benchmark_min_time=0.1",
    "--benchmark_repetitions=3",
  ]);
  const fastest = new Map();
  for (const run of JSON.parse(stdout).benchmarks) {
    if (run.run_type !== "iteration") continue;
    const time = run.cpu_time * nanosecondsPer[run.time_unit];
    if (!(fastest.get(run.run_name)?.time < time))
      fastest.set(run.run_name, { time, speed: run.bytes_per_second });
  }
  return fastest;
}

function shown(nanoseconds) {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`;
  return nanoseconds < 1e6
    ? `${(nanoseconds / 1e3).toFixed(2)} µs`
    : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}

const table = [["natively", "measured", "speed", "bar", ""]];
for (const program of readdirSync(folder).filter((name) => /^bench_[a-z0-9_]+$/.test(name))) {
  const room = program.slice("bench_".length);
  progress(`natively: ${room}`);
  for (const [benchmark, { time, speed }] of await measure(program)) {
    const name = `${room} ${benchmark}`;
    const bar = bars[name];
    table.push([
      name,
      shown(time),
      speed === undefined ? "" : `${(speed / 1e9).toFixed(2)} GB/s`,
      bar === undefined ? "" : shown(bar),
      bar === undefined ? "" : verdict(time <= bar),
    ]);
  }
}
const unknown = Object.keys(bars).filter(
  (name) => !table.some(([benchmark]) => benchmark === name),
);
if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(", ")}`);
printTable(table);
