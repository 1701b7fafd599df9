// Serves an R2 object over HTTP as RFC 9110 wants it: whole, a range of it, or only the news that nothing changed.

import { HttpResult } from "./http-result.js";
import {
  headHeaders,
  objectHeaders,
  policyHeader,
  type R2BucketLike,
  type R2ObjectLike,
} from "./r2-object.js";

/**
 * The object `key` of `bucket` as a result that a method can return: its bytes as a stream with the stored headers,
 * 206 for a `Range`, 304 and 412 for conditions (`If-None-Match`, `If-Match`, and the like), 416 for a range beyond the
 * end, 404 when there is no such object. A HEAD is answered with headers only. `headers` go on top of the stored ones.
 * Stored HTML, SVG and XML are downloads that may do nothing, unless `headers` have a `content-security-policy`.
 */
export async function serveObject(
  bucket: unknown,
  key: string | { readonly key: string },
  request: Request,
  headers?: HeadersInit,
): Promise<HttpResult<ReadableStream<Uint8Array>>> {
  const name = typeof key === "string" ? key : key.key;
  const asked = request.headers;
  const store = bucket as R2BucketLike;
  const body = request.method !== "HEAD";
  let range = body ? rangeOf(asked.get("range")) : null;
  let object: R2ObjectLike | null = null;
  if (!body || (range !== null && asked.has("if-range"))) {
    object = await store.head(name);
    // The part is only wanted of the object that the caller knows.
    if (object !== null && !sameObject(asked.get("if-range") ?? "", object)) range = null;
  }
  let stream: ReadableStream<Uint8Array> | null | undefined = null;
  let part: { offset: number; length: number } | undefined;
  if (body) {
    const options = { onlyIf: asked, ...(range === null ? {} : { range }) };
    const found = await store.get(name, options).catch((error: unknown) => {
      if (String(error).includes("10039")) return undefined;
      throw error;
    });
    if (found === undefined) return unsatisfiable(await store.head(name));
    object = found;
    stream = found?.body;
    part = range === null ? undefined : (found?.range as typeof part);
  }
  if (object === null) return HttpResult.fail(404, "CLO1301: there is no such object");
  const refused = body ? stream === undefined : !holds(asked, object);
  if (refused && isFailed(asked, object)) return HttpResult.fail(412, "the object has changed");

  const given = new Headers();
  objectHeaders(object, given);
  if (refused) {
    given.delete("content-type");
  } else if (!body) {
    headHeaders(object, given);
  }
  // What a caller uploaded must not be taken for something else than it said.
  given.set("x-content-type-options", "nosniff");
  const own = new Headers(headers);
  if (isPage(given) && !own.has(policyHeader)) {
    given.set(policyHeader, "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    if (!given.has("content-disposition")) given.set("content-disposition", "attachment");
  }
  own.forEach((value, header) => {
    given.set(header, value);
  });
  if (refused) return new HttpResult(true, 304, given);
  if (part !== undefined) {
    given.set(
      "content-range",
      `bytes ${part.offset}-${part.offset + part.length - 1}/${object.size}`,
    );
  }
  const status = part === undefined ? 200 : 206;
  const result = new HttpResult(true, status, given, stream ?? undefined);
  // The stored bytes are what `content-encoding` says already.
  if (given.has("content-encoding")) result.encodeBody = "manual";
  return result;
}

/** Whether a browser may run scripts out of it. */
function isPage(headers: Headers): boolean {
  return /^(text|application)\/(html|xml)|\+xml/i.test(headers.get("content-type") ?? "");
}

interface ByteRange {
  offset?: number;
  length?: number;
  suffix?: number;
}

/** The one range that a header asks for; null when there is none, or anything else, which is passed over. */
function rangeOf(header: string | null): ByteRange | null {
  const [, first = "", last = ""] = /^\s*bytes=(\d*)-(\d*)\s*$/.exec(header ?? "") ?? [];
  if (first === "") return last === "" ? null : { suffix: Number(last) };
  const offset = Number(first);
  if (last === "") return { offset };
  return Number(last) < offset ? null : { offset, length: Number(last) - offset + 1 };
}

function unsatisfiable(object: R2ObjectLike | null): HttpResult<never> {
  return HttpResult.fail(416, "the range begins behind the end of the object", {
    "content-range": `bytes */${object?.size ?? 0}`,
  });
}

/** Whether `If-Range` names `object`; without one it does. */
function sameObject(condition: string, object: R2ObjectLike): boolean {
  if (condition === "") return true;
  if (condition.includes('"')) return condition === object.httpEtag;
  return Date.parse(condition) === secondsOf(object.uploaded);
}

const secondsOf = (date: Date): number => Math.floor(new Date(date).getTime() / 1000) * 1000;

function names(list: string, object: R2ObjectLike): boolean {
  return list.split(",").some((entry) => {
    const etag = entry.trim();
    return etag === "*" || etag.replace(/^W\//, "") === object.httpEtag;
  });
}

/** Whether `If-Match` or `If-Unmodified-Since` fails: 412, where a condition on news is 304. */
function isFailed(asked: Headers, object: R2ObjectLike): boolean {
  const match = asked.get("if-match");
  if (match !== null) return !names(match, object);
  const since = asked.get("if-unmodified-since");
  return since !== null && secondsOf(object.uploaded) > Date.parse(since);
}

/** Whether all conditions hold, for a HEAD, which R2 takes none for. */
function holds(asked: Headers, object: R2ObjectLike): boolean {
  if (isFailed(asked, object)) return false;
  const match = asked.get("if-none-match");
  if (match !== null) return !names(match, object);
  const since = asked.get("if-modified-since");
  return since === null || !(secondsOf(object.uploaded) <= Date.parse(since));
}
