// The build, piece by piece: CMake presets, the wasm modules, the TypeScript.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { generateLists } from "./generate.mjs";
import { command } from "./packages.mjs";
import { at, root } from "./paths.mjs";
import { CommandError, run, runNode } from "./run.mjs";
import { Skipped } from "./stage.mjs";
import { orderFunctions } from "./wasm-order.mjs";

/** What a Worker ships, one of them, which is to be small compressed; and what Node loads. */
const shipped = [
  "cloesce-runtime.wasm",
  "cloesce-runtime-stored.wasm",
  "cloesce-runtime-scoped.wasm",
  "cloesce-runtime-stored-scoped.wasm",
];
const modules = [...shipped, "cloesce-compiler.wasm", "cloesce-storage.wasm"];

/** Configures a preset (see CMakePresets.json) and builds targets of it, by default all. */
export async function buildPreset(preset, targets = []) {
  const launchers = command("ccache")
    ? { CMAKE_C_COMPILER_LAUNCHER: "ccache", CMAKE_CXX_COMPILER_LAUNCHER: "ccache" }
    : {};
  forgetOtherFolders(preset);
  await run("cmake", ["--preset", preset], { env: launchers });
  const parallel = ["--parallel", String(availableParallelism())];
  const targetArguments = targets.length > 0 ? ["--target", ...targets] : [];
  try {
    await run("cmake", ["--build", "--preset", preset, ...parallel, ...targetArguments]);
  } catch (error) {
    // What went well only hides what did not.
    if (error instanceof CommandError)
      error.output = error.output.replace(/^\[\d+\/\d+\] .*\n/gm, "");
    throw error;
  }
}

/** A clone that was copied or moved brings a build folder along that knows its old place only: it is made anew. */
function forgetOtherFolders(preset) {
  const folder = at("build", preset);
  const cache = join(folder, "CMakeCache.txt");
  if (!existsSync(cache)) return;
  const written = readFileSync(cache, "utf8");
  const isAt = (entry, place) => {
    const [, path] = new RegExp(`^${entry}:INTERNAL=(.*)$`, "m").exec(written) ?? [];
    return path !== undefined && existsSync(path) && realpathSync(path) === realpathSync(place);
  };
  if (isAt("CMAKE_HOME_DIRECTORY", root) && isAt("CMAKE_CACHEFILE_DIR", folder)) return;
  rmSync(folder, { recursive: true });
}

/** Builds the wasm modules and puts them into dist/. */
export async function buildWasm() {
  await buildPreset("wasm-release");
  const built = modules.filter((name) => existsSync(at("build", "wasm-release", "wasm", name)));
  if (built.length === 0) throw new Skipped("there are no modules yet");
  mkdirSync(at("dist"), { recursive: true });
  for (const name of built) {
    const path = at("build", "wasm-release", "wasm", name);
    copyIfChanged(shipped.includes(name) ? orderedModule(path) : path, at("dist", name));
  }
  return built.map((name) => `${name} ${kilobytes(at("dist", name))}`).join(", ");
}

/** Compiles js/ into dist/ and removes what has lost its source. */
export async function buildJs() {
  generateLists();
  removeOrphans();
  await runNode([at("node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"]);
}

/** The path of `module` with its functions in order, which takes seconds and so is kept. */
function orderedModule(module) {
  const ordered = `${module}.ordered`;
  if (!existsSync(ordered) || statSync(ordered).mtimeMs < statSync(module).mtimeMs)
    writeFileSync(ordered, orderFunctions(readFileSync(module)));
  return ordered;
}

function copyIfChanged(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  copyFileSync(from, to);
}

function removeOrphans() {
  const dist = at("dist");
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(d\.ts|js)$/.test(entry.name)) continue;
    const stem = entry.name.replace(/\.(d\.ts|js)$/, "");
    const source = at("js", relative(dist, dirname(path)), `${stem}.ts`);
    if (!existsSync(source)) rmSync(path);
  }
}

function kilobytes(path) {
  return `${(readFileSync(path).length / 1024).toFixed(0)} KB`;
}
