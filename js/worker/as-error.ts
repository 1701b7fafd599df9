// What was thrown, as an error.

/** `thrown`, or an error that says it. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
