// The demo from its sources to a running store on a fresh database and bucket.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  buildDemoPage,
  compileDemo,
  endpointArguments,
  localSecrets,
  quietWrangler,
} from "../../scripts/support/demo.mjs";
import { demo } from "../../scripts/support/paths.mjs";
import { runNode } from "../../scripts/support/run.mjs";
import { runWrangler, startWranglerDev } from "./wrangler-dev.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

const secretArguments = Object.entries(localSecrets).flatMap(([name, value]) => [
  "--var",
  `${name}:${value}`,
]);

/** Compiles the demo and builds its page, as `npm start` does. */
export async function buildStore() {
  await compileDemo();
  await buildDemoPage();
}

/**
 * Serves the built demo. `rows` says whether its database has tables and the first rows, or is not there at all;
 * `albums` are those with the first files; `args` go to wrangler dev. Answers what startWranglerDev does; `stop` also
 * removes what was stored.
 */
export async function serveStore({ rows = "seeded", albums = [], args = [] } = {}) {
  const state = await mkdtemp(path.join(tmpdir(), "music-store-"));
  const remove = () => rm(state, { recursive: true, force: true });
  try {
    if (rows === "seeded") {
      const where = ["db", "--local", "--persist-to", state];
      await runWrangler(["d1", "migrations", "apply", ...where], { cwd: root });
      await runWrangler(["d1", "execute", ...where, "--file", demo.rows], { cwd: root });
    }
    if (albums.length > 0) {
      await runNode([demo.files, state, ...albums.map(String)], { env: quietWrangler });
    }
    const server = await startWranglerDev({
      cwd: root,
      persistTo: state,
      // A .dev.vars of somebody's own must not decide what the tests see.
      args: (port) => [...endpointArguments(port), ...secretArguments, ...args],
    });
    return { ...server, stop: () => server.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
