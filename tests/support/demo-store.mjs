// The demo from its sources to a running store on a fresh database and bucket.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
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

/** The album whose cover and previews are in the bucket. */
const albumWithFiles = 12;

/** Compiles the demo and builds its page, as `npm start` does. */
export async function buildStore() {
  await compileDemo();
  await buildDemoPage();
}

/**
 * Serves the built demo with the first rows, and with the first files of `albumWithFiles`. `args` go to wrangler dev.
 * Answers what startWranglerDev does; `stop` also removes what was stored.
 */
export async function serveStore({ args = [] } = {}) {
  const state = await mkdtemp(path.join(tmpdir(), "music-store-"));
  const remove = () => rm(state, { recursive: true, force: true });
  try {
    await cp(await firstState(), state, { recursive: true });
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

/** The local state that every store begins with, made once for all that goes into it. */
async function firstState() {
  const hash = createHash("sha256");
  for (const folder of [path.dirname(demo.rows), path.join(demo.folder, "migrations")]) {
    for (const name of (await readdir(folder)).sort()) {
      hash.update(`${name}\n`).update(await readFile(path.join(folder, name)));
    }
  }
  hash.update(await readFile(demo.wrangler));
  const made = path.join(root, "build", "demo-state", hash.digest("hex").slice(0, 16));
  if (existsSync(made)) return made;
  await rm(path.dirname(made), { recursive: true, force: true });
  await mkdir(path.dirname(made), { recursive: true });
  const half = await mkdtemp(`${made}-`);
  const where = ["db", "--local", "--persist-to", half];
  await runWrangler(["d1", "migrations", "apply", ...where], { cwd: root });
  await runWrangler(["d1", "execute", ...where, "--file", demo.rows], { cwd: root });
  await runNode([demo.files, half, String(albumWithFiles)], { env: quietWrangler });
  await rename(half, made);
  return made;
}
