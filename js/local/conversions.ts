// What a Worker gives a binding, converted as the platform's bindings do: options come from JavaScript, with any type.

import { wellFormed } from "./rules.js";

const least = -(2 ** 31);
const most = 2 ** 31 - 1;

/** A text, of whatever can be one. @throws TypeError of a symbol */
export function textOf(given: unknown): string {
  return wellFormed(typeof given === "string" ? given : `${given as string}`);
}

/** A whole number of 32 bits: null and what is no number are zero. @throws TypeError beyond those, as of moments in milliseconds */
export function wholeNumber(given: unknown): number | null {
  if (given === undefined) return null;
  const number = +(given as number);
  if (!Number.isFinite(number)) return 0;
  if (number < least || number > most)
    throw new TypeError(`Value out of range. Must be between ${least} and ${most} (inclusive).`);
  return Math.trunc(number);
}

/** `given` where it is not null: a field of R2's options that is there has a value of its type. */
export function present(given: unknown, field: string, of: string, type: string): unknown {
  if (given !== null) return given;
  throw new TypeError(
    `Incorrect type for the '${field}' field on '${of}': the provided value is not of type '${type}'.`,
  );
}

/** A moment in milliseconds, of a date or of a number. */
export function momentOf(given: unknown, field: string, of: string): number {
  if (!(given instanceof Date) && typeof given !== "number") present(null, field, of, "date");
  const moment = +(given as Date | number);
  if (Number.isNaN(moment))
    throw new TypeError("The value cannot be converted because it is not a valid Date.");
  return moment;
}
