// Many connections with good and hostile requests at once, some of which are abandoned: beside a hand-written Worker with
// the same routes, or so many requests against one Worker, to see whether it grows. Ends with 1 where an answer was wrong.
//
//   npm run bench -- load --seconds 60
//   npm run bench -- load --requests 1000000 --abandon 0.1

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compileBenchProject } from "./support/bench-project.mjs";
import { bundle } from "./support/bundle.mjs";
import { kinds } from "./support/load-mix.mjs";
import { librarySchema } from "./support/library.mjs";
import { LoadedServer, Outcome } from "./support/load-run.mjs";
import { median, printTable, progress, verdict } from "./support/measure.mjs";
import { WorkerdServer } from "./support/workerd.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    phase: { type: "string", default: "5" },
    "warm-up": { type: "string", default: "3" },
    requests: { type: "string" },
    connections: { type: "string", default: "200" },
    abandon: { type: "string" },
    seed: { type: "string", default: "1" },
    worker: { type: "string", default: "cloesce" },
  },
});
const requests = values.requests === undefined ? null : Number(values.requests);
const seconds = Number(values.seconds);
const phaseSeconds = Number(values.phase);
const warmUpSeconds = Number(values["warm-up"]);
const settings = {
  connections: Number(values.connections),
  abandon: Number(values.abandon ?? (requests === null ? 0.02 : 0.1)),
  seed: Number(values.seed),
};
const bars = { peak: 1.1, p99: 1.2, growth: 1.1 };

const support = fileURLToPath(new URL("support", import.meta.url));
const mebibytes = (bytes) => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
const milliseconds = (time) => `${time.toFixed(1)} ms`;
const cores = "Cores";

async function startCloesce() {
  const folder = await compileBenchProject();
  const entry = path.join(folder, "load-entry.mjs");
  const counter = JSON.stringify(path.join(support, "linear-memory.mjs"));
  await writeFile(
    entry,
    `export { ${cores} } from ${counter};\nexport { default } from "./.generated/workers";\n`,
  );
  return start("cloesce", await bundle(entry), { withCore: true, entrypoints: [cores] });
}

async function startHandWritten() {
  const script = await bundle(path.join(support, "load-hand-written.mjs"));
  return start("hand-written", script, { byHand: true });
}

async function start(name, script, { byHand = false, withCore = false, entrypoints = [] }) {
  const socket = { host: "127.0.0.1", port: 0 };
  const logged = new Map();
  const server = await WorkerdServer.start(script, {
    withCore,
    schema: librarySchema,
    options: {
      bindings: { currency: "EUR" },
      handleStructuredLogs: ({ message }) => {
        const line = message.split("\n", 1)[0].slice(0, 120);
        logged.set(line, (logged.get(line) ?? 0) + 1);
      },
      unsafeDirectSockets: [
        socket,
        ...entrypoints.map((entrypoint) => ({ ...socket, entrypoint })),
      ],
    },
  });
  return new LoadedServer(name, server, { byHand, logged, ...settings });
}

/** What the Workers logged, as far as it is not too much, with how often. */
function showLogs({ name, logged }) {
  const lines = [...logged].sort(([, left], [, right]) => right - left);
  for (const [line, times] of lines.slice(0, 5))
    console.log(`${name} logged ${times} times: ${line}`);
  if (lines.length > 5) console.log(`${name} logged ${lines.length - 5} other lines`);
}

/** `{ opened, bytes }`: how many cores the Worker has opened, and the linear memory of those that live. */
async function coresOf({ server, byHand }) {
  if (byHand) return null;
  const url = await server.miniflare.unsafeGetDirectURL(undefined, cores);
  return (await fetch(url)).json();
}

