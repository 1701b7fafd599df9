// The migrations folder: which migrations there are, with the texts that the compiler reads.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { CliError } from "./cli-error.js";
import { portablePath } from "./extract/find-sources.js";
import { readIfPresent } from "./files.js";

/** A migration as the compiler takes it. `path` is relative to the migrations folder, without an ending. */
export interface MigrationFiles {
  path: string;
  snapshot: string;
  /** Absent when the .sql file is missing. */
  sql?: string;
}

/** A migration's files are called `<timestamp>_<name>.sql` and `.json`. Those of 0.0.5 have a T before the time of day. */
const migrationFile = /^(\d{8})(T?)(\d{6})_.+\.(?:sql|json)$/;

/** The paths of all migration files below `folder`, relative to it; none when there is no folder. */
async function listMigrationFiles(folder: string): Promise<string[]> {
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

/** Every migration that has a snapshot; an .sql file alone is the user's own. */
export async function readMigrations(folder: string): Promise<MigrationFiles[]> {
  const migrations: MigrationFiles[] = [];
  for (const file of (await listMigrationFiles(folder)).sort()) {
    if (!file.endsWith(".json")) continue;
    const path = file.slice(0, -".json".length);
    const snapshot = await readIfPresent(join(folder, file));
    if (snapshot === null) continue;
    const sql = await readIfPresent(join(folder, `${path}.sql`));
    migrations.push({ path, snapshot, ...(sql === null ? {} : { sql }) });
  }
  return migrations;
}

/**
 * The newest timestamp of any migration file, null before the first. One with a T counts as the end of its day: as a text it
 * is behind every other name of that day, as a number before.
 */
export async function lastTimestamp(folder: string): Promise<string | null> {
  const timestamps = (await listMigrationFiles(folder)).map((path) => {
    const [, day = "", letter, time = ""] =
      migrationFile.exec(path.slice(path.lastIndexOf("/") + 1)) ?? [];
    return day + (letter === "T" ? "235959" : time);
  });
  return timestamps.sort().at(-1) ?? null;
}

/** Removes both files of a migration. */
export async function removeMigration(folder: string, path: string): Promise<void> {
  for (const ending of [".sql", ".json"]) await rm(join(folder, path + ending), { force: true });
}
