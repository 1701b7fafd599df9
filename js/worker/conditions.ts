// The conditions of a request for an object (RFC 9110, section 13), judged by what R2 says of the object.

import type { R2ObjectLike } from "./r2-object.js";

/** The status of the answer: 200 where `object` may be sent, else 304 or 412. What is malformed is passed over. */
export function judge(asked: Headers, object: R2ObjectLike): 200 | 304 | 412 {
  const modified = secondsOf(object);
  const matches = names(asked.get("if-match"), object, "strong");
  const changed = modified > httpDate(asked.get("if-unmodified-since"));
  if (matches === null ? changed : !matches) return 412;
  const known = names(asked.get("if-none-match"), object, "weak");
  return (known ?? modified <= httpDate(asked.get("if-modified-since"))) ? 304 : 200;
}

/** Whether an `If-Range` says that a part of `object` is wanted. */
export function wantsPart(condition: string, object: R2ObjectLike): boolean {
  return condition.trim() === object.httpEtag || httpDate(condition) === secondsOf(object);
}

/** Whether a list of tags names `object`; null where it has none. Those of R2 are strong. */
function names(
  list: string | null,
  { httpEtag }: R2ObjectLike,
  comparison: "strong" | "weak",
): boolean | null {
  if (list === null) return null;
  if (list.trim() === "*") return true;
  const tags = [...list.matchAll(/(?:^|,)\s*(W\/)?("[^"]*")\s*(?=,|$)/g)];
  if (tags.length === 0) return null;
  return tags.some(([, mark, tag]) => tag === httpEtag && (comparison === "weak" || !mark));
}

/** When an object was written, as fine as HTTP tells time. */
function secondsOf({ uploaded }: R2ObjectLike): number {
  return Math.floor(new Date(uploaded).getTime() / 1000) * 1000;
}

/** A date in one of the three forms of HTTP, of which one leaves its zone out; else NaN, which compares with nothing. */
function httpDate(text: string | null): number {
  const [date, zone] = /^\w{3,9},? [\w -]+ \d\d:\d\d:\d\d( GMT| \d{4})$/.exec(text ?? "") ?? [];
  return date === undefined ? NaN : Date.parse(zone === " GMT" ? date : `${date} GMT`);
}
