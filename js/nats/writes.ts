// What changes a bucket: values, markers, and what takes entries away.

import { InvalidOption, RevisionConflict, TtlUnsupported, ValueTooLarge } from "./errors.js";
import { encoder, nothing } from "./entry.js";
import type { Abortable, PutOptions, TtlOptions, Value, WriteOptions } from "./history-bucket.js";
import { checkRevision, erasedKey, type Parts } from "./parts.js";
import type { Reads } from "./reads.js";
import { abortable, pause } from "./signals.js";

/** What caches and KV use beside what users may. */
export interface PutInternals extends PutOptions {
  readonly ttl?: number;
}

export class Writes {
  readonly #parts: Parts;
  readonly #reads: Reads;

  constructor(parts: Parts, reads: Reads) {
    this.#parts = parts;
    this.#reads = reads;
  }

  async create(key: string, value: Value, options: TtlOptions & PutOptions): Promise<number> {
    try {
      return await this.put(key, value, { ...options, expected: 0 });
    } catch (error) {
      if (!(error instanceof RevisionConflict) || error.current === 0) throw error;
      // A marker is no value: over it a key is created anew, if it is still the last.
      const last = await abortable(
        this.#parts.backend.read(this.#parts.keys.encode(key), null, false),
        options.signal,
      );
      if (last?.operation === "PUT") throw new RevisionConflict(key, 0, last.revision);
      return this.put(key, value, { ...options, expected: last?.revision ?? 0 });
    }
  }

  /** Answers the revision up to which everything went. */
  async erase(key: string, options: Abortable): Promise<number> {
    const revision = await this.mark(key, "PURGE", options);
    await abortable(this.#tellErased(), options.signal);
    // Up to the marker and no further: what was written meanwhile stays.
    await abortable(
      this.#parts.backend.discard(this.#parts.keys.encode(key), { through: revision }),
      options.signal,
    );
    return revision;
  }

  async purgeBucket(options: Abortable): Promise<void> {
    this.#parts.feeds.check();
    const keys: string[] = [];
    for (const stored of await this.#reads.latest(">", options.signal))
      if (!stored.key.startsWith("_kv")) keys.push(stored.key);
    const markers: (readonly [string, number])[] = [];
    for (let at = 0; at < keys.length; at += together) {
      const written = keys.slice(at, at + together).map(async (key) => {
        const write = { ...marker, key, operation: "PURGE", rollup: true } as const;
        return [key, await this.#parts.backend.write(write)] as const;
      });
      markers.push(...(await abortable(Promise.all(written), options.signal)));
    }
    await abortable(this.#tellErased(), options.signal);
    for (let at = 0; at < markers.length; at += together) {
      const discarded = markers
        .slice(at, at + together)
        .map(([key, through]) => this.#parts.backend.discard(key, { through }));
      await abortable(Promise.all(discarded), options.signal);
    }
  }

  async compact(key: string, keep: number, options: Abortable): Promise<void> {
    this.#parts.feeds.check();
    if (!Number.isInteger(keep) || keep < 1)
      throw new InvalidOption("compact keeps a whole number of entries, at least 1");
    const encoded = this.#parts.keys.encode(key);
    await abortable(this.#parts.backend.discard(encoded, { keep }), options.signal);
  }

  async put(key: string, value: Value, options: PutInternals): Promise<number> {
    this.#parts.feeds.check();
    const encoded = this.#parts.keys.encode(key);
    if (options.expected !== undefined) checkRevision(options.expected, 0);
    const headers = headersOf(options.headers);
    if (options.id !== undefined && !isHeaderText(options.id))
      throw new InvalidOption("an id is a text without line breaks and spaces at its ends");
    const bytes = this.#parts.values.encode(bytesOf(value));
    if (bytes.byteLength > this.#parts.backend.maxValueBytes)
      throw new ValueTooLarge(bytes.byteLength, this.#parts.backend.maxValueBytes);
    const ttl = this.#ttl(options.ttl);
    const write = this.#parts.backend.write({
      key: encoded,
      value: bytes,
      operation: "PUT",
      headers,
      expected: options.expected ?? null,
      ttl,
      // Else an older value that lives longer would come back.
      rollup: ttl !== null && this.#parts.backend.history > 1,
      id: options.id ?? null,
    });
    return abortable(this.#named(key, write), options.signal);
  }

  async mark(
    key: string,
    operation: "DEL" | "PURGE",
    options: WriteOptions & TtlOptions,
  ): Promise<number> {
    this.#parts.feeds.check();
    const encoded = this.#parts.keys.encode(key);
    if (options.expected !== undefined) checkRevision(options.expected, 0);
    const write = this.#parts.backend.write({
      ...marker,
      key: encoded,
      operation,
      expected: options.expected ?? null,
      ttl: this.#ttl(options.ttl),
      rollup: operation === "PURGE",
    });
    return abortable(this.#named(key, write), options.signal);
  }

  /**
   * What is taken away with its marker can be missed by those who have not heard of the marker yet. Caches are told by an
   * entry that stays, and watches that keep up are given a moment.
   */
  async #tellErased(): Promise<void> {
    await this.#parts.backend.write({ ...marker, key: erasedKey, operation: "PUT", rollup: true });
    await pause(markerStays);
  }

  /** Conflicts tell the key as it was given. */
  async #named(key: string, write: Promise<number>): Promise<number> {
    try {
      return await write;
    } catch (error) {
      if (!(error instanceof RevisionConflict) || error.key === key) throw error;
      throw new RevisionConflict(key, error.expected, error.current);
    }
  }

  #ttl(ttl: number | undefined): number | null {
    if (ttl === undefined) return null;
    if (!Number.isInteger(ttl) || ttl < 1)
      throw new InvalidOption("a TTL is a whole number of seconds, at least 1");
    const { keyTtl } = this.#parts.backend;
    if (keyTtl !== true) throw new TtlUnsupported(keyTtl.why, keyTtl.version);
    return ttl;
  }
}

/** Milliseconds between a marker and its end. */
const markerStays = 50;
/** Writes that are on their way at once. */
const together = 500;

const marker = { value: nothing, headers: {}, expected: null, ttl: null, id: null } as const;

function bytesOf(value: Value): Uint8Array {
  if (typeof value === "string") return encoder.encode(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new InvalidOption("a value is a string, a Uint8Array or an ArrayBuffer");
}

function headersOf(
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  if (headers === undefined) return none;
  for (const [name, value] of Object.entries(headers)) {
    if (
      !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ||
      /^(?:nats-|kv-(?:operation|origin))/i.test(name)
    )
      throw new InvalidOption(`"${name}" cannot be a header of one's own`);
    if (!isHeaderText(value))
      throw new InvalidOption(
        `the header ${name} is no text without line breaks and spaces at its ends`,
      );
  }
  return headers;
}

function isHeaderText(value: unknown): boolean {
  return typeof value === "string" && !/[\r\n\0]/.test(value) && value === value.trim();
}

const none: Readonly<Record<string, string>> = {};
