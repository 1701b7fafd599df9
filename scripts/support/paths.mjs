// Where things are, from the root of the repository.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A path inside the repository. */
export function at(...parts) {
  return join(root, ...parts);
}

/** The Node that runs the tools: the one in node_modules when it is there, else the one running now. */
export function nodePath() {
  const pinned = at(
    "node_modules",
    "node",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  return existsSync(pinned) ? pinned : process.execPath;
}

/** Paths of the demo application. */
export const demo = {
  folder: at("examples", "music-store"),
  config: at("examples", "music-store", "cloesce.config.json"),
  wrangler: at("wrangler.toml"),
  /** Builds what the Worker serves as static files; run with Node when it exists. */
  buildScript: at("examples", "music-store", "build.mjs"),
  /** Secrets of local development. */
  devVars: at(".dev.vars"),
  /** First rows, executed once per local database. */
  rows: at("examples", "music-store", "seed", "rows.sql"),
  /** Puts the first files into the local bucket. */
  files: at("examples", "music-store", "seed", "files.mjs"),
  /** What wrangler keeps of local development. */
  state: at(".wrangler", "state"),
};
