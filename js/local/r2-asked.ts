// How R2 names what it refuses.

import { thrown } from "./rules.js";

/** Runs an operation; a refusal names it, as the platform's messages do. */
export async function asked<Answer>(
  operation: string,
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw thrown(error, (code, message) => `${operation}: ${message} (${code})`);
  }
}
