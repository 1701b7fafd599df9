// Bundles generated client.ts files, for Node and for wherever else they run.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles the module whose text is `source` into `outfile`; its `cloesce/client` is this checkout's. */
export async function bundleForClient(source, outfile) {
  await build({
    stdin: { contents: source, resolveDir: projectRoot },
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    logLevel: "silent",
    alias: { "cloesce/client": path.join(projectRoot, "dist/client/index.js") },
  });
}

/** Imports the client at `file` into this Node. */
export async function importClient(file) {
  const folder = await mkdtemp(path.join(tmpdir(), "cloesce-client-"));
  try {
    const outfile = path.join(folder, "client.mjs");
    await bundleForClient(`export * from ${JSON.stringify(file)};`, outfile);
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
