// Roots of stores: none lies in another, and one process owns each.

import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { LocalStorageError, onFile } from "./failures.js";
import { makeFolder } from "./folders.js";
import type { Durability } from "./options.js";
import { asDatabaseError, openDatabase } from "./sqlite.js";

/** A store and where it is to lie. */
export interface NamedRoot {
  readonly store: string;
  readonly root: string;
}

/** Refuses roots that are the same or lie in one another, whatever links lead there. @throws Error */
export function checkRoots(roots: readonly NamedRoot[]): void {
  const settled = roots.map(({ store, root }) => ({ store, root, real: realRoot(root) }));
  for (const [index, one] of settled.entries()) {
    for (const other of settled.slice(index + 1)) {
      if (!isWithin(one.real, other.real) && !isWithin(other.real, one.real)) continue;
      const how = one.real === other.real ? "is that of" : "and that of";
      const end = one.real === other.real ? "" : " lie in one another";
      throw new Error(
        `the root of ${one.store} (${one.root}) ${how} ${other.store} (${other.root})${end}: give each a folder of its own`,
      );
    }
  }
}

/** Where a path leads, of which the end need not exist yet. */
function realRoot(path: string): string {
  const whole = resolve(path);
  const missing: string[] = [];
  for (let at = whole; ; at = dirname(at)) {
    try {
      return join(realpathSync.native(at), ...missing);
    } catch {
      if (dirname(at) === at) return whole;
      missing.unshift(basename(at));
    }
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !/^\.\.[\\/]/.test(way) && !isAbsolute(way));
}

/** What SQLite answers for a lock. */
const [busy, damaged, notADatabase] = [5, 11, 26];

/** That a root is ours. The system takes it back when the process ends, however that happens. */
export interface Ownership {
  release(): void;
}

/** Makes this process the owner of `root`; answers who is instead when another was first. */
export function own(root: string, durability: Durability): Ownership | string {
  let database: DatabaseSync;
  const lock = join(root, "owner.sqlite");
  const note = join(root, "owner.txt");
  makeFolder(root, durability);
  try {
    database = openDatabase(lock, { timeout: 0 });
  } catch (error) {
    throw onFile(error, root);
  }
  try {
    database.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    database.close();
    switch (((error as { errcode?: number }).errcode ?? 0) % 256) {
      case busy:
        return readNote(note);
      case notADatabase:
      case damaged:
        throw new LocalStorageError(
          lock,
          "it is not a lock that can be taken",
          "Remove this one file when no process uses the root",
          error,
        );
      default:
        throw asDatabaseError(error, lock);
    }
  }
  try {
    writeFileSync(note, `process ${process.pid}, since ${new Date().toISOString()}\n`);
  } catch (error) {
    database.close();
    throw onFile(error, note);
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

function readNote(note: string): string {
  try {
    return readFileSync(note, "utf8").trim();
  } catch {
    return "another process";
  }
}
