// Serves an R2 object over HTTP as RFC 9110 wants it: whole, a range of it, or only the news that nothing changed.

import { notFound } from "../abi/codes.js";
import { judge, wantsPart } from "./conditions.js";
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
  const isHead = request.method === "HEAD";
  const range = isHead ? null : rangeOf(asked.get("range"));
  const found: Found | null = isHead
    ? foundHead(await store.head(name))
    : await read(store, name, range, asked.get("if-range"));
  if (found === null) return HttpResult.fail(404, `${notFound}: there is no such object`);
  const { object, stream, part, isBeyond } = found;

  const status = judge(asked, object);
  // R2 was told of no condition but its own tag, so the bytes may be on their way.
  if (status !== 200) await stream?.cancel();
  if (status === 412) return HttpResult.fail(412, "the object has changed");
  const given = new Headers();
  objectHeaders(object, given);
  if (status === 304) given.delete("content-type");
  else if (isBeyond)
    return HttpResult.fail(416, "the range begins behind the end of the object", {
      "content-range": `bytes */${object.size}`,
    });
  else if (isHead) headHeaders(object, given);
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
  if (status === 304) return new HttpResult(true, 304, given);
  if (part)
    given.set(
      "content-range",
      `bytes ${part.offset}-${part.offset + part.length - 1}/${object.size}`,
    );
  const result = new HttpResult(true, part ? 206 : 200, given, stream);
  // The stored bytes are what `content-encoding` says already.
  if (given.has("content-encoding")) result.encodeBody = "manual";
  return result;
}

/** An object on its way. */
interface Found {
  readonly object: R2ObjectLike;
  readonly stream?: ReadableStream<Uint8Array>;
  /** What of it comes, when it is not all. */
  readonly part?: { readonly offset: number; readonly length: number };
  /** Whether the range is behind its end. */
  readonly isBeyond?: boolean;
}

const foundHead = (object: R2ObjectLike | null): Found | null => object && { object };

/** The bytes under `name`; of a `range` only where the condition of an `If-Range` holds. */
async function read(
  store: R2BucketLike,
  name: string,
  range: ByteRange | null,
  condition: string | null,
): Promise<Found | null> {
  const options: Record<string, unknown> = {};
  if (range !== null) {
    options["range"] = range;
    if (condition !== null) {
      const known = await store.head(name);
      if (known === null) return null;
      if (!wantsPart(condition, known)) return read(store, name, null, null);
      options["onlyIf"] = { etagMatches: known.etag };
    }
  }
  try {
    const object = await store.get(name, options);
    if (object === null) return null;
    // Another object has come since, which is wanted whole.
    if (object.body === undefined && range !== null) return await read(store, name, null, null);
    if (!object.body) throw new TypeError(`R2 answered ${JSON.stringify(name)} without its body`);
    const found = { object, stream: object.body as ReadableStream<Uint8Array> };
    return range === null ? found : { ...found, part: object.range as Required<ByteRange> };
  } catch (error) {
    // The local R2 fails inside, without that code, where a range with a length begins at the very end.
    const isRefused = String(error).includes("10039");
    const { offset } = range ?? {};
    if (!isRefused && offset === undefined) throw error;
    const object = await store.head(name);
    if (!isRefused && object !== null && (offset as number) < object.size) throw error;
    return object && { object, isBeyond: true };
  }
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
