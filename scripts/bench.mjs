// npm run bench [-- part...]: measures what the design sets a bar for, and prints it beside the bar. Options after the name
// of a single part are that part's.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { buildJs, buildPreset, buildWasm } from "./support/build.mjs";
import { at, nodePath } from "./support/paths.mjs";
import { childEnvironment, CommandError } from "./support/run.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage, UserError } from "./support/stage.mjs";

/** Each part with what it measures, in the order they run: tests/bench/<part>.bench.mjs. */
const parts = {
  native: "rooms of the core, natively, by Google Benchmark",
  core: "the core in wasm under Node, call by call",
  base64: "base64 in wasm beside atob and btoa",
  worker: "CPU per request in workerd beside a hand-written Worker; size of the bundle",
  cold: "the first answer of a fresh isolate beside that of a hand-written Worker",
  blob: "1 MiB of bytes beside JSON: as form data, as base64, by hand",
  local:
    "cloesce/local beside Miniflare, from Node and inside workerd, and SQLite by hand; many keys; 1 GiB in and out",
  serve: "the app under cloesce serve beside wrangler dev, and how soon createTestApp is ready",
  history: "cloesce/nats beside @nats-io/kv on a real nats-server",
  stream: "1 GiB in and out under wrangler dev: peak memory of each process",
  load: "200 connections, good and hostile requests, beside a hand-written Worker: answers, memory, p99",
};

const given = process.argv.slice(2);
const isOption = (word) => word.startsWith("-") && word !== "--help" && word !== "-h";
const optionsAt = given.some(isOption) ? given.findIndex(isOption) : given.length;
const partOptions = given.slice(optionsAt);

const { values, positionals } = parseArgs({
  args: given.slice(0, optionsAt),
  options: { help: { type: "boolean", short: "h" } },
  allowPositionals: true,
});

await main(async () => {
  if (values.help) return usage();
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new UserError(`${unknown}: unknown part, there are ${Object.keys(parts).join(", ")}`);
  if (partOptions.length > 0 && positionals.length !== 1)
    throw new UserError(`${partOptions[0]}: options belong to one part, which stands before them`);
  const wanted = Object.keys(parts).filter(
    (name) => positionals.length === 0 || positionals.includes(name),
  );
  const started = performance.now();
  await setUp("bench");
  if (wanted.includes("native"))
    await stage("build native", () => buildPreset("native-release", ["tests/bench/all"]));
  if (wanted.some((name) => name !== "native")) {
    await stage("build wasm", buildWasm);
    await stage("build js", buildJs);
  }
  for (const name of wanted) {
    console.log(`\n${name}: ${parts[name]}\n`);
    const script = at("tests", "bench", `${name}.bench.mjs`);
    await show(nodePath(), ["--expose-gc", script, ...partOptions]);
  }
  console.log(`measured in ${((performance.now() - started) / 1000).toFixed(0)} s`);
});

function usage() {
  console.log("npm run bench [-- part... | part options]: all parts, or those that are named\n");
  for (const [name, title] of Object.entries(parts)) console.log(`  ${name.padEnd(8)}${title}`);
}

/** Runs a command with its output on ours. */
function show(command, commandArguments) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd: at(),
      env: childEnvironment(),
      stdio: ["ignore", "inherit", "inherit"],
    });
    const shown = [command, ...commandArguments].join(" ");
    child.on("error", (error) => reject(new CommandError(shown, error.message, "")));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new CommandError(shown, `ended with ${signal ?? `code ${code}`}`, ""));
    });
  });
}
