// System packages: what is needed for which purpose, and how it is installed on Debian.
import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.mjs";
import { UserError } from "./stage.mjs";

/**
 * Each need: whether it is met, the Debian package for it, and its name elsewhere. CMake downloads what is
 * `fetchable` where there is no such package. What is `optional` is installed on Debian, and asked for nowhere else.
 */
const needs = {
  cmake: { met: () => command("cmake"), package: "cmake", name: "CMake 3.25 or newer" },
  ninja: { met: () => command("ninja"), package: "ninja-build", name: "Ninja" },
  emscripten: {
    met: () => command("em-config"),
    package: "emscripten",
    name: "Emscripten 3.1.6 or newer",
  },
  fmt: {
    met: () => existsSync("/usr/include/fmt/format-inl.h"),
    package: "libfmt-dev",
    name: "fmt",
    fetchable: true,
  },
  compiler: { met: () => command("c++"), package: "g++", name: "a C++20 compiler" },
  googletest: {
    met: () => existsSync("/usr/src/googletest/googletest/src/gtest-all.cc"),
    package: "googletest",
    name: "GoogleTest",
    fetchable: true,
  },
  sqlite: {
    met: () => existsSync("/usr/include/sqlite3.h"),
    package: "libsqlite3-dev",
    name: "SQLite's headers",
  },
  benchmark: {
    met: () => existsSync("/usr/include/benchmark/benchmark.h"),
    package: "libbenchmark-dev",
    name: "Google Benchmark",
  },
  clang: { met: () => command("clang++"), package: "clang", name: "clang" },
  fuzzer: { met: hasFuzzer, package: "libclang-rt-dev", name: "clang's libFuzzer and sanitizers" },
  clangFormat: {
    met: () => command("clang-format"),
    package: "clang-format",
    name: "clang-format",
  },
  clangTidy: { met: () => command("clang-tidy"), package: "clang-tidy", name: "clang-tidy" },
  nats: {
    met: () => command("nats-server") || existsSync("/usr/sbin/nats-server"),
    package: "nats-server",
    name: "nats-server (2.9 or newer)",
    // Tests that want one say so and are left out.
    optional: true,
  },
  chromium: { met: () => command("chromium"), package: "chromium", name: "Chromium" },
};

/** What each purpose needs. Serving the demo needs no test tools. */
const purposes = {
  build: ["cmake", "ninja", "emscripten", "fmt"],
  test: [
    "cmake",
    "ninja",
    "emscripten",
    "fmt",
    "compiler",
    "googletest",
    "sqlite",
    "clang",
    "fuzzer",
    "clangFormat",
    "benchmark",
    "chromium",
    "nats",
  ],
  bench: ["cmake", "ninja", "emscripten", "fmt", "compiler", "benchmark", "nats"],
  tidy: ["cmake", "ninja", "fmt", "clang", "clangTidy"],
};

export const purposeNames = Object.keys(purposes);

/** The needs of a purpose that are not met. */
export function missingNeeds(purpose) {
  const wanted = purposes[purpose].map((name) => needs[name]);
  const elsewhere = (need) => (need.fetchable || need.optional) && !isDebian();
  return wanted.filter((need) => !need.met() && !elsewhere(need));
}

/**
 * Installs what is missing, on Debian as root.
 * @throws UserError elsewhere: it says what to install.
 */
export async function installNeeds(missing) {
  const names = missing.map((need) => `  ${need.name}`).join("\n");
  const packages = missing.map((need) => need.package);
  if (!isDebian()) throw new UserError(`Please install and put on the PATH:\n${names}`);
  if (process.getuid?.() !== 0) {
    throw new UserError(
      `Please install, then run this again:\n\n  sudo apt-get install ${packages.join(" ")}`,
    );
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const quiet = ["-q", "-y", "-o", "Dpkg::Use-Pty=0"];
  await run("apt-get", ["update", "-q"], { env });
  await run("apt-get", ["install", ...quiet, "--no-install-recommends", ...packages], { env });
  const unmet = missing.filter((need) => !need.met());
  if (unmet.length > 0) {
    const left = unmet.map((need) => need.package).join(" ");
    throw new UserError(`Installed, but still not found: ${left}`);
  }
}

/** Whether this is Debian or made from it, with apt-get. */
export function isDebian() {
  if (!existsSync("/etc/os-release") || !command("apt-get")) return false;
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** Whether a command is on the PATH. */
export function command(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// Debian splits the compiler's run-time libraries off: clang alone cannot link a sanitizer or a fuzzer.
function hasFuzzer() {
  if (!isDebian()) return true;
  return versionsOf("/usr/lib", /^llvm-/).some((llvm) =>
    versionsOf(join(llvm, "lib", "clang"), /^\d/).some(
      (version) => versionsOf(join(version, "lib", "linux"), /^libclang_rt\.fuzzer-/).length > 0,
    ),
  );
}

function versionsOf(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}
