// The part of the shim for KV models with a history, as the rest sees it. `cloesce/engine/history` has it.

import type { AppCore } from "./app-core.js";
import type { Host } from "./host.js";
import type { Store } from "./manifest.js";

/** What was done to a key. PURGE also took away what was before it. */
export type Change = "PUT" | "DEL" | "PURGE";

/** What a key of a KV model with a history has or had. */
export interface Version<T> {
  readonly key: string;
  /** The entry as it was; null where it was deleted. */
  readonly entry: T | null;
  /** Grows with every write to the namespace. */
  readonly revision: number;
  readonly created: Date;
  /** PURGE also took away what was before it. */
  readonly change: Change;
}

/** Which keys `Orm.watch` tells of, and from when on. */
export interface WatchChoice {
  /** One key alone. */
  readonly key?: string;
  /** What the keys begin with. */
  readonly prefix?: string;
  /** "latest" (default): what every key has, then changes. "history": all that is kept, then changes. "updates": changes. */
  readonly include?: "latest" | "history" | "updates";
}

/** A KV model and where it is at home. */
export interface HistoryPlace {
  readonly host: Host;
  readonly core: AppCore;
  /** The model's name. */
  readonly model: string;
  /** Undefined of what is no KV or R2 model. */
  readonly store: Store | undefined;
}

/** Reads what keys had. Both throw or reject where the binding is a namespace without a history. */
export interface HistoryPart {
  /** Oldest first. */
  history(env: unknown, place: HistoryPlace, key: string): Promise<Version<unknown>[]>;
  /** A line of JSON for each, and one `null` where the present begins. It ends when it is cancelled. */
  watch(env: unknown, place: HistoryPlace, choice?: WatchChoice): ReadableStream<Uint8Array>;
}
