// What a bucket with history needs of the place that it lies in. Keys are encoded here, values are bytes.

/** What an entry did to its key. PURGE also took away what was before it. */
export type Operation = "PUT" | "DEL" | "PURGE";

/** A stored message. */
export interface Stored {
  readonly key: string;
  readonly value: Uint8Array;
  /** Bytes of the value, also where `value` was left out. */
  readonly size: number;
  /** Milliseconds. */
  readonly created: number;
  readonly revision: number;
  /** How many are still to come of the same read or watch. */
  readonly delta: number;
  readonly operation: Operation;
  readonly origin: string | null;
  /** When it goes by a TTL of its own, in milliseconds; null when it has none. */
  readonly expires: number | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Write {
  readonly key: string;
  readonly value: Uint8Array;
  readonly operation: Operation;
  readonly headers: Readonly<Record<string, string>>;
  /** The key's last revision; 0 is none. */
  readonly expected: number | null;
  /** Seconds. */
  readonly ttl: number | null;
  /** Whether what the key had before goes. */
  readonly rollup: boolean;
  /** Stored once, however often it is sent within the bucket's duplicate window. */
  readonly id: string | null;
}

export type WatchStart = "latest" | "history" | "updates" | { readonly from: number };

/**
 * Hears when a watch is cut off, and when it has caught up: all that was there then has come once the entry of `revision` has
 * been taken (0: it has).
 */
export type Liveness = (live: boolean, revision: number) => void;

/**
 * Hears before the null whether keys may be missing: a key that is written before its entry has come has it further on, where
 * the reading does not get to.
 */
export type Ends = (missing: boolean) => void;

export interface WatchSpec {
  /** A key or a filter, encoded. */
  readonly filter: string;
  readonly start: WatchStart;
  readonly metaOnly: boolean;
  /** For a reader that takes the latest of each key, all at once, and leaves at the null. */
  readonly ends?: Ends;
  readonly liveness?: Liveness;
}

/** The entries of a watch, with one null where the present begins. Ends by return, or throws. */
export type Feed = AsyncIterableIterator<Stored | null> & {
  return(): Promise<IteratorResult<Stored | null>>;
  /** All that has come and was not taken, at least one; nothing where `next` would be done. */
  many(): Promise<readonly (Stored | null)[]>;
};

export interface BucketStatus {
  readonly bucket: string;
  /** The stream; for a local bucket what it would be. */
  readonly stream: string;
  /** "jetstream" or "local". */
  readonly backend: "jetstream" | "local";
  /** Entries, old ones and markers included. */
  readonly entries: number;
  /** Bytes of all of them, as the server counts. */
  readonly bytes: number;
  readonly history: number;
  /** Seconds that an entry lives; null for ever. */
  readonly ttl: number | null;
  /** Seconds that a marker stays where keys may have TTLs of their own; null where they may not. */
  readonly markerTtl: number | null;
  readonly storage: "file" | "memory";
  readonly replicas: number;
  /** Bytes that the bucket may have; null without a limit. */
  readonly maxBytes: number | null;
  /** Bytes that a value with its headers may have. */
  readonly maxValueBytes: number;
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly compressed: boolean;
  /** The stream that this one mirrors, for a replica. */
  readonly mirrors: string | null;
  /** The server's version; "local". */
  readonly version: string;
}

export interface Backend {
  readonly history: number;
  /** Whether single keys may have a TTL; otherwise why not. */
  readonly keyTtl: true | { readonly why: string; readonly version: string };
  /** Bytes of a value with its headers. */
  readonly maxValueBytes: number;
  /** The last entry of a key, or the one of a revision if that is the key's. A stale read may be of any replica. */
  read(key: string, revision: number | null, stale: boolean): Promise<Stored | null>;
  /** The new revision. @throws RevisionConflict, Unavailable, BucketFull, ValueTooLarge */
  write(write: Write): Promise<number>;
  /** Takes entries away without a marker: those of `key` (null: of all) up to `through`, or but for the last `keep`. */
  discard(key: string | null, what: { through: number } | { keep: number }): Promise<void>;
  watch(spec: WatchSpec): Promise<Feed>;
  /** The last entries of the keys that there are and that are not among these. */
  others(filter: string, known: ReadonlySet<string>): Promise<Stored[]>;
  status(): Promise<BucketStatus>;
  destroy(): Promise<void>;
}
