// `cloesce migrate <name>`: the difference between the last snapshot and the sources, as a migration.
import { CliError, exitCodes } from "../cli-error.js";
import type { ExitCode } from "../cli-error.js";
import type { Compiler, MigrateInput } from "../compiler.js";
import type { Project } from "../config/project.js";
import { portablePath } from "../extract/find-sources.js";
import { lastTimestamp, readMigrations, removeMigration } from "../migrations.js";
import type { Terminal } from "../terminal.js";
import { compileProject, printDiagnostics, writeFiles } from "./compile.js";

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
  return writeMigration(project, { name }, compiler, terminal, now);
}

/**
 * Makes one of two branches of migrations anew on top of the other: the one that began later, or the one `replace` is a
 * migration of. `name` is null for the name of its last migration.
 */
export async function rebaseMigrations(
  project: Project,
  replace: string | null,
  name: string | null,
  compiler: Compiler,
  terminal: Terminal,
  now: Date,
): Promise<ExitCode> {
  if (name !== null) checkMigrationName(name);
  const rebase = replace ?? "";
  return writeMigration(project, { name: name ?? "", rebase }, compiler, terminal, now);
}

async function writeMigration(
  project: Project,
  wanted: Pick<MigrateInput, "name" | "rebase">,
  compiler: Compiler,
  terminal: Terminal,
  now: Date,
): Promise<ExitCode> {
  const isRebase = wanted.rebase !== undefined;
  // A rebase is what puts branches right, so they must not keep the sources from being compiled.
  const history = isRebase ? "ignored" : "checked";
  const compiled = await compileProject(project, compiler, terminal, "quiet", { history });
  if (!compiled.ok || compiled.cidl === null) return exitCodes.compileErrors;
  const output = compiler.migrate({
    cidl: JSON.parse(compiled.cidl) as unknown,
    history: await readMigrations(project.migrationsDir),
    ...wanted,
    timestamp: nextTimestamp(await lastTimestamp(project.migrationsDir), now),
    color: terminal.color,
  });
  printDiagnostics(output.diagnostics, terminal);
  if (!output.ok) return exitCodes.compileErrors;
  if (isRebase && output.replaced.length === 0) {
    terminal.print("nothing to rebase: every migration follows the one before it");
    return exitCodes.ok;
  }
  if (!isRebase && output.files.length === 0) {
    terminal.print("nothing to migrate");
    return exitCodes.ok;
  }
  // In this order: a run that is interrupted leaves a fork, which can be rebased again, and loses nothing.
  await writeFiles(project.migrationsDir, output.files);
  for (const path of output.replaced) await removeMigration(project.migrationsDir, path);
  const folder = portablePath(project.root, project.migrationsDir);
  for (const path of output.replaced) terminal.print(`removed ${folder}/${path}.sql`);
  for (const file of output.files) {
    if (file.path.endsWith(".sql")) terminal.print(`wrote ${folder}/${file.path}`);
  }
  if (output.replaced.length > 0) {
    terminal.note(
      "A database that has the removed migrations already (your local one, perhaps) does not take the new one: " +
        "see docs/migrations.md, Two branches.",
    );
  }
  return exitCodes.ok;
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
