// A bucket with history as its users see it: keys and values through codecs, markers told from values, waiting that can be
// given up. Where the entries lie is the backend's matter.

import type {
  Backend,
  BucketStatus,
  Feed,
  Liveness,
  Operation,
  Stored,
  WatchStart,
} from "./backend.js";
import { type Codecs, type KeyCodecName, Keys, Values } from "./codecs.js";
import {
  Closed,
  InvalidOption,
  RevisionConflict,
  TtlUnsupported,
  ValueTooLarge,
} from "./errors.js";
import { abortable, pause } from "./signals.js";

export type { BucketStatus, Operation } from "./backend.js";

/** One value that a key has or had, or a marker that says it was taken away. */
export interface Entry {
  readonly bucket: string;
  readonly key: string;
  /** Empty for markers, and where only the rest was asked for. */
  readonly value: Uint8Array;
  /** Bytes of the value as it is stored, before codecs. */
  readonly size: number;
  readonly created: Date;
  /** Grows with every write to the bucket. */
  readonly revision: number;
  /** Of a history or a watch: how many entries were still to come when this one was sent. */
  readonly delta: number;
  readonly operation: Operation;
  /** The cluster of the client that wrote it; null when there was none. */
  readonly origin: string | null;
  /** When it goes by a TTL of its own; null when it has none. The bucket may have one beside. */
  readonly expires: Date | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The value as UTF-8. */
  string(): string;
  /** The value as JSON. @throws SyntaxError */
  json<Value = unknown>(): Value;
}

/** Every call can be given up: it then rejects with the signal's reason. A write may have been stored even so. */
export interface Abortable {
  readonly signal?: AbortSignal;
}

export interface GetOptions extends Abortable {
  /** The value that the key had at this revision, if the bucket still has it. */
  readonly revision?: number;
  /** Lets any replica or mirror answer, which may not have seen the last writes. */
  readonly stale?: boolean;
}

export interface WriteOptions extends Abortable {
  /** Writes only if this is the key's last revision (0: none at all). @throws RevisionConflict */
  readonly expected?: number;
}

export interface PutOptions extends WriteOptions {
  /** Headers of your own; `Nats-…`, `KV-Operation` and `KV-Origin-…` are not. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A write with an id that the bucket has seen in its duplicate window (two minutes at most) is not stored again. */
  readonly id?: string;
}

export interface TtlOptions extends Abortable {
  /** Whole seconds, at least 1, after which the entry goes. @throws TtlUnsupported */
  readonly ttl?: number;
}

export interface WatchOptions extends Abortable {
  /** A key, or a filter with `*` for one part between dots and `>` for the rest. Every key by default. */
  readonly key?: string;
  /** "latest" (default): each key's last entry, then changes. "history": all entries, then changes. "updates": changes. */
  readonly include?: "latest" | "history" | "updates";
  /** Begins with this revision, old entries included; in place of `include`. */
  readonly from?: number;
  /** Leaves markers out. */
  readonly ignoreDeletes?: boolean;
  /** Sends everything but values. */
  readonly metaOnly?: boolean;
}

/**
 * Entries as they come. Exactly one null stands where what was there ends and changes begin, also when nothing was there.
 * It ends when it is left, when its signal is aborted (throws the reason), when the bucket is closed, and throws
 * BucketNotFound when the bucket is deleted.
 */
export type Watch = AsyncIterableIterator<Entry | null> & {
  return(): Promise<IteratorResult<Entry | null>>;
};

export type Value = string | Uint8Array | ArrayBuffer;

