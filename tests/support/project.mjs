// Prepares a project for a test: a fresh copy under build/, compiled, migrated into an empty local database.

import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createLocal } from "../../dist/local/index.js";
import { applyMigrations } from "../../dist/serve/environment.js";
import { importClient } from "./client-bundle.mjs";
import { startCloesceServe, underServe } from "./cloesce-serve.mjs";
import { runWrangler, startWranglerDev } from "./wrangler-dev.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the built CLI in `cwd`; answers { code, stdout, stderr }. */
export function runCloesce(args, { cwd }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, "dist/cli/main.js"), ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

async function mustRun(args, options) {
  const { code, stdout, stderr } = await runCloesce(args, options);
  if (code !== 0)
    throw new Error(`cloesce ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
}

/**
 * Copies `source` to build/`name`, compiles it, and migrates its database when it has one.
 * `name` must be unlike every other test's; `byWrangler` has wrangler migrate whatever the host is. Answers the copy's folder.
 */
export async function prepareProject(
  source,
  name,
  { database = "db", byWrangler = !underServe, files = {} } = {},
) {
  const folder = path.join(root, "build", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(source)) {
    if (entry === ".generated" || entry === ".wrangler" || entry === "migrations") continue;
    await cp(path.join(source, entry), path.join(folder, entry), { recursive: true });
  }
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
  await mustRun(["compile"], { cwd: folder });
  if (database !== null) {
    await mustRun(["migrate", "Initial"], { cwd: folder });
    // `cloesce serve` does the rest when it is started.
    const where = [database, "--local", "--persist-to", "state"];
    if (byWrangler) await runWrangler(["d1", "migrations", "apply", ...where], { cwd: folder });
  }
  return folder;
}

/** Runs a file of SQL on a prepared project's database, whichever host it is to be served by. */
export async function runSql(folder, file, database = "db") {
  if (!underServe) {
    const where = ["--local", "--persist-to", "state", "--file", file];
    await runWrangler(["d1", "execute", database, ...where], { cwd: folder });
    return;
  }
  const root = path.join(folder, "serve-state");
  const local = await createLocal({ root, d1: [database] });
  try {
    await applyMigrations(local.env[database], path.join(folder, "migrations"), "d1_migrations");
    local.env[database].script(await readFile(path.join(folder, file), "utf8"));
  } finally {
    local.close();
  }
}

/** Serves a prepared project and loads its client, pointed at the server's `prefix`. */
export async function serveProject(folder, prefix = "/api", port = undefined) {
  const server = underServe
    ? await startCloesceServe({ cwd: folder, root: path.join(folder, "serve-state"), port })
    : await startWranglerDev({ cwd: folder, persistTo: path.join(folder, "state"), port });
  try {
    const client = await importClient(path.join(folder, ".generated/client.ts"));
    client.configure({ baseUrl: `${server.url}${prefix}` });
    return { ...server, client };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
