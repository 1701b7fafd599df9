// npm run build:current [-- <target> …]: builds the wasm modules with the Emscripten and the fmt of Debian's current release
// (3.1.69 and 10.1), newer than those that the build is made with, to show that both take the source. The tools are unpacked
// below build/deps and run with that folder as their root, which takes the rights of root; nothing is installed or shipped.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { debianMirror, openArchive, unpackAll } from "./support/debian-archive.mjs";
import { isDebian } from "./support/packages.mjs";
import { at } from "./support/paths.mjs";
import { run } from "./support/run.mjs";
import { setUp } from "./support/setup.mjs";
import { main, Skipped, stage } from "./support/stage.mjs";

const suite = "trixie";
const folder = at("build", "deps", `tools-${suite}`);
const tools = join(folder, "root");
const work = join(tools, "work");
/** The shell and what scripts of the others take for granted come last: no package depends on them by name. */
const packages = [
  "emscripten",
  "libfmt-dev",
  "cmake",
  "ninja-build",
  "dash",
  "bash",
  "coreutils",
  "sed",
  "grep",
];
const sources = [
  "CMakeLists.txt",
  "CMakePresets.json",
  "cmake",
  "src",
  "wasm",
  "tests/CMakeLists.txt",
];
const dependencies = ["node_modules/@nozbe/simdjson", "build/deps/base64"];

await main(async () => {
  await setUp("build");
  await stage(`tools of ${suite}`, fetchTools);
  await stage("build with them", build);
});

async function fetchTools() {
  if (!isDebian())
    throw new Skipped("not Debian: use any Emscripten from 3.1.6 on with npm run build:wasm");
  if (process.getuid() !== 0) throw new Skipped("only root can run tools below another folder");
  if (existsSync(join(tools, "usr", "share", "emscripten"))) return "there already";
  const mirror = await debianMirror();
  if (mirror === undefined) throw new Skipped("no Debian mirror is set up");
  const apt = await openArchive(mirror, suite, folder);
  await apt("install", "--download-only", "--no-install-recommends", ...packages);
  await unpackAll(join(folder, "cache", "archives"), tools);
  rmSync(join(folder, "cache"), { recursive: true });
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    if (!existsSync(join(tools, name))) symlinkSync(`usr/${name}`, join(tools, name));
  }
  for (const name of ["tmp", "root", "dev"]) mkdirSync(join(tools, name), { recursive: true });
  await run("cp", ["-a", "/dev/null", "/dev/zero", "/dev/urandom", join(tools, "dev")]);
  return undefined;
}

async function build() {
  if (!existsSync(tools)) throw new Skipped("there are no tools");
  for (const path of [...sources, ...dependencies]) {
    rmSync(join(work, path), { recursive: true, force: true });
    if (existsSync(at(path)))
      cpSync(at(path), join(work, path), { recursive: true, preserveTimestamps: true });
  }
  // Without the environment of this machine: what it says of its own tools does not hold there.
  const inside = (...words) =>
    run("chroot", [
      tools,
      "/usr/bin/env",
      "-i",
      "-C",
      "/work",
      "HOME=/root",
      "PATH=/usr/bin",
      ...words,
    ]);
  await inside("cmake", "--preset", "wasm-release");
  const targets = process.argv.slice(2);
  const chosen = targets.length === 0 ? [] : ["--target", ...targets];
  const parallel = ["--parallel", String(availableParallelism())];
  await inside("cmake", "--build", "--preset", "wasm-release", ...parallel, ...chosen);
  const built = join(work, "build", "wasm-release", "wasm");
  const modules = existsSync(built)
    ? readdirSync(built).filter((name) => name.endsWith(".wasm"))
    : [];
  return modules.join(", ") || targets.join(", ");
}
