// Failures of KV, of R2 and of signing, by what they are about.

import { asError } from "../worker/index.js";

/** What `error` of the store that `place` names comes to: its caller is told what `said` is, the log the rest. */
export function storeFailure(said: string, place: string, error: unknown): Error {
  return Object.assign(new Error(`${place}: ${asError(error).message}`, { cause: error }), {
    said,
  });
}
