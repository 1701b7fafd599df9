// A bucket with a cache of it in memory, kept up to date by a watch. It answers only while it is ready, which it is from the
// moment at which the watch has caught up until that is cut off; what it does not have is read from the bucket.

import type { BucketStatus } from "./backend.js";
import { Bucket } from "./bucket.js";
import type { StoredEntry } from "./entry.js";
import { detachedKey, Held, Rests } from "./held.js";
import { BucketNotFound, Closed, InvalidOption } from "./errors.js";
import type {
  Abortable,
  Entry,
  GetOptions,
  HistoryBucket,
  PutOptions,
  TtlOptions,
  Value,
  Watch,
  WatchOptions,
  WriteOptions,
} from "./history-bucket.js";
import { erasedKey } from "./parts.js";
import { pause } from "./signals.js";
import type { PutInternals } from "./writes.js";

export interface CacheOptions {
  /** Keys at most; 100,000 by default. */
  readonly keys?: number;
  /** Bytes of keys and values at most; 64 MiB by default. */
  readonly bytes?: number;
}

export interface CacheState {
  /** Whether it has all that the bucket has, and knows of changes. */
  readonly ready: boolean;
  readonly keys: number;
  /** Bytes of keys and values. */
  readonly bytes: number;
  /** Whether the bucket was more than its bounds allow: then some keys are read from the bucket. */
  readonly overflowed: boolean;
  readonly hits: number;
  readonly misses: number;
}

export interface CachedBucket extends HistoryBucket {
  readonly cache: CacheState;
  /** Resolves when the cache is ready, at once if it is. */
  ready(options?: Abortable): Promise<void>;
}

/** Writes of one key: what they were acknowledged with, and what the watch brought meanwhile. */
interface Writing {
  count: number;
  revision: number;
  heard: Entry | null;
  failed: boolean;
}

function bytesOf(key: string, { value }: { value: Uint8Array }): number {
  return key.length + value.byteLength;
}

/** Milliseconds until a watch that failed is begun again. */
const again = 500;

/**
 * Puts a cache before a bucket. Closing it leaves the bucket open. A `get` that a cache answers may be old by the time that
 * a change takes to arrive; own writes are seen at once.
 */
export function cached(bucket: HistoryBucket, options: CacheOptions = {}): CachedBucket {
  if (!(bucket instanceof Bucket))
    throw new InvalidOption("cached() takes a bucket that history.bucket() gave");
  return new Cache(bucket, options.keys ?? 100_000, options.bytes ?? 64 * 1024 * 1024);
}

/** See {@link cached}. */
export class Cache implements CachedBucket {
  readonly name: string;
  readonly #bucket: Bucket;
  readonly #mostKeys: number;
  readonly #mostBytes: number;
  readonly #entries = new Map<string, Held>();
  readonly #rests = new Rests();
  /** Own writes on their way, by key. */
  readonly #writing = new Map<string, Writing>();
  /** Keys that went from here for a write that failed: the bucket may have them still. */
  readonly #unsure = new Set<string>();
  /** The last revision that is known of keys which are not held, while a read of them may be on its way. */
  readonly #reading = new Map<string, { readers: number; revision: number }>();
  /** Revisions of own writes, below which nothing that the watch still brings is applied, and the highest of them. */
  readonly #floors = new Map<string, number>();
  #highestFloor = 0;
  /** Entries below this revision are not to be kept: what erased them cannot be told by key. */
  #erased = 0;
  #watch: Watch | null = null;
  #bytes = 0;
  /** Seconds that entries of the bucket live. */
  #ttl: number | null = null;
  /** Whether the watch is not cut off and has passed its mark; it has caught up once it has seen `target`. */
  #live = false;
  #marked = false;
  #seen = 0;
  #target = 0;
  #closed = false;
  #overflowed = false;
  #hits = 0;
  #misses = 0;
  #waiting: (() => void)[] = [];

  constructor(bucket: Bucket, mostKeys: number, mostBytes: number) {
    this.name = bucket.name;
    this.#bucket = bucket;
    this.#mostKeys = mostKeys;
    this.#mostBytes = mostBytes;
    void this.#follow();
  }

  /** The bucket itself. */
  get origin(): Bucket {
    return this.#bucket;
  }

