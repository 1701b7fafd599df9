// `cloesce migrate <name>`: the difference between the last snapshot and the sources, as a migration.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { CliError, exitCodes } from "../cli-error.js";
import type { ExitCode } from "../cli-error.js";
import type { Compiler } from "../compiler.js";
import type { Project } from "../config/project.js";
import { portablePath } from "../extract/find-sources.js";
import type { Terminal } from "../terminal.js";
import { compileProject, printDiagnostics, writeFiles } from "./compile.js";

/** A migration's files are called `<timestamp>_<name>.sql` and `.json`. */
const migrationFile = /^(\d{14})_.+\.(?:sql|json)$/;

/** Throws CliError unless `name` can be part of a file name on every system. */
export function checkMigrationName(name: string): void {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return;
  const words = name.match(/[A-Za-z0-9]+/g) ?? [];
  const suggestion = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const usable = /^[A-Za-z]/.test(suggestion) ? suggestion.slice(0, 100) : "Initial";
  throw new CliError(`${JSON.stringify(name)} cannot be the name of a migration`, {
    hint: `letters, digits, _ and -, a letter first: cloesce migrate ${usable}`,
  });
}

/** Compiles, compares with the last snapshot and writes the migration. */
export async function migrateProject(
  project: Project,
  name: string,
  compiler: Compiler,
  terminal: Terminal,
  now: Date,
): Promise<ExitCode> {
  checkMigrationName(name);
  const compiled = await compileProject(project, compiler, terminal, "quiet");
  if (!compiled.ok || compiled.cidl === null) return exitCodes.compileErrors;
  const history = await readHistory(project.migrationsDir);
  const output = compiler.migrate({
    cidl: JSON.parse(compiled.cidl) as unknown,
    previous: history.snapshots,
    name,
    timestamp: nextTimestamp(history.lastTimestamp, now),
    color: terminal.color,
  });
  printDiagnostics(output.diagnostics, terminal);
  if (!output.ok) return exitCodes.compileErrors;
  if (output.empty || output.files.length === 0) {
    terminal.print("nothing to migrate");
    return exitCodes.ok;
  }
  await writeFiles(project.migrationsDir, output.files);
  const folder = portablePath(project.root, project.migrationsDir);
  for (const file of output.files) {
    if (file.path.endsWith(".sql")) terminal.print(`wrote ${folder}/${file.path}`);
  }
  return exitCodes.ok;
}

interface History {
  /** The newest migration's timestamp, null before the first. */
  lastTimestamp: string | null;
  /** The newest snapshot, or the newest of each binding when there are several; null before the first. */
  snapshots: unknown;
}

/** The timestamp of `now` in UTC, moved past `last` so that migrations always sort in the order they were made. */
export function nextTimestamp(last: string | null, now: Date): string {
  const wanted = timestampOf(now);
  if (last === null || wanted > last) return wanted;
  const parsed = Date.parse(
    last.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  const following = Number.isNaN(parsed) ? "" : timestampOf(new Date(parsed + 1000));
  // Not every run of 14 digits is a date; then counting on is all that is left.
  return following > last ? following : String(BigInt(last) + 1n).padStart(14, "0");
}

function timestampOf(date: Date): string {
  return date.toISOString().replace(/\D/g, "").slice(0, 14);
}

async function readHistory(folder: string): Promise<History> {
  const migrations = await listMigrations(folder);
  const timestamps = migrations.map((path) => migrationFile.exec(fileName(path))?.[1] ?? "");
  return {
    lastTimestamp: timestamps.sort().at(-1) ?? null,
    snapshots: await readSnapshots(folder, migrations),
  };
}

/** Each folder belongs to one binding, but a binding may have moved to another folder since. */
async function readSnapshots(folder: string, migrations: readonly string[]): Promise<unknown> {
  const newestOfFolder = new Map<string, string>();
  for (const path of byFileName(migrations.filter((one) => one.endsWith(".json")))) {
    newestOfFolder.set(path.slice(0, -fileName(path).length), path);
  }
  const byBinding = new Map<string, unknown>();
  for (const path of byFileName([...newestOfFolder.values()])) {
    const snapshot = await readSnapshot(join(folder, path));
    const binding = "binding" in snapshot ? snapshot.binding : null;
    byBinding.set(typeof binding === "string" ? binding : path, snapshot);
  }
  const [only] = byBinding.values();
  return byBinding.size > 1 ? Object.fromEntries(byBinding) : (only ?? null);
}

/** Sorted by the file's name, which begins with the time, whatever the folder. */
function byFileName(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => (fileName(a) < fileName(b) ? -1 : 1));
}

async function listMigrations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw new CliError(
        `cannot read the migrations folder ${folder}: ${error.code ?? error.message}`,
      );
    },
  );
  return entries
    .filter((entry) => entry.isFile() && migrationFile.test(entry.name))
    .map((entry) => portablePath(folder, join(entry.parentPath, entry.name)));
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function readSnapshot(path: string): Promise<object> {
  try {
    const snapshot: unknown = JSON.parse(await readFile(path, "utf8"));
    if (snapshot === null || typeof snapshot !== "object") throw new Error("not a JSON object");
    return snapshot;
  } catch (error) {
    throw new CliError(`the snapshot ${path} cannot be read: ${(error as Error).message}`, {
      hint: "restore it from version control: the next migration starts from it",
    });
  }
}
