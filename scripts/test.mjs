// npm test [-- stage...]: sets the machine up, builds and runs all tests, a line per stage. Stops at the
// first stage that fails, with its output.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildJs, buildPreset, buildWasm } from "./support/build.mjs";
import { formatAll } from "./support/format.mjs";
import { fuzz } from "./support/fuzz.mjs";
import { at } from "./support/paths.mjs";
import { CommandError, run, runNode } from "./support/run.mjs";
import { setUp } from "./support/setup.mjs";
import { main, Skipped, stage, UserError } from "./support/stage.mjs";

const chinookData = at("..", "shared", "chinook", "ChinookData.json");

/** In the order they run: the cheap and the likely to fail first. */
const stages = {
  format: ["format check", () => formatAll({ check: true })],
  layering: ["layering", () => runNode([at("tests", "layering", "check-layering.mjs")])],
  native: ["native, sanitized", testNative],
  "build-wasm": ["build wasm", buildWasm],
  "build-js": ["build js", buildJs],
  wasm: ["wasm tests", () => testNode("wasm")],
  js: ["js tests", () => testNode("js")],
  conformance: ["local storage beside Miniflare", () => testNode("conformance")],
  e2e: ["end to end", () => testNode("e2e")],
  browser: ["demo page in Chromium", () => testNode("browser")],
  chinook: ["chinook", testChinook],
  fuzz: ["fuzz smoke", () => fuzz({ seconds: 3, preset: "native-debug" })],
  size: ["size budget", testSize],
};

/** Servers mostly wait, for each other or for the database of a test; Chromium takes all there is. */
const filesAtATime = { wasm: 2, js: 2, conformance: 2, e2e: 3, browser: 1 };

await main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !(name in stages));
  if (unknown !== undefined) {
    throw new UserError(`${unknown}: unknown stage, there are ${Object.keys(stages).join(", ")}`);
  }
  const started = performance.now();
  await setUp("test");
  for (const [name, [title, work]] of Object.entries(stages)) {
    if (asked.length === 0 || asked.includes(name)) await stage(title, work);
  }
  console.log(`all passed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
});

async function testNative() {
  await buildPreset("native-debug");
  const output = await run("ctest", ["--preset", "native-debug", "--parallel", "2"]);
  return /tests passed.*out of (\d+)/.exec(output)?.[0];
}

/** Runs tests/<folder>/**.test.{mjs,ts} with Node's test runner. */
async function testNode(folder) {
  const files = testFiles(at("tests", folder));
  if (files.length === 0) throw new Skipped(`tests/${folder} has no tests yet`);
  const concurrency = filesAtATime[folder];
  try {
    const output = await runNode([
      "--test",
      "--test-reporter=spec",
      `--test-concurrency=${concurrency}`,
      ...files,
    ]);
    const count = (what) => Number(new RegExp(`^. ${what} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
    const skipped = count("skipped");
    return `${count("tests")} tests${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  } catch (error) {
    if (error instanceof CommandError) {
      error.output = error.output.slice(Math.max(0, error.output.lastIndexOf("failing tests:")));
    }
    throw error;
  }
}

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.test\.(mjs|ts)$/.test(name) && !name.includes("node_modules"))
    .sort()
    .map((name) => join(folder, name));
}

async function testChinook() {
  const program = at("examples", "chinook", "try.mjs");
  if (!existsSync(program)) throw new Skipped("examples/chinook has no try.mjs yet");
  if (!existsSync(chinookData)) throw new Skipped("the data file is not here");
  const output = await runNode([program, chinookData]);
  return output.trimEnd().split("\n").at(-1);
}

async function testSize() {
  if (!existsSync(at("dist", "cloesce-runtime.wasm"))) throw new Skipped("there is no runtime yet");
  const output = await runNode([at("scripts", "size.mjs")]);
  const sums = [...output.matchAll(/together\s+(\d+)/g)].map(([, bytes]) => bytes);
  return `${sums.join(" and ")} of 65536 bytes gzip`;
}
