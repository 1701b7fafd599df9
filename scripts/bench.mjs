// npm run bench: native micro-benchmarks, then those on the built wasm.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildJs, buildPreset, buildWasm } from "./support/build.mjs";
import { at } from "./support/paths.mjs";
import { run, runNode } from "./support/run.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage } from "./support/stage.mjs";

await main(async () => {
  await setUp("bench");
  await stage("build native", () => buildPreset("native-release"));
  await stage("build wasm", buildWasm);
  await stage("build js", buildJs);
  for (const program of list(
    at("build", "native-release", "tests", "bench"),
    /^bench_[a-z0-9_]+$/,
  )) {
    console.log(`\n${await run(program, ["--benchmark_color=false"])}`);
  }
  for (const script of list(at("tests", "bench"), /\.bench\.mjs$/)) {
    console.log(`\n${await runNode([script])}`);
  }
});

function list(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}