export interface HistoryBucket {
  readonly name: string;
  /** The last value; null when there is none or it was taken away. Reads your own writes, unless it may be stale. */
  get(key: string, options?: GetOptions): Promise<Entry | null>;
  /** Stores a value; answers its revision. */
  put(key: string, value: Value, options?: PutOptions): Promise<number>;
  /** Stores a value if the key has none, or none any more. @throws RevisionConflict */
  create(key: string, value: Value, options?: TtlOptions & PutOptions): Promise<number>;
  /** Stores a value if `revision` is the key's last. @throws RevisionConflict */
  update(key: string, value: Value, revision: number, options?: PutOptions): Promise<number>;
  /** Marks the key as deleted; its history stays. Answers the marker's revision. */
  delete(key: string, options?: WriteOptions): Promise<number>;
  /** Marks the key as purged and takes its history away. The marker itself may have a TTL. */
  purge(key: string, options?: WriteOptions & TtlOptions): Promise<number>;
  /** Takes the key away completely. Watches that keep up see a PURGE first; nothing of the key stays. */
  erase(key: string, options?: Abortable): Promise<void>;
  /** Takes every key away, as `erase` does. */
  purgeBucket(options?: Abortable): Promise<void>;
  /** Keeps the last `keep` entries of a key, at least 1. */
  compact(key: string, keep: number, options?: Abortable): Promise<void>;
  /** What the bucket has of a key, oldest first, markers included; nothing for a key that it does not know. */
  history(key: string, options?: Abortable & { readonly metaOnly?: boolean }): Promise<Entry[]>;
  /** The keys that have a value, in no order. */
  keys(filter?: string, options?: Abortable): AsyncIterableIterator<string>;
  /** The last entries of keys that have a value, without the values. */
  list(filter?: string, options?: Abortable): AsyncIterableIterator<Entry>;
  watch(options?: WatchOptions): Watch;
  status(options?: Abortable): Promise<BucketStatus>;
  /** Deletes the bucket with everything in it. */
  destroy(options?: Abortable): Promise<void>;
  /** Ends watches; other calls fail from now on. */
  close(): void;
}

const encoder = new TextEncoder();
// A value's first character may be U+FEFF.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const nothing = new Uint8Array();

export class StoredEntry implements Entry {
  readonly bucket: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly #stored: Stored;

  constructor(bucket: string, key: string, value: Uint8Array, stored: Stored) {
    this.bucket = bucket;
    this.key = key;
    this.value = value;
    this.#stored = stored;
  }

