// Opens the databases of stores: node:sqlite found or asked for, files that are not ours refused.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { DatabaseSync, DatabaseSyncOptions } from "node:sqlite";
import type { Durability } from "./options.js";
import { LocalStorageError, onFile } from "./failures.js";

/** "Cloe": marks a database as ours. */
const applicationId = 0x436c6f65;
const schemaVersion = 1;
/** Milliseconds that a statement waits for another process. */
const busyTimeout = 5000;

type Sqlite = typeof import("node:sqlite");
let loaded: Sqlite | null = null;

/** `node:sqlite`, of which the message says where it is to be had. */
export function loadSqlite(): Sqlite {
  try {
    return (loaded ??= createRequire(import.meta.url)("node:sqlite") as Sqlite);
  } catch (error) {
    throw new Error(
      `cloesce/local needs node:sqlite, which Node ${process.versions.node} does not have: run it on Node 24 ` +
        `(npm install --save-dev --save-exact node@24 puts one into the project, which npx and npm scripts then use)`,
      { cause: error },
    );
  }
}

/** Opens `path`, or a database in memory, without looking at what is in it. */
export function openDatabase(path: string | null, options: DatabaseSyncOptions = {}): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  try {
    return new DatabaseSync(path ?? ":memory:", { timeout: busyTimeout, ...options });
  } catch (error) {
    throw path === null ? error : asDatabaseError(error, path);
  }
}

/** Opens the database of a store and gives it `schema` when it is new. @throws LocalStorageError */
export function openStoreDatabase(
  path: string | null,
  schema: string,
  durability: Durability,
): DatabaseSync {
  const isNew = path === null || !existsSync(path);
  const database = openDatabase(path);
  try {
    if (!isNew) checkOwn(database, path);
    tune(database, durability);
    database.exec("begin immediate");
    // Another process may have been quicker.
    if (numberOf(database, "pragma user_version") === 0) {
      database.exec(`${schema}
        pragma application_id = ${applicationId}; pragma user_version = ${schemaVersion};`);
    }
    database.exec("commit");
    return database;
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    database.close();
    throw path === null ? error : asDatabaseError(error, path);
  }
}

/** The journal and how far writes are waited for. */
export function tune(database: DatabaseSync, durability: Durability): void {
  database.exec(`pragma journal_mode = wal; pragma foreign_keys = on;
    pragma synchronous = ${durability === "power" ? "full" : "normal"};`);
}

/** Refuses a database that belongs to something else, or to a later version of this. */
function checkOwn(database: DatabaseSync, path: string): void {
  const version = numberOf(database, "pragma user_version");
  const id = numberOf(database, "pragma application_id");
  const empty = numberOf(database, "select count(*) from sqlite_schema") === 0;
  if (empty && version === 0) return;
  if (id !== applicationId) {
    throw new LocalStorageError(
      path,
      "it is a SQLite database of something else",
      "Move it away or choose another root; it was not touched",
    );
  }
  if (version > schemaVersion) {
    throw new LocalStorageError(
      path,
      `it was written by a later version of cloesce (schema ${version}, this one reads ${schemaVersion})`,
      "Use that version, or choose another root; it was not touched",
    );
  }
}

/** What SQLite says about the file as a whole, in words. */
export function asDatabaseError(error: unknown, path: string): unknown {
  const { errcode } = (error ?? {}) as { errcode?: number };
  switch (errcode === undefined ? undefined : errcode & 0xff) {
    case 26:
      return new LocalStorageError(
        path,
        "it is not a SQLite database",
        "Move it away or restore it; it was not touched",
        error,
      );
    case 11:
      return new LocalStorageError(
        path,
        "the database is damaged",
        "Restore it from a copy, or remove the store's folder to begin anew; it was not touched",
        error,
      );
    case 14:
    case 8:
    case 3:
      return new LocalStorageError(
        path,
        "it cannot be opened for writing",
        "Check that the folder exists and that this process may write to it",
        error,
      );
    case 13:
      return onFile(Object.assign(new Error("database or disk is full"), { code: "ENOSPC" }), path);
    case 10:
      return onFile(Object.assign(error as Error, { code: "EIO" }), path);
    case 5:
      return new LocalStorageError(
        path,
        "another process has kept it locked",
        "End that process, or wait for it",
        error,
      );
    default:
      return onFile(error, path);
  }
}

function numberOf(database: DatabaseSync, sql: string): number {
  const row = database.prepare(sql).get();
  return Number(Object.values(row ?? {})[0] ?? 0);
}
