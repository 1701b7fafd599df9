// The demo application from its sources to a local database: compile, page, migrations, first rows.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { at, demo } from "./paths.mjs";
import { runNode } from "./run.mjs";

/** Keeps wrangler from asking, reporting and drawing. */
export const quietWrangler = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
};

export const wranglerScript = at("node_modules", "wrangler", "bin", "wrangler.js");

/** Runs `cloesce compile` on the demo. */
export async function compileDemo() {
  await runNode([at("dist", "cli", "main.js"), "compile"], { cwd: dirname(demo.config) });
}

/** Builds the files that the demo's Worker serves, when it has any to build. */
export async function buildDemoPage() {
  if (existsSync(demo.buildScript)) await runNode([demo.buildScript]);
}

/** Applies the demo's migrations to the local databases. */
export async function migrateDemo() {
  for (const database of demoDatabases()) {
    await wrangler(["d1", "migrations", "apply", database, "--local"]);
  }
}

/** Puts the first rows into a local database that has never had them. */
export async function seedDemo() {
  // Beside the databases, so that throwing the state away also brings the first rows back.
  const mark = at(".wrangler", "state", "seeded");
  const [database] = demoDatabases();
  if (database === undefined || !existsSync(demo.seed) || existsSync(mark)) return "as it was";
  await wrangler(["d1", "execute", database, "--local", "--file", demo.seed]);
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, "");
  return "first rows added";
}

/** Binding names of the databases in the demo's wrangler file. */
function demoDatabases() {
  const text = readFileSync(demo.wrangler, "utf8");
  const tables = text.split(/^\s*(?=\[)/m).filter((table) => table.startsWith("[[d1_databases]]"));
  return tables
    .map((table) => /^\s*binding\s*=\s*["']([^"']+)["']/m.exec(table)?.[1])
    .filter(Boolean);
}

function wrangler(wranglerArguments) {
  return runNode([wranglerScript, ...wranglerArguments, "--config", demo.wrangler], {
    env: quietWrangler,
  });
}