  get escapes(): boolean {
    return this.#bucket.escapes;
  }

  /** Every entry that the bucket has; null when the cache cannot say that. */
  all(): Entry[] | null {
    if (!this.#ready || this.#overflowed || this.#ttl !== null || this.#writing.size > 0)
      return null;
    if (this.#floors.size > 0 || this.#unsure.size > 0) return null;
    return [...this.#entries]
      .filter(([, held]) => this.#lives(held))
      .map(([key, held]) => held.entry(this.name, key));
  }

  get cache(): CacheState {
    return {
      ready: this.#ready,
      keys: this.#entries.size,
      bytes: this.#bytes,
      overflowed: this.#overflowed,
      hits: this.#hits,
      misses: this.#misses,
    };
  }

  async ready(options: Abortable = {}): Promise<void> {
    while (!this.#ready) {
      options.signal?.throwIfAborted();
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        options.signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  async get(key: string, options?: GetOptions): Promise<Entry | null> {
    if (options?.revision === undefined && this.#ready) {
      const held = this.#entries.get(key);
      if (held !== undefined && this.#lives(held)) {
        options?.signal?.throwIfAborted();
        this.#hits += 1;
        return held.entry(this.name, key);
      }
    }
    return this.#through(key, options);
  }

  async put(key: string, value: Value, options?: PutInternals): Promise<number> {
    return this.#write(key, () => this.#bucket.put(key, value, options));
  }

  async create(key: string, value: Value, options?: TtlOptions & PutOptions): Promise<number> {
    return this.#write(key, () => this.#bucket.create(key, value, options));
  }

  async update(key: string, value: Value, revision: number, options?: PutOptions): Promise<number> {
    return this.#write(key, () => this.#bucket.update(key, value, revision, options));
  }

  async delete(key: string, options?: WriteOptions): Promise<number> {
    return this.#write(key, () => this.#bucket.delete(key, options));
  }

  async purge(key: string, options?: WriteOptions & TtlOptions): Promise<number> {
    return this.#write(key, () => this.#bucket.purge(key, options));
  }

  async erase(key: string, options?: Abortable): Promise<void> {
    await this.#write(key, () => this.#bucket.eraseUpTo(key, options));
  }

  async purgeBucket(options?: Abortable): Promise<void> {
    this.#clear();
    await this.#bucket.purgeBucket(options);
    this.#clear();
  }

  async compact(key: string, keep: number, options?: Abortable): Promise<void> {
    await this.#bucket.compact(key, keep, options);
  }

  history(key: string, options?: Abortable & { readonly metaOnly?: boolean }): Promise<Entry[]> {
    return this.#bucket.history(key, options);
  }

  keys(filter?: string, options?: Abortable): AsyncIterableIterator<string> {
    return this.#bucket.keys(filter, options);
  }

  list(filter?: string, options?: Abortable): AsyncIterableIterator<Entry> {
    return this.#bucket.list(filter, options);
  }

  watch(options?: WatchOptions): Watch {
    return this.#bucket.watch(options);
  }

  status(options?: Abortable): Promise<BucketStatus> {
    return this.#bucket.status(options);
  }

  async destroy(options?: Abortable): Promise<void> {
    await this.#bucket.destroy(options);
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#live = false;
    this.#clear();
    void this.#watch?.return();
    this.#awake();
  }

  get #ready(): boolean {
    return this.#live && this.#marked && this.#seen >= this.#target && !this.#closed;
  }

  /** Markers come late and clocks differ; what may have expired is asked of the bucket. */
  #lives({ created, expires }: Held): boolean {
    if (expires === null && this.#ttl === null) return true;
    const end = Math.min(
      expires ?? Infinity,
      this.#ttl === null ? Infinity : created + this.#ttl * 1000,
    );
    return Date.now() < end;
  }

  /** Follows the bucket for as long as it is there. */
  async #follow(): Promise<void> {
    while (!this.#closed) {
      try {
        this.#ttl = (await this.#bucket.status()).ttl;
        this.#watch = this.#bucket.watchAll((live, revision) => {
          this.#live = live;
          // A watch that was cut off has changes to come: until it has them nothing held is sure.
          if (live) this.#target = revision;
          this.#awake();
        });
        for await (const entry of this.#watch) {
          if (entry === null) this.#marked = true;
          else {
            this.#apply(entry);
            this.#seen = entry.revision;
            if (entry.revision >= this.#highestFloor) this.#floors.clear();
          }
          if (this.#waiting.length > 0) this.#awake();
        }
        return; // the bucket was closed
      } catch (error) {
        if (error instanceof BucketNotFound || error instanceof Closed) return;
        await pause(again);
      } finally {
        this.#live = this.#marked = false;
        this.#seen = 0;
        this.#clear();
        this.#awake();
      }
    }
  }

  #apply(entry: Entry): void {
    const { key, revision } = entry;
    if (key === erasedKey) {
      this.#erased = Math.max(this.#erased, revision);
      for (const [held, { revision: of }] of this.#entries) if (of < revision) this.#evict(held);
      return;
    }
    const reading = this.#reading.get(key);
    if (reading !== undefined) reading.revision = Math.max(reading.revision, revision);
    const writing = this.#writing.get(key);
    if (writing !== undefined) {
      writing.heard = entry;
      return;
    }
    this.#unsure.delete(key);
    const held = this.#entries.get(key);
    if (held !== undefined && held.revision >= revision) return;
    if (entry.operation === "PUT") this.#hold(entry);
    else this.#evict(key);
  }

  /** Reads from the bucket, and keeps what nothing newer was heard of. */
  async #through(key: string, options: GetOptions | undefined): Promise<Entry | null> {
    this.#misses += 1;
    const reading = this.#reading.get(key) ?? { readers: 0, revision: 0 };
    reading.readers += 1;
    this.#reading.set(key, reading);
    try {
      const entry = await this.#bucket.get(key, options);
      const current = options?.revision === undefined && options?.stale !== true;
      if (current && entry !== null && this.#ready && !this.#writing.has(key)) {
        const held = this.#entries.get(key);
        const newest = Math.max(reading.revision, held?.revision ?? 0);
        if (entry.revision > newest && entry.revision > this.#erased) this.#hold(entry);
      }
      return entry;
    } finally {
      reading.readers -= 1;
      if (reading.readers === 0) this.#reading.delete(key);
    }
  }

  /** Own writes: what is held goes first, and comes back by the watch. */
  async #write(key: string, work: () => Promise<number>): Promise<number> {
    const writing = this.#writing.get(key) ?? { count: 0, revision: 0, heard: null, failed: false };
    writing.count += 1;
    this.#writing.set(key, writing);
    this.#evict(key);
    try {
      const revision = await work();
      writing.revision = Math.max(writing.revision, revision);
      return revision;
    } catch (error) {
      writing.failed = true;
      throw error;
    } finally {
      writing.count -= 1;
      if (writing.count === 0) this.#written(key, writing);
    }
  }

  /** The last write of a key has ended: what was heard meanwhile counts if it is not older. */
  #written(key: string, { revision, heard, failed }: Writing): void {
    this.#writing.delete(key);
    this.#evict(key);
    if (failed) this.#unsure.add(key);
    if (revision > 0) this.#floor(key, revision);
    if (heard !== null && heard.revision >= revision) this.#apply(heard);
  }

  /** What is older than an own write is not applied any more. */
  #floor(key: string, revision: number): void {
    const reading = this.#reading.get(key);
    if (reading !== undefined) reading.revision = Math.max(reading.revision, revision);
    if (this.#seen >= revision) return;
    this.#floors.set(key, Math.max(revision, this.#floors.get(key) ?? 0));
    this.#highestFloor = Math.max(this.#highestFloor, revision);
  }

  #hold(entry: Entry): void {
    const { key } = entry;
    if (entry.revision < (this.#floors.get(key) ?? 0)) return;
    this.#evict(key);
    const size = bytesOf(key, entry);
    if (this.#entries.size >= this.#mostKeys || this.#bytes + size > this.#mostBytes) {
      this.#overflowed = true;
      return;
    }
    this.#unsure.delete(key);
    this.#entries.set(detachedKey(key), new Held(entry as StoredEntry, this.#rests));
    this.#bytes += size;
  }

  #evict(key: string): void {
    const held = this.#entries.get(key);
    if (held === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= bytesOf(key, held);
  }

  #clear(): void {
    this.#entries.clear();
    this.#unsure.clear();
    this.#bytes = 0;
  }

  #awake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
