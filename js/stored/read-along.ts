// What KV and R2 held when an instance was read with it. A save of the row leaves it out as long as nobody changed it.

import { jsonOf } from "../worker/index.js";

/** The JSON of each member as it was read, bytes by their number. */
const texts = new WeakMap<object, string>();

/** Remembers what `members` of an instance were when they were read. */
export function noteRead(
  members: readonly string[],
  instance: Readonly<Record<string, unknown>>,
): void {
  for (const name of members) {
    const value = instance[name];
    if (typeof value === "object" && value !== null) texts.set(value, textOf(value));
  }
}

/** Whether `value` is such a member, and still what was read. */
export function isAsRead(value: object): boolean {
  const text = texts.get(value);
  return text !== undefined && text === textOf(value);
}

function textOf(value: object): string {
  return jsonOf(value, (blob) => (blob instanceof Blob ? blob.size : blob.byteLength));
}
