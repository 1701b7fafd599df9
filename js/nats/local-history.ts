// Buckets in SQLite, in memory or in a folder.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folderOf } from "../local/blobs.js";
import type { Durability } from "../local/options.js";
import type { Ownership } from "../local/roots.js";
import { Bucket } from "./bucket.js";
import { BucketDiffers, BucketNotFound, Closed, InvalidOption } from "./errors.js";
import type { HistoryBucket } from "./history-bucket.js";
import type { History, OpenOptions } from "./history.js";
import { checkLocalOptions, LocalBucket, type LocalBucketOptions } from "./local-bucket.js";
import { foldersOf } from "./names.js";
import { checkOptions, streamOf } from "./stream.js";

export interface LocalHistoryOptions {
  /** The folder that buckets lie in. Give this or `memory`. */
  readonly root?: string;
  readonly memory?: true;
  /** The moment in milliseconds; `Date.now` by default. */
  readonly clock?: () => number;
  /** As in cloesce/local: "process" by default. */
  readonly durability?: Durability;
}

export class LocalHistory implements History {
  readonly backend = "local";
  readonly version = "local";
  readonly #options: LocalHistoryOptions;
  readonly #owner: Ownership | null;
  readonly #open = new Map<string, LocalBucket>();
  readonly #buckets = new Set<Bucket>();
  #closed = false;

  constructor(options: LocalHistoryOptions, owner: Ownership | null) {
    this.#options = options;
    this.#owner = owner;
  }

  bucket(name: string, options: OpenOptions = {}): Promise<HistoryBucket> {
    try {
      return Promise.resolve(this.#bucket(name, options));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  buckets(): Promise<string[]> {
    const names = new Set(this.#open.keys());
    for (const name of this.#known()) names.add(name);
    return Promise.resolve([...names].sort());
  }

  addReplica(): Promise<void> {
    return Promise.reject(new InvalidOption("replicas need a server: this history is local"));
  }

  removeReplica(): Promise<void> {
    return this.addReplica();
  }

  replicas(): Promise<string[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const bucket of this.#buckets) bucket.close();
    for (const bucket of this.#open.values()) bucket.close();
    this.#open.clear();
    this.#owner?.release();
    return Promise.resolve();
  }

  #bucket(name: string, options: OpenOptions): HistoryBucket {
    if (this.#closed) throw new Closed();
    checkOptions(name, options);
    checkLocalOptions(options);
    const backend = this.#open.get(name) ?? this.#make(name, options);
    checkSame(name, backend.options, options);
    this.#open.set(name, backend);
    const bucket = new Bucket(name, backend, options.codecs);
    this.#buckets.add(bucket);
    return bucket;
  }

  #make(name: string, options: OpenOptions): LocalBucket {
    const { root } = this.#options;
    const folder = root === undefined ? null : join(root, "history", folderOf(name));
    const path = folder === null ? null : join(folder, "bucket.sqlite");
    if (options.create === false && (path === null || !existsSync(path)))
      throw new BucketNotFound(name);
    if (folder !== null) mkdirSync(folder, { recursive: true });
    return new LocalBucket(
      {
        bucket: name,
        stream: streamOf(name, options),
        path,
        durability: this.#options.durability ?? "process",
        now: this.#options.clock ?? Date.now,
        destroyed: () => {
          this.#open.delete(name);
          if (folder !== null) rmSync(folder, { recursive: true, force: true });
        },
      },
      {
        history: options.history ?? 1,
        ttl: options.ttl ?? null,
        markerTtl: options.markerTtl ?? null,
        maxBytes: options.maxBytes ?? null,
        maxValueBytes: options.maxValueBytes ?? defaultValueBytes,
      },
    );
  }

  /** Names of buckets on disk: bucket names are file names as they are, but for capitals. */
  *#known(): Generator<string> {
    const { root } = this.#options;
    if (root === undefined) return;
    yield* foldersOf(join(root, "history"));
  }
}

/** What a server takes as a rule. */
const defaultValueBytes = 1024 * 1024;

function checkSame(name: string, is: LocalBucketOptions, asked: OpenOptions): void {
  const differing = (["history", "ttl", "markerTtl", "maxBytes", "maxValueBytes"] as const).filter(
    (field) => asked[field] !== undefined && asked[field] !== is[field],
  );
  if (differing.length === 0) return;
  const told = differing.map(
    (field) => `${field} is ${String(is[field])}, not ${String(asked[field])}`,
  );
  throw new BucketDiffers(
    `the bucket ${name} exists and differs: ${told.join("; ")}. Ask for what it is, or for nothing`,
  );
}
