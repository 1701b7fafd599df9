// Folders of stores, which outlive a power cut where that was asked for.

import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { onFile } from "./failures.js";
import type { Durability } from "./options.js";

/** Makes `folder` and those that it lies in, where they are not there. @throws LocalStorageError */
export function makeFolder(folder: string, durability: Durability): void {
  try {
    const path = resolve(folder);
    const first = mkdirSync(path, { recursive: true });
    if (first === undefined || durability !== "power") return;
    for (let made = path; ; made = dirname(made)) {
      syncFolder(dirname(made));
      if (made === first || made === dirname(made)) return;
    }
  } catch (error) {
    throw onFile(error, folder);
  }
}

/** Has the names in `folder` written: a new one is only there after a power cut when its folder was written too. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
