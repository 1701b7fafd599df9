// Loads a generated client.ts into Node: bundled by esbuild into a temporary module.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Imports the client at `file`; its `cloesce/client` is this checkout's. */
export async function importClient(file) {
  const folder = await mkdtemp(path.join(tmpdir(), "cloesce-client-"));
  try {
    const outfile = path.join(folder, "client.mjs");
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      format: "esm",
      platform: "neutral",
      logLevel: "silent",
      alias: { "cloesce/client": path.join(projectRoot, "dist/client/index.js") },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