  get size(): number {
    return this.#stored.size;
  }
  get created(): Date {
    return new Date(this.#stored.created);
  }
  get revision(): number {
    return this.#stored.revision;
  }
  get delta(): number {
    return this.#stored.delta;
  }
  get operation(): Operation {
    return this.#stored.operation;
  }
  get origin(): string | null {
    return this.#stored.origin;
  }
  get expires(): Date | null {
    return this.expiresAt === null ? null : new Date(this.expiresAt);
  }
  /** Milliseconds. */
  get expiresAt(): number | null {
    return this.#stored.expires;
  }
  get createdAt(): number {
    return this.#stored.created;
  }
  get headers(): Readonly<Record<string, string>> {
    return this.#stored.headers;
  }
  string(): string {
    return decoder.decode(this.value);
  }
  /** The same, to be kept: its value is not part of a larger buffer. */
  detached(): StoredEntry {
    const value =
      this.value.byteLength === this.value.buffer.byteLength ? this.value : this.value.slice();
    // As a string of its own: a part of a subject would keep the whole of it.
    const key = decoder.decode(encoder.encode(this.key));
    return new StoredEntry(this.bucket, key, value, { ...this.#stored, key, value: nothing });
  }
  json<Result = unknown>(): Result {
    return JSON.parse(this.string()) as Result;
  }
}

/** What caches and KV use beside what users may. */
export interface PutInternals extends PutOptions {
  readonly ttl?: number;
}

export class Bucket implements HistoryBucket {
  readonly name: string;
  readonly backend: Backend;
  readonly #keys: Keys;
  readonly #values: Values;
  readonly #codecs: Codecs | undefined;
  readonly #feeds = new Set<Feed>();
  readonly #others = new Set<Bucket>();
  #closed = false;

  constructor(name: string, backend: Backend, codecs: Codecs | undefined) {
    this.name = name;
    this.backend = backend;
    this.#codecs = codecs;
    this.#keys = new Keys(codecs?.keys);
    this.#values = new Values(codecs?.values);
  }

  async get(key: string, options: GetOptions = {}): Promise<Entry | null> {
    this.#check();
    const encoded = this.#keys.encode(key);
    if (options.revision !== undefined) checkRevision(options.revision, 1);
    const stored = await abortable(
      this.backend.read(encoded, options.revision ?? null, options.stale === true),
      options.signal,
    );
    return stored === null || stored.operation !== "PUT" ? null : this.#entry(key, stored);
  }

  async put(key: string, value: Value, options: PutInternals = {}): Promise<number> {
    return this.#write(key, value, options);
  }

  async create(key: string, value: Value, options: TtlOptions & PutOptions = {}): Promise<number> {
    try {
      return await this.#write(key, value, { ...options, expected: 0 });
    } catch (error) {
      if (!(error instanceof RevisionConflict) || error.current === 0) throw error;
      // A marker is no value: over it a key is created anew, if it is still the last.
      const last = await abortable(
        this.backend.read(this.#keys.encode(key), null, false),
        options.signal,
      );
      if (last?.operation === "PUT") throw new RevisionConflict(key, 0, last.revision);
      return this.#write(key, value, { ...options, expected: last?.revision ?? 0 });
    }
  }

  async update(
    key: string,
    value: Value,
    revision: number,
    options: PutOptions = {},
  ): Promise<number> {
    checkRevision(revision, 0);
    return this.#write(key, value, { ...options, expected: revision });
  }

  async delete(key: string, options: WriteOptions = {}): Promise<number> {
    return this.#mark(key, "DEL", options);
  }

  async purge(key: string, options: WriteOptions & TtlOptions = {}): Promise<number> {
    return this.#mark(key, "PURGE", options);
  }

  async erase(key: string, options: Abortable = {}): Promise<void> {
    await this.eraseUpTo(key, options);
  }

  /** The same; answers the revision up to which everything went. */
  async eraseUpTo(key: string, options: Abortable = {}): Promise<number> {
    const revision = await this.#mark(key, "PURGE", options);
    await abortable(this.#tellErased(), options.signal);
    // Up to the marker and no further: what was written meanwhile stays.
    await abortable(
      this.backend.discard(this.#keys.encode(key), { through: revision }),
      options.signal,
    );
    return revision;
  }

  async purgeBucket(options: Abortable = {}): Promise<void> {
    this.#check();
    const keys: string[] = [];
    for (const stored of await this.#read(">", "latest", true, options.signal))
      if (!stored.key.startsWith("_kv")) keys.push(stored.key);
    const markers: (readonly [string, number])[] = [];
    for (let at = 0; at < keys.length; at += together) {
      const written = keys.slice(at, at + together).map(async (key) => {
        const write = { ...marker, key, operation: "PURGE", rollup: true } as const;
        return [key, await this.backend.write(write)] as const;
      });
      markers.push(...(await abortable(Promise.all(written), options.signal)));
    }
    await abortable(this.#tellErased(), options.signal);
    for (let at = 0; at < markers.length; at += together) {
      const discarded = markers
        .slice(at, at + together)
        .map(([key, through]) => this.backend.discard(key, { through }));
      await abortable(Promise.all(discarded), options.signal);
    }
  }

  async compact(key: string, keep: number, options: Abortable = {}): Promise<void> {
    this.#check();
    if (!Number.isInteger(keep) || keep < 1)
      throw new InvalidOption("compact keeps a whole number of entries, at least 1");
    const encoded = this.#keys.encode(key);
    await abortable(this.backend.discard(encoded, { keep }), options.signal);
  }

  async history(
    key: string,
    options: Abortable & { readonly metaOnly?: boolean } = {},
  ): Promise<Entry[]> {
    this.#check();
    const encoded = this.#keys.encode(key);
    const stored = await this.#read(encoded, "history", options.metaOnly === true, options.signal);
    return stored.map((one) => this.#entry(key, one));
  }

  keys(filter = ">", options: Abortable = {}): AsyncIterableIterator<string> {
    return this.#present(filter, options, (_stored, key) => key);
  }

  list(filter = ">", options: Abortable = {}): AsyncIterableIterator<Entry> {
    return this.#present(
      filter,
      options,
      (stored, key) => new StoredEntry(this.name, key, nothing, stored),
    );
  }

  watch(options: WatchOptions = {}): Watch {
    this.#check();
    const filter = this.#keys.filter(options.key ?? ">");
    if (options.from !== undefined) checkRevision(options.from, 1);
    const include = options.include ?? "latest";
    if (!["latest", "history", "updates"].includes(include))
      throw new InvalidOption('a watch includes "latest", "history" or "updates"');
    const start: WatchStart = options.from === undefined ? include : { from: options.from };
    return this.#watch(filter, start, options);
  }

  /** A watch of all of the main bucket, for caches, which is told of what was erased. */
  watchAll(liveness: Liveness): Watch {
    return this.#watch(">", "latest", {}, liveness);
  }

  #watch(
    filter: string,
    start: WatchStart,
    options: WatchOptions,
    liveness: Liveness | null = null,
  ): Watch {
    const opening = this.#open({
      filter,
      start,
      metaOnly: options.metaOnly === true,
      ...(liveness === null ? {} : { liveness }),
    });
    void opening.catch(() => undefined);
    let left = false;
    const leave = async (): Promise<IteratorResult<Entry | null>> => {
      if (!left) {
        left = true;
        const feed = await opening.catch(() => null);
        if (feed !== null) {
          this.#feeds.delete(feed);
          await feed.return();
        }
      }
      return { value: undefined, done: true };
    };
    options.signal?.addEventListener("abort", () => void leave(), { once: true });
    let opened: Feed | null = null;
    const next = async (): Promise<IteratorResult<Entry | null>> => {
      options.signal?.throwIfAborted();
      if (left) return { value: undefined, done: true };
      const feed = (opened ??= await abortable(opening, options.signal));
      for (;;) {
        const { value: stored, done } = await feed.next();
        if (done === true) {
          options.signal?.throwIfAborted();
          return { value: undefined, done: true };
        }
        if (stored === null) return { value: null, done: false };
        if (options.ignoreDeletes === true && stored.operation !== "PUT") continue;
        const own = liveness !== null && stored.key === erasedKey;
        const key = own ? erasedKey : this.#keys.decode(stored.key);
        if (key === null) continue;
        const value = options.metaOnly === true ? nothing : this.#value(stored);
        return { value: new StoredEntry(this.name, key, value, stored), done: false };
      }
    };
    const watch: Watch = { next, return: leave, [Symbol.asyncIterator]: () => watch };
    return watch;
  }

  async status(options: Abortable = {}): Promise<BucketStatus> {
    this.#check();
    return abortable(this.backend.status(), options.signal);
  }

  async destroy(options: Abortable = {}): Promise<void> {
    this.#check();
    await abortable(this.backend.destroy(), options.signal);
  }

  close(): void {
    this.#closed = true;
    for (const other of this.#others) other.close();
    for (const feed of this.#feeds) void feed.return();
    this.#feeds.clear();
  }

  /** Whether keys are encoded by "escape" and values not at all, as KV has them. */
  get escapes(): boolean {
    return this.#codecs?.keys === "escape" && this.#codecs.values === undefined;
  }

  /** The same bucket with other keys. It is closed with this one. */
  withKeys(keys: KeyCodecName): Bucket {
    const other = new Bucket(this.name, this.backend, { keys });
    this.#others.add(other);
    return other;
  }

  async #write(key: string, value: Value, options: PutInternals): Promise<number> {
    this.#check();
    const encoded = this.#keys.encode(key);
    if (options.expected !== undefined) checkRevision(options.expected, 0);
    const headers = headersOf(options.headers);
    const bytes = this.#values.encode(bytesOf(value));
    if (bytes.byteLength > this.backend.maxValueBytes)
      throw new ValueTooLarge(bytes.byteLength, this.backend.maxValueBytes);
    const ttl = this.#ttl(options.ttl);
    const write = this.backend.write({
      key: encoded,
      value: bytes,
      operation: "PUT",
      headers,
      expected: options.expected ?? null,
      ttl,
      // Else an older value that lives longer would come back.
      rollup: ttl !== null && this.backend.history > 1,
      id: options.id ?? null,
    });
    return abortable(this.#named(key, write), options.signal);
  }

  async #mark(
    key: string,
    operation: "DEL" | "PURGE",
    options: WriteOptions & TtlOptions,
  ): Promise<number> {
    this.#check();
    const encoded = this.#keys.encode(key);
    if (options.expected !== undefined) checkRevision(options.expected, 0);
    const write = this.backend.write({
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
    await this.backend.write({ ...marker, key: erasedKey, operation: "PUT", rollup: true });
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
    const { keyTtl } = this.backend;
    if (keyTtl !== true) throw new TtlUnsupported(keyTtl.why, keyTtl.version);
    return ttl;
  }

  /** Keys that have a value, as what is made of them. */
  async *#present<Item>(
    filter: string,
    options: Abortable,
    make: (stored: Stored, key: string) => Item,
  ): AsyncGenerator<Item> {
    this.#check();
    const encoded = this.#keys.filter(filter);
    for (const stored of await this.#read(encoded, "latest", true, options.signal)) {
      const key = stored.operation === "PUT" ? this.#keys.decode(stored.key) : null;
      if (key !== null) yield make(stored, key);
    }
  }

  /** What is there now; ends where changes would begin. */
  async #read(
    filter: string,
    start: WatchStart,
    metaOnly: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Stored[]> {
    const feed = await abortable(this.#open({ filter, start, metaOnly, eager: metaOnly }), signal);
    const leave = (): void => void feed.return();
    signal?.addEventListener("abort", leave, { once: true });
    try {
      const all: Stored[] = [];
      for (;;) {
        const { value: stored, done } = await feed.next();
        if (done === true) break;
        if (stored === null) return all;
        all.push(stored);
      }
      signal?.throwIfAborted();
      throw new Closed();
    } finally {
      signal?.removeEventListener("abort", leave);
      this.#feeds.delete(feed);
      void feed.return();
    }
  }

  async #open(spec: Parameters<Backend["watch"]>[0]): Promise<Feed> {
    const feed = await this.backend.watch(spec);
    if (this.#closed) {
      await feed.return();
      throw new Closed();
    }
    this.#feeds.add(feed);
    return feed;
  }

  #entry(key: string, stored: Stored): Entry {
    return new StoredEntry(this.name, key, this.#value(stored), stored);
  }

  #value(stored: Stored): Uint8Array {
    if (stored.operation !== "PUT") return nothing;
    // Of an entry without its value there is nothing to decode.
    if (stored.value.byteLength === 0 && stored.size > 0) return nothing;
    return this.#values.decode(stored.value);
  }

  #check(): void {
    if (this.#closed) throw new Closed();
  }
}

/** The entry that caches drop what is older at. */
export const erasedKey = "_kv/erased";
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

function checkRevision(revision: number, least: number): void {
  if (!Number.isSafeInteger(revision) || revision < least)
    throw new InvalidOption(`a revision is a whole number from ${least} on`);
}

function headersOf(
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (
      !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ||
      /^(?:nats-|kv-(?:operation|origin))/i.test(name)
    )
      throw new InvalidOption(`"${name}" cannot be a header of one's own`);
    if (typeof value !== "string" || /[\r\n\0]/.test(value) || value !== value.trim())
      throw new InvalidOption(
        `the header ${name} is no text without line breaks and spaces at its ends`,
      );
  }
  return headers ?? {};
}
