// What KV and R2 held when an object was read with it. A save leaves it out as long as nobody changed it; what was changed
// is sent, and refused by the worker, which writes rows alone.

/** The JSON of each such member as it was read, bytes by their number. */
const texts = new WeakMap<object, string>();

/** Remembers what a member was when it was read. */
export function noteRead(member: unknown): void {
  if (typeof member === "object" && member !== null) texts.set(member, textOf(member));
}

/** Whether there is nothing to send of a member: it is still what was read. */
export function isAsRead(member: unknown): boolean {
  if (typeof member !== "object" || member === null) return false;
  const text = texts.get(member);
  return text !== undefined && text === textOf(member);
}

function textOf(member: object): string {
  return JSON.stringify(member, (_name, value: unknown) => {
    if (value instanceof Uint8Array) return value.byteLength;
    return value instanceof Blob ? value.size : value;
  });
}
