// Miniflare with the stores that a test or a benchmark asks for: what cloesce/local is held against.

import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const idle = [{ type: "ESModule", path: "index.mjs", contents: "export default {}" }];

/**
 * Starts it with a store for each name, below `root` or in memory, and with a Worker of `modules`, or one that does nothing. Answers
 * the Miniflare, once it is ready.
 */
export async function startMiniflare({
  kv = [],
  r2 = [],
  d1 = [],
  root = undefined,
  modules = idle,
} = {}) {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules,
      compatibilityDate: "2026-11-01",
      cf: false,
      kvNamespaces: kv,
      r2Buckets: r2,
      d1Databases: d1,
      ...(root === undefined ? {} : { defaultPersistRoot: root }),
    }),
  );
  await miniflare.ready;
  return miniflare;
}

/** Ends it, and a moment later the process: the last thing that a file of tests does. */
export function endWithMiniflare(miniflare) {
  // Not awaited: with values of its own still alive it can wait for good.
  void miniflare.dispose();
  setTimeout(() => process.exit(), 1000);
}
