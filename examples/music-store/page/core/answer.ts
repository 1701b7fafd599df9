// From the generated client's results to values, or to one kind of error with a message for people.

import { configure } from "../../.generated/client";
import type { HttpResult } from "cloesce/client";

/** A call that did not succeed. The message can be shown as it is. */
export class Refusal extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The value of a call that succeeded. @throws Refusal in every other case. */
export async function answered<T>(call: Promise<HttpResult<T>>): Promise<T> {
  let result: HttpResult<T>;
  try {
    result = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal(0, "The store cannot be reached. Check your connection and try again.");
  }
  if (result.ok) return result.data;
  throw new Refusal(result.status, result.message.trim() || "The store could not do that.");
}

/** What to tell people about anything that was thrown. */
export function explain(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  console.error(error);
  return "Something went wrong on this page. Please try again.";
}

const nameKey = "visitor";

/** The name that reviews are signed with; empty until the visitor said it. */
export function visitorName(): string {
  try {
    return localStorage.getItem(nameKey) ?? "";
  } catch {
    return "";
  }
}

export function rememberVisitor(name: string): void {
  try {
    localStorage.setItem(nameKey, name);
  } catch {
    // Private windows may forbid it; the name is then asked again.
  }
  currentVisitor = name;
}

let currentVisitor = visitorName();

/** Points the generated client at this page's own origin, and signs its calls. */
export function connect(): void {
  configure({
    baseUrl: "/api",
    headers: (): Record<string, string> =>
      currentVisitor === "" ? {} : { "X-Visitor": encodeURIComponent(currentVisitor) },
  });
}

/** A `fetch` that `signal` can call off, for the last parameter of a client method. */
export function until(
  signal: AbortSignal,
): (input: string, init?: RequestInit) => Promise<Response> {
  return (input, init) => fetch(input, { ...init, signal });
}
