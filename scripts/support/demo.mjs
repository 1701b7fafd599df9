// The demo application from its sources to a local database and bucket: compile, page, migrations, first rows and files.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** The local stand-ins for the secrets in .dev.vars: what wrangler.toml checks signatures against. */
export const localSecrets = { filesKeyId: "local-only-key-id", filesSecret: "local-only-secret" };

/** Runs `cloesce compile` on the demo. */
export async function compileDemo() {
  writeDevVars();
  await runNode([at("dist", "cli", "main.js"), "compile"], { cwd: dirname(demo.config) });
}

/** Writes the local secrets into .dev.vars where they are missing or open. A value that is there stays as it is. */
function writeDevVars() {
  const before = existsSync(demo.devVars)
    ? readFileSync(demo.devVars, "utf8")
    : "# For wrangler dev alone, and known to everybody: the pair in wrangler.toml.\n";
  let text = before === "" || before.endsWith("\n") ? before : `${before}\n`;
  for (const [name, value] of Object.entries(localSecrets)) {
    text = text.replace(new RegExp(`^${name}=""$`, "m"), `${name}="${value}"`);
    if (!new RegExp(`^\\s*${name}\\s*=`, "m").test(text)) text += `${name}="${value}"\n`;
  }
  if (text !== before) writeFileSync(demo.devVars, text);
}

/** Tells wrangler dev where its bucket answers signed URLs, since it is served on `port`. */
export function endpointArguments(port) {
  return ["--var", `filesEndpoint:http://127.0.0.1:${port}/cdn-cgi/local/r2/s3`];
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
export function seedDemo() {
  return once("seeded", async () => {
    const [database] = demoDatabases();
    await wrangler(["d1", "execute", database, "--local", "--file", demo.rows]);
    return "first rows added";
  });
}

/** Puts the first covers and previews into a local bucket that has never had them. */
export function seedDemoFiles() {
  return once("seeded-files", async () => {
    // Wrangler calls the local credentials experimental, each time that it reads of them.
    const env = { ...quietWrangler, WRANGLER_LOG: "error" };
    return (await runNode([demo.files, demo.state], { env })).trim();
  });
}

/** Does `work` unless the local state bears `mark`, so that throwing the state away brings it back. */
async function once(mark, work) {
  const file = join(demo.state, mark);
  if (existsSync(file)) return "as it was";
  const remark = await work();
  mkdirSync(demo.state, { recursive: true });
  writeFileSync(file, "");
  return remark;
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
