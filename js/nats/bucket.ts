// A bucket with history: keys and values through codecs, markers told from values, waiting that can be given up. Where the
// entries lie is the backend's matter.

import type { Backend, BucketStatus, Liveness } from "./backend.js";
import { type Codecs, type KeyCodecName, Keys, Values } from "./codecs.js";
import { nothing, StoredEntry } from "./entry.js";
import { Feeds } from "./feeds.js";
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
import { checkRevision } from "./parts.js";
import { Reads } from "./reads.js";
import { abortable } from "./signals.js";
import { Watches } from "./watches.js";
import { type PutInternals, Writes } from "./writes.js";

export class Bucket implements HistoryBucket {
  readonly name: string;
  readonly backend: Backend;
  readonly #codecs: Codecs | undefined;
  readonly #feeds: Feeds;
  readonly #reads: Reads;
  readonly #writes: Writes;
  readonly #watches: Watches;
  readonly #others = new Set<Bucket>();

  constructor(name: string, backend: Backend, codecs: Codecs | undefined) {
    this.name = name;
    this.backend = backend;
    this.#codecs = codecs;
    this.#feeds = new Feeds(backend);
    const keys = new Keys(codecs?.keys);
    const values = new Values(codecs?.values);
    const parts = { name, backend, keys, values, feeds: this.#feeds };
    this.#reads = new Reads(parts);
    this.#writes = new Writes(parts, this.#reads);
    this.#watches = new Watches(parts);
  }

  get(key: string, options: GetOptions = {}): Promise<Entry | null> {
    return this.#reads.get(key, options);
  }

  put(key: string, value: Value, options: PutInternals = {}): Promise<number> {
    return this.#writes.put(key, value, options);
  }

  create(key: string, value: Value, options: TtlOptions & PutOptions = {}): Promise<number> {
    return this.#writes.create(key, value, options);
  }

  async update(
    key: string,
    value: Value,
    revision: number,
    options: PutOptions = {},
  ): Promise<number> {
    checkRevision(revision, 0);
    return this.#writes.put(key, value, { ...options, expected: revision });
  }

  delete(key: string, options: WriteOptions = {}): Promise<number> {
    return this.#writes.mark(key, "DEL", options);
  }

  purge(key: string, options: WriteOptions & TtlOptions = {}): Promise<number> {
    return this.#writes.mark(key, "PURGE", options);
  }

  async erase(key: string, options: Abortable = {}): Promise<void> {
    await this.#writes.erase(key, options);
  }

  /** The same; answers the revision up to which everything went. */
  eraseUpTo(key: string, options: Abortable = {}): Promise<number> {
    return this.#writes.erase(key, options);
  }

  purgeBucket(options: Abortable = {}): Promise<void> {
    return this.#writes.purgeBucket(options);
  }

  compact(key: string, keep: number, options: Abortable = {}): Promise<void> {
    return this.#writes.compact(key, keep, options);
  }

  history(
    key: string,
    options: Abortable & { readonly metaOnly?: boolean } = {},
  ): Promise<Entry[]> {
    return this.#reads.history(key, options);
  }

  keys(filter = ">", options: Abortable = {}): AsyncIterableIterator<string> {
    return this.#reads.present(filter, options, (_stored, key) => key);
  }

  list(filter = ">", options: Abortable = {}): AsyncIterableIterator<Entry> {
    return this.#reads.present(
      filter,
      options,
      (stored, key) => new StoredEntry(this.name, key, nothing, stored),
    );
  }

  watch(options: WatchOptions = {}): Watch {
    return this.#watches.open(options);
  }

  /** A watch of all of the main bucket, for caches, which is told of what was erased. */
  watchAll(liveness: Liveness): Watch {
    return this.#watches.openAll(liveness);
  }

  async status(options: Abortable = {}): Promise<BucketStatus> {
    this.#feeds.check();
    return abortable(this.backend.status(), options.signal);
  }

  async destroy(options: Abortable = {}): Promise<void> {
    this.#feeds.check();
    await abortable(this.backend.destroy(), options.signal);
  }

  close(): void {
    for (const other of this.#others) other.close();
    this.#feeds.close();
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
}
