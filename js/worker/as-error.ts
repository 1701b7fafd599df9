// What was thrown, as an error.

/** `thrown`, or an error that says it; also of what does not let itself be looked at. */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
    return new Error(String(thrown), { cause: thrown });
  } catch {
    return new Error("something was thrown that cannot be read");
  }
}
