// Workers for the benchmarks as they are deployed: one minified module, and the core's module beside it.

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../../../dist", import.meta.url));

/** The runtime module that the benchmark's project takes, since a model of it has fields in KV. */
export function runtimeModule() {
  return readFileSync(path.join(dist, "cloesce-runtime-stored.wasm"));
}

/** `entry` with all that it imports in one module; the wasm stays an import, named core.wasm. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    plugins: [
      {
        name: "wasm",
        setup: (hooks) =>
          hooks.onResolve({ filter: /\.wasm$/ }, () => ({ path: "./core.wasm", external: true })),
      },
    ],
  });
  return outputFiles[0].text;
}
