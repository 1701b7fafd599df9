// The part of the shim for saves that are sent again, as the rest sees it. `cloesce/engine/saves` has it.

import type { Batch, D1DatabaseLike } from "./d1.js";

/** Runs the batch of a save as `runBatch` does. Throws an `HttpResult` as an answer to the caller. */
export type SaveRunner = (database: D1DatabaseLike, batch: Batch) => Promise<string>;

/**
 * How a save is run under the `key` that its caller gave it: once, however often it is sent within a day. `model` is what it
 * saves, `said` all that it says: its query, then its body.
 */
export type SavesPart = (
  model: string,
  key: string,
  said: readonly (string | Uint8Array<ArrayBuffer>)[],
) => SaveRunner;
