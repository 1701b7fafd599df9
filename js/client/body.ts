// Parameters to what travels: path segments, query strings, and request bodies of each media type.
import { encodeBase64 } from "./base64.js";
import { MediaType } from "./media-type.js";
import type { BlobSource, StreamSource } from "./types.js";

/** Parameters by name. What is undefined is not sent. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A body for `fetch`, and the content type to declare (null: `fetch` knows it). */
export interface EncodedBody {
  readonly body: BodyInit;
  readonly contentType: string | null;
}

/** Parameters as the query of a GET: texts as they are, the rest as JSON writes it. Null is left out, like undefined. */
export function encodeQuery(parameters: Parameters): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null) query.append(name, plainText(value));
  }
  return query;
}

/** A key or query value as text. */
export function plainText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return encodeBase64(value);
  return typeof value === "object" ? writeJson(value, () => refuseBlob()) : String(value);
}

/** What is asked as JSON; bytes are base64. Undefined stays so. */
export function plainJson(value: unknown): string | undefined {
  return value === undefined
    ? undefined
    : writeJson(value, (bytes) => encodeBase64(bytes instanceof Uint8Array ? bytes : refuseBlob()));
}

/** The body that carries `parameters` as `type`. */
export async function encodeBody(
  parameters: Parameters,
  type: MediaType,
): Promise<EncodedBody | null> {
  switch (type) {
    case MediaType.Json:
      return { body: await jsonWithBase64(parameters), contentType: MediaType.Json };
    case MediaType.FormData:
      return { body: form(parameters), contentType: null };
    case MediaType.Octet: {
      const [only] = Object.values(parameters);
      if (only === undefined || only === null) return null;
      return { body: await sendable(only as StreamSource), contentType: MediaType.Octet };
    }
  }
}

/** `source` in a form that the platform's `fetch` takes. */
export async function sendable(source: StreamSource): Promise<BodyInit> {
  return source instanceof ReadableStream && !sendsStreams()
    ? new Response(source).blob()
    : (source as BodyInit);
}

/**
 * Whether the platform's `fetch` takes a stream as a body. Browsers do so never, or over HTTP/2 alone, and some send
 * the text `[object ReadableStream]` instead of refusing it.
 */
function sendsStreams(): boolean {
  return typeof XMLHttpRequest === "undefined";
}

/** Part `json` holds the parameters with a number for each blob; the `blob` parts follow in the order of the numbers. */
function form(parameters: Parameters): FormData {
  const blobs = new Map<BlobSource, number>();
  const json = writeJson(parameters, (blob) => {
    const known = blobs.get(blob);
    if (known !== undefined) return known;
    blobs.set(blob, blobs.size);
    return blobs.size - 1;
  });
  const data = new FormData();
  // In a part that is a text, the character that stands for what is no UTF-8 tells nobody whether it was meant.
  data.append("json", json.replaceAll("\ufffd", "\\ufffd"));
  for (const blob of blobs.keys()) {
    // A File keeps its name and type; a plain Blob keeps its type. Without a file name the part would be a text.
    const file = blob instanceof Blob ? blob : new Blob([blob as BlobPart]);
    data.append("blob", file, (file as Partial<File>).name || "blob");
  }
  return data;
}

async function jsonWithBase64(parameters: Parameters): Promise<string> {
  const texts = new Map<BlobSource, string>();
  const json = writeJson(parameters, (blob) => {
    texts.set(blob, "");
    return "";
  });
  if (texts.size === 0) return json;
  for (const blob of texts.keys()) texts.set(blob, encodeBase64(await bytesOf(blob)));
  return writeJson(parameters, (blob) => texts.get(blob));
}

async function bytesOf(blob: BlobSource): Promise<Uint8Array> {
  if (blob instanceof Uint8Array) return blob;
  return new Uint8Array(blob instanceof ArrayBuffer ? blob : await blob.arrayBuffer());
}

/**
 * JSON of `value` with what `forBlob` answers in the place of bytes. Methods and undefined members are left out.
 * @throws RangeError for an invalid date, which JSON would silently turn into null.
 */
function writeJson(value: unknown, forBlob: (blob: BlobSource) => unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, written: unknown) {
    const original = this[name]; // `written` has been through toJSON, which dates and Node's buffers have
    if (original instanceof Date) return original.toISOString();
    if (
      original instanceof Uint8Array ||
      original instanceof ArrayBuffer ||
      original instanceof Blob
    ) {
      return forBlob(original);
    }
    return written;
  });
}

function refuseBlob(): never {
  throw new TypeError("bytes cannot travel in a URL");
}
