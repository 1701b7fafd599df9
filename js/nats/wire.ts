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
export interface WireHeaders {
  keys(): string[];
  last(name: string): string;
}

export type HeaderRecord = Readonly<Record<string, string>>;
const none: HeaderRecord = {};

export function recordOf(headers: WireHeaders | undefined): HeaderRecord {
  if (headers === undefined) return none;
  const names = headers.keys();
  if (names.length === 0) return none;
  return Object.fromEntries(names.map((name) => [name, headers.last(name)]));
}

/** Headers as a stored message has them: `NATS/1.0`, a line each, an empty line. */
export function parseHeaders(bytes: Uint8Array): HeaderRecord {
  const headers: Record<string, string> = {};
  for (const line of new TextDecoder().decode(bytes).split("\r\n").slice(1)) {
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
  if (headers === none) return none;
  const own = Object.entries(headers).filter(
    ([name]) => !name.startsWith("Nats-") && name !== wire.operation && name !== wire.origin,
  );
  return own.length === 0 ? none : Object.fromEntries(own);
}

export function storedOf(
  message: Pick<Stored, "key" | "value" | "created" | "revision" | "delta">,
  headers: HeaderRecord,
): Stored {
  const operation = operationOf(headers);
  const size = headers[wire.size];
  const ttl = /^(\d+)s?$/.exec(headers[wire.ttl] ?? "")?.[1];
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
