// A bucket with history as its users see it: what there is of keys, and what each call takes and answers.

import type { BucketStatus, Operation } from "./backend.js";

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
  /** The keys that have a value, in the order of their revisions. One that is there all the while is among them, once. */
  keys(filter?: string, options?: Abortable): AsyncIterableIterator<string>;
  /** The last entries of these keys, without the values; none is older than the call. */
  list(filter?: string, options?: Abortable): AsyncIterableIterator<Entry>;
  watch(options?: WatchOptions): Watch;
  status(options?: Abortable): Promise<BucketStatus>;
  /** Deletes the bucket with everything in it. */
  destroy(options?: Abortable): Promise<void>;
  /** Ends watches; other calls fail from now on. */
  close(): void;
}
