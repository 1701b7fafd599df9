// What was thrown, as an error, and as the core is told of it.

/** An error of a store, of which the caller may be told something; the message is for the log. */
export interface StoreFailure extends Error {
  readonly said?: string;
}

/** `thrown`, or an error that says it; also of what does not let itself be looked at. */
export function asError(thrown: unknown): StoreFailure {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
    return new Error(String(thrown), { cause: thrown });
  } catch {
    return new Error("something was thrown that cannot be read");
  }
}

/** What the core is told of a failure. */
export function failureText(thrown: unknown): string {
  const { said, message } = asError(thrown);
  return said === undefined ? message || "failed" : `\x1f${said}\x1f${message}`;
}