/** Both in turns, until each had its seconds. */
async function compare(servers) {
  const phases = Math.max(1, Math.ceil(seconds / phaseSeconds));
  const memory = servers.map((server) => [server.memory().now]);
  const totals = servers.map(() => new Outcome());
  /** p99 of each phase. */
  const slowest = servers.map(() => []);
  for (const server of servers) {
    progress(`${server.name} warms up`);
    await server.runFor(warmUpSeconds);
    const { faults, serverErrors } = server.takeOutcome();
    Object.assign(totals[servers.indexOf(server)], { faults, serverErrors });
    server.milliseconds = 0;
  }
  for (let phase = 0; phase < phases; phase++) {
    for (const index of phase % 2 === 0 ? [0, 1] : [1, 0]) {
      const server = servers[index];
      progress(`phase ${phase + 1} of ${phases}: ${server.name}`);
      await server.runFor(Math.min(phaseSeconds, seconds));
      const outcome = server.takeOutcome();
      slowest[index].push(outcome.quantile(0.99));
      totals[index].add(outcome);
      if (phase + 1 === Math.ceil(phases / 2)) memory[index][1] = server.memory().now;
      memory[index][2] = server.memory().now;
    }
    if (servers.some(({ stopped }) => stopped)) break;
  }
  servers.forEach((server, index) => (server.outcome = totals[index]));
  const [ours, theirs] = servers;
  const row = (label, valueOf, show, bar) => {
    const ratio = valueOf(ours) / valueOf(theirs);
    return [
      label,
      show(valueOf(ours)),
      show(valueOf(theirs)),
      Number.isFinite(ratio) ? ratio.toFixed(2) : "",
      bar === undefined ? "" : bar.toFixed(2),
      bar === undefined ? "" : verdict(ratio <= bar),
    ];
  };
  const counted = (label, valueOf, bar) => {
    const cells = bar === undefined ? ["", ""] : ["0", verdict(valueOf(ours) === 0)];
    return [label, String(valueOf(ours)), String(valueOf(theirs)), "", ...cells];
  };
  const perSecond = ({ outcome, milliseconds: time }) => (outcome.requests * 1000) / time;
  const resident = (at) => (server) => memory[servers.indexOf(server)][at];
  const isGood = ({ hostile }) => !hostile;
  const title = `${settings.connections} connections, ${seconds} s each, seed ${settings.seed}`;
  printTable([
    [title, ours.name, theirs.name, "ratio", "bar", ""],
    counted("requests", ({ outcome }) => outcome.requests),
    counted("of them abandoned", ({ outcome }) => outcome.abandoned),
    counted("wrong answers", ({ outcome }) => outcome.faults, 0),
    counted("5xx", ({ outcome }) => outcome.serverErrors, 0),
    row("requests a second", perSecond, (value) => value.toFixed(0)),
    row("p50", ({ outcome }) => outcome.quantile(0.5), milliseconds),
    row("p90", ({ outcome }) => outcome.quantile(0.9), milliseconds),
    row("p99", ({ outcome }) => outcome.quantile(0.99), milliseconds, bars.p99),
    row("p99 of good requests", ({ outcome }) => outcome.quantile(0.99, isGood), milliseconds),
    row("resident at the start", resident(0), mebibytes),
    row("resident in the middle", resident(1), mebibytes),
    row("resident at the end", resident(2), mebibytes),
    row("resident at most", (server) => server.memory().peak, mebibytes, bars.peak),
  ]);
  printTable([
    ["p50 and p99 by kind", "requests", ours.name, "", "requests", theirs.name, "", "p99 ratio"],
    ...kinds.map((kind) => {
      const quantiles = (server) => {
        const of = (share) => server.outcome.quantile(share, (other) => other === kind);
        return [server.outcome.times[kinds.indexOf(kind)].length, of(0.5), of(0.99)];
      };
      const [left, right] = [quantiles(ours), quantiles(theirs)];
      const shown = ([count, ...times]) => [String(count), ...times.map(milliseconds)];
      return [kind.name, ...shown(left), ...shown(right), (left[2] / right[2]).toFixed(2)];
    }),
  ]);
  const ratios = slowest[0].map((time, phase) => time / slowest[1][phase]);
  console.log(
    `p99 ratio of the phases: median ${median(ratios).toFixed(2)}, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
  );
  const { opened, bytes } = await coresOf(ours);
  console.log(`cores opened: ${opened}, linear memory ${mebibytes(bytes)}\n`);
}

/** So many requests against one Worker, with a line for each tenth. */
async function endure(server) {
  const tenth = Math.max(1, Math.floor(requests / 10));
  const line = (cells) => console.log(cells.map((cell) => String(cell).padStart(14)).join(""));
  const show = async (outcome, spent) => {
    const found = await coresOf(server);
    const { now, peak } = server.memory();
    line([
      total,
      abandoned,
      outcome.faults,
      outcome.serverErrors,
      spent === 0 ? "" : ((outcome.requests * 1000) / spent).toFixed(0),
      spent === 0 ? "" : milliseconds(outcome.quantile(0.5)),
      spent === 0 ? "" : milliseconds(outcome.quantile(0.99)),
      mebibytes(now),
      mebibytes(peak),
      found?.opened ?? "",
      found === null ? "" : mebibytes(found.bytes),
    ]);
    return now;
  };
  let total = 0;
  let abandoned = 0;
  let faults = 0;
  let serverErrors = 0;
  const resident = [];
  console.log(`${server.name}, ${settings.connections} connections, seed ${settings.seed}\n`);
  line("requests,abandoned,wrong,5xx,a second,p50,p99,resident,at most,cores,linear".split(","));
  await show(server.outcome, 0);
  while (total < requests && !server.stopped) {
    const outcome = (server.outcome = new Outcome());
    const before = server.milliseconds;
    const wanted = Math.min(tenth, requests - total);
    let begun = 0;
    await server.run(() => begun++ >= wanted);
    total += outcome.requests;
    abandoned += outcome.abandoned;
    faults += outcome.faults;
    serverErrors += outcome.serverErrors;
    resident.push(await show(outcome, server.milliseconds - before));
  }
  // Until the second tenth the heap finds its size.
  const settled = resident[1] ?? resident[0];
  const growth = resident.at(-1) / settled;
  console.log();
  printTable([
    [`${total} requests, ${abandoned} of them abandoned`, "measured", "bar", ""],
    ["wrong answers", String(faults), "0", verdict(faults === 0)],
    ["5xx", String(serverErrors), "0", verdict(serverErrors === 0)],
    [
      "resident at the end, beside after two tenths",
      growth.toFixed(2),
      bars.growth.toFixed(2),
      verdict(growth <= bars.growth),
    ],
  ]);
  server.outcome = Object.assign(new Outcome(), { faults, serverErrors });
}

const servers = [];
try {
  if (requests === null || values.worker === "cloesce") servers.push(await startCloesce());
  if (requests === null || values.worker !== "cloesce") servers.push(await startHandWritten());
  if (requests === null) await compare(servers);
  else await endure(servers[0]);
  for (const server of servers) {
    const { faults, outcome } = server;
    showLogs(server);
    const torn = await server.faultOfRows();
    if (torn !== null) faults.push(torn);
    if (faults.length > 0) console.log(`${faults.join("\n")}\n`);
    if (faults.length > 0 || outcome.serverErrors > 0) process.exitCode = 1;
  }
} finally {
  await Promise.all(servers.map(({ server }) => server.stop()));
}
