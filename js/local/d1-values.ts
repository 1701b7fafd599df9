// Values of D1 on their way into SQLite and out of it, and rows in the shapes that D1 answers.

import { d1Error } from "./d1-errors.js";
import { wellFormed } from "./rules.js";

/** What SQLite is given. */
export type Value = null | number | string | Uint8Array;
/** What D1's JSON can hold. */
export type OutCell = null | number | string | number[];

/** A value as the binding sends it. @throws D1_TYPE_ERROR */
export function cellIn(value: unknown): Value {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value + 0 : null;
    case "string":
      return wellFormed(value);
    case "boolean":
      return value ? 1 : 0;
    case "object":
      if (value === null) return null;
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      if (ArrayBuffer.isView(value) && !(value instanceof DataView))
        return Uint8Array.from(value as unknown as ArrayLike<number>);
      if (value instanceof DataView) return new Uint8Array();
      if (Array.isArray(value) && value.every(isByte)) return Uint8Array.from(value as number[]);
      break;
    default:
  }
  throw d1Error(
    "D1_TYPE_ERROR",
    `Type '${typeof value}' not supported for value '${String(value)}'`,
  );
}

/** Integers beyond 2^53 are rounded, infinities are null, blobs are lists of bytes: so D1's JSON has them. */
export function cellOut(cell: unknown): OutCell {
  switch (typeof cell) {
    case "string":
      return cell;
    case "number":
      return Number.isFinite(cell) ? cell : null;
    case "bigint":
      return Number(cell);
    default:
      return cell instanceof Uint8Array ? Array.from(cell) : null;
  }
}

/** A row as an object; of columns that share a name the last one counts. */
export function asObject(
  columns: readonly string[],
  row: readonly unknown[],
): Record<string, OutCell> {
  const object: Record<string, OutCell> = {};
  for (let index = 0; index < columns.length; index += 1) {
    const name = columns[index] as string;
    const cell = cellOut(row[index]);
    // Assigned, this one name would be lost.
    if (name === "__proto__")
      Object.defineProperty(object, name, {
        value: cell,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else object[name] = cell;
  }
  return object;
}

function isByte(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
