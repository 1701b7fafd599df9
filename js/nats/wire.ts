// Messages of a bucket as JetStream has them: headers as bytes and as records, and what they say of an entry.

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

/** The little of the client's headers that is read. */
export type WireHeaders = Iterable<[string, string[]]>;

export type HeaderRecord = Readonly<Record<string, string>>;
const none: HeaderRecord = {};
const decoder = new TextDecoder();

export function recordOf(headers: WireHeaders | undefined): HeaderRecord {
  if (headers === undefined) return none;
  const record: Record<string, string> = {};
  for (const [name, values] of headers) record[name] = values.at(-1) ?? "";
  return record;
}

/** Headers as a stored message has them: `NATS/1.0`, a line each, an empty line. */
export function parseHeaders(bytes: Uint8Array): HeaderRecord {
  const headers: Record<string, string> = {};
  for (const line of decoder.decode(bytes).split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
  }
  return headers;
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
