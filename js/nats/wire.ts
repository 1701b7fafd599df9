// Messages of a bucket as JetStream has them: headers as bytes and as records, and what they say of an entry.

import type { Msg } from "@nats-io/transport-node";
import type { Operation, Stored } from "./backend.js";

/** Headers that are the bucket's, with what they say. */
export const wire = {
  operation: "KV-Operation",
  origin: "KV-Origin-Cluster",
  rollup: "Nats-Rollup",
  ttl: "Nats-TTL",
  id: "Nats-Msg-Id",
  expected: "Nats-Expected-Last-Subject-Sequence",
  marker: "Nats-Marker-Reason",
  size: "Nats-Msg-Size",
} as const;

/**
 * Headers that were checked before, as the client sends them. Its own look at every letter of every name and search what
 * is there for each that is added, which costs more than the rest of a publish.
 */
export class EncodedHeaders {
  readonly #bytes: Uint8Array;

  constructor(headers: readonly (readonly [string, string])[]) {
    let text = "NATS/1.0\r\n";
    for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
    this.#bytes = encoder.encode(`${text}\r\n`);
  }

  encode(): Uint8Array {
    return this.#bytes;
  }
}

/** The little of the client's headers that is read. */
export type WireHeaders = Iterable<[string, string[]]>;

export type HeaderRecord = Readonly<Record<string, string>>;
const none: HeaderRecord = {};
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function recordOf(headers: WireHeaders | undefined): HeaderRecord {
  if (headers === undefined) return none;
  const record: Record<string, string> = {};
  for (const [name, values] of headers) record[name] = values.at(-1) ?? "";
  return record;
}

/** Headers as a stored message has them: `NATS/1.0`, a line each, an empty line. */
export function parseHeaders(bytes: Uint8Array): HeaderRecord {
  const headers: Record<string, string> = {};
  const text = decoder.decode(bytes);
  let end = text.indexOf("\r\n");
  while (end >= 0) {
    const begin = end + 2;
    end = text.indexOf("\r\n", begin);
    const colon = text.indexOf(":", begin);
    if (colon > begin && colon < end)
      headers[text.slice(begin, colon)] = text.slice(colon + 1, end).trim();
  }
  return headers;
}

/** Where the client has the bytes that a message came as. */
interface RawMessage {
  readonly _rdata?: unknown;
  readonly _msg?: { readonly hdr?: unknown };
}

/** The headers of a message. Those of the client cost more to be made than all else of an entry, so its bytes are read. */
export function headersOf(message: Msg): HeaderRecord {
  const { _rdata: bytes, _msg: parts } = message as unknown as RawMessage;
  if (bytes instanceof Uint8Array && typeof parts?.hdr === "number")
    return parts.hdr > 0 ? parseHeaders(bytes.subarray(0, parts.hdr)) : none;
  // Another version of the client may keep them elsewhere.
  return recordOf(message.headers);
}

/** What happened to the key; the server's own markers say so in a header of theirs. */
export function operationOf(headers: HeaderRecord): Operation {
  const own = headers[wire.operation];
  if (own === "DEL" || own === "PURGE") return own;
  const reason = headers[wire.marker];
  if (reason === undefined) return "PUT";
  return reason === "Remove" ? "DEL" : "PURGE"; // MaxAge and Purge
}

/** The headers that are the user's, or KV's. */
function ownHeaders(headers: HeaderRecord): HeaderRecord {
  let own: Record<string, string> | null = null;
  for (const name in headers) {
    if (name.startsWith("Nats-") || name === wire.operation || name === wire.origin) continue;
    (own ??= {})[name] = headers[name] ?? "";
  }
  return own ?? none;
}

export function storedOf(
  message: Pick<Stored, "key" | "value" | "created" | "revision" | "delta">,
  headers: HeaderRecord,
): Stored {
  const operation = operationOf(headers);
  const size = headers[wire.size];
  const given = headers[wire.ttl];
  const ttl = given === undefined ? undefined : /^(\d+)s?$/.exec(given)?.[1];
  return {
    ...message,
    size: size === undefined ? message.value.byteLength : Number(size),
    operation,
    // An absent header is undefined here, and an empty one would name no cluster either.
    origin: headers[wire.origin] || null,
    expires: ttl === undefined ? null : message.created + Number(ttl) * 1000,
    headers: ownHeaders(headers),
  };
}
