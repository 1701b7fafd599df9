// The demo from its sources to a running store on a fresh database.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildDemoPage, compileDemo } from "../../scripts/support/demo.mjs";
import { runWrangler, startWranglerDev } from "./wrangler-dev.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const seed = path.join(root, "examples/music-store/seed.sql");

/** Compiles the demo and builds its page, as `npm start` does. */
export async function buildStore() {
  await compileDemo();
  await buildDemoPage();
}

/**
 * Serves the built demo. `rows` says whether its database has tables and the first rows, or is not there at all;
 * `args` go to wrangler dev. Answers what startWranglerDev does; `stop` also removes the database.
 */
export async function serveStore({ rows = "seeded", args = [] } = {}) {
  const state = await mkdtemp(path.join(tmpdir(), "music-store-"));
  const remove = () => rm(state, { recursive: true, force: true });
  try {
    if (rows === "seeded") {
      const where = ["db", "--local", "--persist-to", state];
      await runWrangler(["d1", "migrations", "apply", ...where], { cwd: root });
      await runWrangler(["d1", "execute", ...where, "--file", seed], { cwd: root });
    }
    const server = await startWranglerDev({ cwd: root, persistTo: state, args });
    return { ...server, stop: () => server.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
