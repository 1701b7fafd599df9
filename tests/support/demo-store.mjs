// The demo from its sources to a running store on a fresh database and bucket.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createLocal } from "../../dist/local/index.js";
import { applyMigrations } from "../../dist/serve/environment.js";
import { addFirstFiles } from "../../examples/music-store/seed/first-files.mjs";
import {
  buildDemoPage,
  compileDemo,
  endpointArguments,
  localSecrets,
  quietWrangler,
} from "../../scripts/support/demo.mjs";
import { demo } from "../../scripts/support/paths.mjs";
import { runNode } from "../../scripts/support/run.mjs";
import { startCloesceServe, underServe } from "./cloesce-serve.mjs";
import { runWrangler, startWranglerDev } from "./wrangler-dev.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The album whose cover and previews are in the bucket. */
const albumWithFiles = 12;

/** Compiles the demo and builds its page, as `npm start` does. */
export async function buildStore() {
  await compileDemo();
  await buildDemoPage();
}

/**
 * Serves the built demo with the first rows, and with the first files of `albumWithFiles`: by `wrangler dev`, or by
 * `cloesce serve` where that is the host. `vars` are variables over those of the project. Answers what startWranglerDev does;
 * `stop` also removes what was stored.
 */
export async function serveStore({ vars = {} } = {}) {
  const state = await mkdtemp(path.join(tmpdir(), "music-store-"));
  const remove = () => rm(state, { recursive: true, force: true });
  // A .dev.vars of somebody's own must not decide what the tests see.
  const args = Object.entries({ ...localSecrets, ...vars }).flatMap(([name, value]) => [
    "--var",
    `${name}:${value}`,
  ]);
  try {
    const first = underServe ? ["serve", makeServeState] : ["wrangler", makeWranglerState];
    await cp(await firstState(...first), state, { recursive: true });
    const server = underServe
      ? await startCloesceServe({ cwd: demo.folder, root: state, args })
      : await startWranglerDev({
          cwd: root,
          persistTo: state,
          args: (port) => [...endpointArguments(port), ...args],
        });
    return { ...server, stop: () => server.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The state that every store of a host begins with, made once by `make(folder)` for all that goes into it. */
async function firstState(host, make) {
  const hash = createHash("sha256");
  for (const folder of [path.dirname(demo.rows), path.join(demo.folder, "migrations")]) {
    for (const name of (await readdir(folder)).sort()) {
      hash.update(`${name}\n`).update(await readFile(path.join(folder, name)));
    }
  }
  hash.update(await readFile(demo.wrangler));
  const states = path.join(root, "build", "demo-state", host);
  const made = path.join(states, hash.digest("hex").slice(0, 16));
  if (existsSync(made)) return made;
  await mkdir(states, { recursive: true });
  // Of other rows; what has this one's name another test file may be making.
  for (const name of await readdir(states)) {
    const old = path.join(states, name);
    if (!old.startsWith(made)) await rm(old, { recursive: true, force: true });
  }
  const half = await mkdtemp(`${made}-`);
  await make(half);
  try {
    await rename(half, made);
  } catch (error) {
    if (!existsSync(made)) throw error;
    await rm(half, { recursive: true, force: true });
  }
  return made;
}

async function makeWranglerState(folder) {
  const where = ["db", "--local", "--persist-to", folder];
  await runWrangler(["d1", "migrations", "apply", ...where], { cwd: root });
  await runWrangler(["d1", "execute", ...where, "--file", demo.rows], { cwd: root });
  await runNode([demo.files, folder, String(albumWithFiles)], { env: quietWrangler });
}

async function makeServeState(folder) {
  const local = await createLocal({ root: folder, d1: ["db"], r2: ["files"] });
  try {
    const { db } = local.env;
    await applyMigrations(db, path.join(demo.folder, "migrations"), "d1_migrations");
    db.script(await readFile(demo.rows, "utf8"));
    await addFirstFiles(local.env, [albumWithFiles]);
  } finally {
    local.close();
  }
}
