// Waiting that can be given up.

/** The promise's outcome, or the signal's reason as soon as it is aborted. The work itself is not undone. */
export function abortable<Answer>(work: Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
  if (signal === undefined) return work;
  if (signal.aborted) {
    void work.catch(() => undefined);
    return Promise.reject(signal.reason as Error);
  }
  return new Promise((resolve, reject) => {
    const give = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
  });
}

/** Resolves in so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
