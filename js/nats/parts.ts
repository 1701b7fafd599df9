// What reads, writes and watches of a bucket share.

import type { Backend } from "./backend.js";
import type { Keys, Values } from "./codecs.js";
import { InvalidOption } from "./errors.js";
import type { Feeds } from "./feeds.js";

export interface Parts {
  readonly name: string;
  readonly backend: Backend;
  readonly keys: Keys;
  readonly values: Values;
  readonly feeds: Feeds;
}

/** The entry that caches drop what is older at. */
export const erasedKey = "_kv/erased";

/** @throws InvalidOption */
export function checkRevision(revision: number, least: number): void {
  if (!Number.isSafeInteger(revision) || revision < least)
    throw new InvalidOption(`a revision is a whole number from ${least} on`);
}
