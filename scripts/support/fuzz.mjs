// Fuzzing: builds the libFuzzer targets and runs them from their seeds.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buildPreset } from "./build.mjs";
import { at } from "./paths.mjs";
import { run } from "./run.mjs";
import { Skipped } from "./stage.mjs";

/**
 * Fuzzes each target (or those named) for so many seconds; what it finds on the way stays in build/.
 * The preset `fuzz` is for long runs; `native-debug` has the same targets, slower and mostly built already.
 */
export async function fuzz({ seconds, names = [], preset = "fuzz" }) {
  await buildPreset(preset, ["tests/fuzz/all"]);
  const folder = at("build", preset, "tests", "fuzz");
  const targets = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^fuzz_[a-z0-9_]+$/.test(name))
    : [];
  const wanted = targets.filter((target) => names.length === 0 || names.includes(target.slice(5)));
  if (wanted.length === 0) throw new Skipped("there are no fuzz targets");
  const next = wanted.values();
  const runThem = async () => {
    for (const target of next) await runOne(target);
  };
  // As many at a time as there are processors.
  await Promise.all(Array.from({ length: availableParallelism() }, runThem));
  return `${wanted.length} targets, ${seconds} s each`;

  async function runOne(target) {
    const corpus = at("build", "fuzz", "corpus", target.slice(5));
    mkdirSync(corpus, { recursive: true });
    const seeds = at("tests", "fuzz", "seeds", target.slice(5));
    const limits = [`-max_total_time=${seconds}`, "-timeout=10", "-rss_limit_mb=2048"];
    const artifacts = `-artifact_prefix=${at("build", "fuzz")}/`;
    const corpora = [corpus, ...(existsSync(seeds) ? [seeds] : [])];
    await run(join(folder, target), [...limits, artifacts, "-print_final_stats=1", ...corpora]);
  }
}
