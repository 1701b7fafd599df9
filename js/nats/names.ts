// Whether names are in the grammar.

import { readdirSync } from "node:fs";
import { Refusal, rule } from "../local/rules.js";

const refused = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
};

/** `[a-zA-Z0-9_-]+`, up to 200. */
export function isValidBucket(name: string): boolean {
  return refused(() => rule("history_bucket", name, null)) === null;
}

/** Parts of `[-/_=a-zA-Z0-9]+` between single dots, after encoding. Reserved keys are valid. */
export function isValidKey(key: string): boolean {
  const own = isReservedKey(key) ? `k${key}` : key;
  return refused(() => rule("history_encode", [], [own], false, true)) === null;
}

/** Keys that begin with `_kv` are the bucket's own. */
export function isReservedKey(key: string): boolean {
  return key.startsWith("_kv");
}

/** The names that folders stand for. */
export function foldersOf(path: string): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(path);
  } catch {
    return [];
  }
  return names.map((name) =>
    name.replace(/\+([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
  );
}
