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

const encoder = new TextEncoder();

/**
 * The headers of a stored message as they are sent: `NATS/1.0`, a line each, an empty line; "" when there are none. Of most
 * entries nobody asks for all that they say, so it is looked up when somebody does.
 */
export type Head = string;
export type HeaderRecord = Readonly<Record<string, string>>;
const none: HeaderRecord = {};

/** Where the client has the bytes that a message came as. Another version of it may keep them elsewhere. */
interface RawMessage {
  readonly _rdata?: unknown;
  readonly _msg?: { readonly hdr?: unknown; readonly subject?: unknown; readonly reply?: unknown };
}

/** The headers of a message. Those of the client cost more to be made than all else of an entry, so its bytes are read. */
export function headOf(message: Msg): Head {
  const { _rdata: bytes, _msg: parts } = message as unknown as RawMessage;
  if (bytes instanceof Uint8Array && typeof parts?.hdr === "number")
    return parts.hdr > 0 ? textOf(bytes, 0, parts.hdr) : "";
  let head = "";
  for (const [name, values] of message.headers ?? [])
    for (const value of values) head += `\r\n${name}: ${value}`;
  return head === "" ? "" : `NATS/1.0${head}\r\n\r\n`;
}

/** What follows in a message's subject from this letter on; all before it has one byte a letter. */
export function subjectFrom(message: Msg, begin: number): string {
  const bytes = (message as unknown as RawMessage)._msg?.subject;
  return bytes instanceof Uint8Array
    ? textOf(bytes, begin, bytes.byteLength)
    : message.subject.slice(begin);
}

/** The bytes of the subject to answer to. */
export function replyOf(message: Msg): Uint8Array {
  const bytes = (message as unknown as RawMessage)._msg?.reply;
  return bytes instanceof Uint8Array ? bytes : encoder.encode(message.reply ?? "");
}

/** Of short texts a buffer makes strings quicker than a decoder does. */
function textOf(bytes: Uint8Array, begin: number, end: number): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(undefined, begin, end);
}

const colonCode = 58;
const newLineCode = 10;

/** The value of a header, the last of those of its name. */
export function headerOf(head: Head, name: string): string | undefined {
  // Most heads have not so much as the name in them.
  for (let at = head.lastIndexOf(name); at > 0; at = head.lastIndexOf(name, at - 1)) {
    const begin = at + name.length;
    if (head.charCodeAt(begin) !== colonCode || head.charCodeAt(at - 1) !== newLineCode) continue;
    return head.slice(begin + 1, head.indexOf("\r\n", begin)).trim();
  }
  return undefined;
}

/** What happened to the key; the server's own markers say so in a header of theirs. */
function operationOf(head: Head): Operation {
  const own = headerOf(head, wire.operation);
  if (own === "DEL" || own === "PURGE") return own;
  const reason = headerOf(head, wire.marker);
  if (reason === undefined) return "PUT";
  return reason === "Remove" ? "DEL" : "PURGE"; // MaxAge and Purge
}

/** The headers that are the user's, or KV's. */
function ownHeaders(head: Head): HeaderRecord {
  let own: Record<string, string> | null = null;
  let end = head.indexOf("\r\n");
  while (end >= 0) {
    const begin = end + 2;
    end = head.indexOf("\r\n", begin);
    if (head.startsWith("Nats-", begin)) continue;
    const colon = head.indexOf(":", begin);
    if (colon <= begin || colon > end) continue;
    const name = head.slice(begin, colon);
    if (name === wire.operation || name === wire.origin) continue;
    (own ??= {})[name] = head.slice(colon + 1, end).trim();
  }
  return own ?? none;
}

/** An entry out of a message. */
export class StoredMessage implements Stored {
  readonly key: string;
  readonly value: Uint8Array;
  readonly created: number;
  readonly revision: number;
  readonly delta: number;
  readonly operation: Operation;
  readonly #head: Head;
  #headers: HeaderRecord | null = null;

  constructor(
    key: string,
    value: Uint8Array,
    told: Pick<Stored, "created" | "revision" | "delta">,
    head: Head,
  ) {
    this.key = key;
    this.value = value;
    this.created = told.created;
    this.revision = told.revision;
    this.delta = told.delta;
    this.operation = operationOf(head);
    this.#head = head;
  }

  get size(): number {
    const size = headerOf(this.#head, wire.size);
    return size === undefined ? this.value.byteLength : Number(size);
  }

  get origin(): string | null {
    // An absent header is undefined here, and an empty one would name no cluster either.
    return headerOf(this.#head, wire.origin) || null;
  }

  get expires(): number | null {
    const given = headerOf(this.#head, wire.ttl);
    const ttl = given === undefined ? undefined : /^(\d+)s?$/.exec(given)?.[1];
    return ttl === undefined ? null : this.created + Number(ttl) * 1000;
  }

  get headers(): HeaderRecord {
    return (this.#headers ??= ownHeaders(this.#head));
  }
}
