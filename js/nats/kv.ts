// A KVNamespace on a bucket with history. Keys are escaped to one part of a subject each; metadata and deadline are headers.

import type {
  KVNamespace,
  KVNamespaceListOptions,
  KVNamespaceListResult,
  KVNamespacePutOptions,
} from "@cloudflare/workers-types";
import { chunksOf } from "../local/blobs.js";
import { bytesOfValue } from "../local/body.js";
import { textOf, wholeNumber } from "../local/conversions.js";
import { bulkMost, bulkRead, optionsOf, valueOf, type Asked, type Found } from "../local/kv.js";
import { bounds, rule, thrown, wellFormed } from "../local/rules.js";
import { Bucket } from "./bucket.js";
import { Cache } from "./cache.js";
import { InvalidOption, ValueTooLarge } from "./errors.js";
import type { Entry, HistoryBucket, Operation, Watch } from "./history-bucket.js";

export interface KvOptions {
  /** Lets any replica or mirror answer reads. By default the leader does, so that every write is read at once. */
  readonly stale?: boolean;
}

const metadataHeader = "KV-Metadata";
const expiresHeader = "KV-Expires";
/** Most seconds that the marker of a deleted key stays where keys have TTLs. */
const markerSeconds = 60;

/**
 * The platform's KV on a bucket, or on a cache of one. The bucket should be this one's alone: keys are encoded by "escape",
 * and a cache must be of a bucket that was opened with `codecs: { keys: "escape" }`.
 */
export function kvOf(bucket: HistoryBucket, options: KvOptions = {}): KVNamespace {
  if (bucket instanceof Cache) {
    if (!bucket.escapes)
      throw new InvalidOption(
        'kvOf takes a cache of a bucket opened with codecs: { keys: "escape" }',
      );
    return new HistoryKv(bucket, bucket.origin, options) as unknown as KVNamespace;
  }
  if (!(bucket instanceof Bucket))
    throw new InvalidOption("kvOf takes a bucket that history.bucket() or cached() gave");
  const own = bucket.escapes ? bucket : bucket.withKeys("escape");
  return new HistoryKv(own, own, options) as unknown as KVNamespace;
}

/** What the history of a key is to those who know it by KV: see {@link kvOf}. */
export function kvHistory(bucket: HistoryBucket, key: string): Promise<Entry[]> {
  const own = bucket instanceof Bucket && !bucket.escapes ? bucket.withKeys("escape") : bucket;
  return own.history(key);
}

/** What a key had, or what is done to one, as KV has it. */
export interface KvVersion {
  readonly key: string;
  /** Empty for deletions. */
  readonly value: Uint8Array;
  /** Any JSON; null when there is none. */
  readonly metadata: unknown;
  readonly revision: number;
  readonly created: Date;
  readonly operation: Operation;
}

/** Which keys a namespace's `watch` tells of, and from when on. */
export interface KvWatchOptions {
  readonly key?: string;
  readonly prefix?: string;
  readonly include?: "latest" | "history" | "updates";
}

/** What a namespace on a bucket has beside the platform's: Orm.history and Orm.watch ask for it. */
export interface RememberingKv {
  /** Oldest first. */
  history(key: unknown): Promise<KvVersion[]>;
  /** With one null where the present begins. */
  watch(options?: KvWatchOptions): AsyncIterableIterator<KvVersion | null>;
  /** Ends every watch: of a server that is to stop, and would wait for those who read. */
  endWatches(): void;
}

class HistoryKv implements RememberingKv {
  readonly #bucket: Bucket | Cache;
  readonly #main: Bucket;
  readonly #stale: boolean;
  readonly #watches = new Set<Watch>();

  constructor(bucket: Bucket | Cache, main: Bucket, options: KvOptions) {
    this.#bucket = bucket;
    this.#main = main;
    this.#stale = options.stale === true;
  }

  async get(keys: unknown, asked?: Asked): Promise<unknown> {
    if (!Array.isArray(keys)) return (await this.#get(keys, asked)).value;
    return this.#getMany(keys, asked, (found) => found?.value ?? null);
  }

  async getWithMetadata(keys: unknown, asked?: Asked): Promise<unknown> {
    if (!Array.isArray(keys)) return { ...(await this.#get(keys, asked)), cacheStatus: null };
    return this.#getMany(keys, asked, (found) => found);
  }

  async put(key: unknown, value: unknown, given?: KVNamespacePutOptions): Promise<void> {
    const options = given ?? {};
    const name = textOf(key);
    try {
      const metadata =
        options.metadata === undefined || options.metadata === null
          ? null
          : wellFormed(JSON.stringify(options.metadata));
      const now = Date.now();
      const expires = rule<number | null>(
        "kv_put",
        name,
        wholeNumber(options.expiration),
        wholeNumber(options.expirationTtl),
        metadata === null ? 0 : Buffer.byteLength(metadata),
        now,
      );
      const bytes = await this.#collect(value);
      const headers = {
        ...(metadata === null ? {} : { [metadataHeader]: metadata }),
        ...(expires === null ? {} : { [expiresHeader]: String(Math.round(expires / 1000)) }),
      };
      const byServer = expires !== null && this.#main.backend.keyTtl === true;
      const ttl = byServer ? { ttl: Math.max(1, Math.ceil((expires - now) / 1000)) } : {};
      await this.#bucket.put(name, bytes, { headers, ...ttl });
    } catch (error) {
      throw thrown(this.#tooLarge(error), (code, message) => `KV PUT failed: ${code} ${message}`);
    }
  }

  async delete(key: unknown): Promise<void> {
    const name = textOf(key);
    try {
      rule("kv_get", [name], null);
    } catch (error) {
      throw thrown(error, (code, message) => `KV DELETE failed: ${code} ${message}`);
    }
    await this.#remove(name);
  }

  /** Up to 100 keys at once. */
  async deleteBulk(keys: readonly unknown[]): Promise<void> {
    if (!Array.isArray(keys)) throw new TypeError("deleteBulk takes an array of keys.");
    const names = keys.map(textOf);
    try {
      if (names.length > bulkMost)
        throw new Error(`KV DELETE_BULK failed: 400 You can request a maximum of ${bulkMost} keys`);
      rule("kv_get", names, null);
    } catch (error) {
      throw thrown(error, (code, message) => `KV DELETE_BULK failed: ${code} ${message}`);
    }
    await Promise.all(names.map((name) => this.#remove(name)));
  }

  async list(given?: KVNamespaceListOptions): Promise<KVNamespaceListResult<unknown>> {
    const options = given ?? {};
    try {
      const page = bounds(
        "kv_list",
        textOf(options.prefix ?? ""),
        wholeNumber(options.limit),
        options.cursor ?? null,
      );
      if (page === null) throw new Error("no page");
      const now = Date.now();
      const found: { key: Buffer; entry: Entry }[] = [];
      for await (const entry of this.#entries()) {
        const key = Buffer.from(entry.key);
        const order = Buffer.compare(key, page.lower);
        if (page.inclusive ? order < 0 : order <= 0) continue;
        if (page.upper !== null && Buffer.compare(key, page.upper) >= 0) continue;
        if (isDead(entry, now)) this.#sweep(entry);
        else found.push({ key, entry });
      }
      found.sort((left, right) => Buffer.compare(left.key, right.key));
      const keys = found.slice(0, page.limit).map(({ entry }) => {
        const { [expiresHeader]: expires, [metadataHeader]: metadata } = entry.headers;
        return {
          name: entry.key,
          ...(expires === undefined ? {} : { expiration: Number(expires) }),
          ...(metadata === undefined ? {} : { metadata: JSON.parse(metadata) as unknown }),
        };
      });
      if (found.length <= page.limit) return { keys, list_complete: true, cacheStatus: null };
      const cursor = rule<string>("list_cursor", keys.at(-1)?.name, false);
      return { keys, list_complete: false, cursor, cacheStatus: null };
    } catch (error) {
      throw thrown(error, (code, message) => `KV GET failed: ${code} ${message}`);
    }
  }

  async history(key: unknown): Promise<KvVersion[]> {
    const name = textOf(key);
    try {
      rule("kv_get", [name], null);
    } catch (error) {
      throw thrown(error, (code, message) => `KV HISTORY failed: ${code} ${message}`);
    }
    return (await this.#main.history(name)).map(versionOf);
  }

  watch(options: KvWatchOptions = {}): AsyncIterableIterator<KvVersion | null> {
    const { key, prefix = "", include = "latest" } = options;
    const watch = this.#main.watch({ include, ...(key === undefined ? {} : { key }) });
    this.#watches.add(watch);
    const leave = async (): Promise<IteratorReturnResult<undefined>> => {
      this.#watches.delete(watch);
      await watch.return();
      return { value: undefined, done: true };
    };
    const next = async (): Promise<IteratorResult<KvVersion | null>> => {
      try {
        for (;;) {
          const { value: entry, done } = await watch.next();
          if (done === true) return await leave();
          if (entry === null) return { value: null, done: false };
          if (entry.key.startsWith(prefix)) return { value: versionOf(entry), done: false };
        }
      } catch (error) {
        await leave();
        throw error;
      }
    };
    const versions = { next, return: leave, [Symbol.asyncIterator]: () => versions };
    return versions;
  }

  endWatches(): void {
    for (const watch of this.#watches) void watch.return();
    this.#watches.clear();
  }

  /** Every key with its headers: of the cache when that has them all, else of the bucket. */
  #entries(): AsyncIterable<Entry> | Iterable<Entry> {
    return (this.#bucket instanceof Cache ? this.#bucket.all() : null) ?? this.#main.list();
  }

  async #get(key: unknown, asked: Asked): Promise<Found> {
    const name = textOf(key);
    const { type, cacheTtl } = optionsOf(asked);
    try {
      rule("kv_get", [name], cacheTtl);
    } catch (error) {
      throw thrown(error, (code, message) => `KV GET failed: ${code} ${message}`);
    }
    return (await this.#find(name, type)) ?? { value: null, metadata: null };
  }

  async #find(name: string, type: string): Promise<Found | null> {
    const entry = await this.#bucket.get(name, { stale: this.#stale });
    if (entry === null) return null;
    if (isDead(entry, Date.now())) {
      this.#sweep(entry);
      return null;
    }
    const metadata = entry.headers[metadataHeader];
    return {
      value: type === "stream" ? streamOf(entry.value) : valueOf(entry.value.slice(), type),
      metadata: metadata === undefined ? null : (JSON.parse(metadata) as unknown),
    };
  }

  async #getMany(
    keys: readonly unknown[],
    asked: Asked,
    pick: (found: Found | null) => unknown,
  ): Promise<Map<string, unknown>> {
    const { names, answer } = bulkRead(keys, asked);
    return answer(await Promise.all(names.map((name) => this.#find(name, "text"))), pick);
  }

  /** A message is sent whole. */
  async #collect(value: unknown): Promise<Uint8Array> {
    const source = bytesOfValue(value, "kv");
    if (source instanceof Uint8Array) {
      rule("kv_value", source.byteLength);
      return source;
    }
    const chunks: Uint8Array[] = [];
    let total = 0;
    for await (const chunk of chunksOf(source)) {
      total += chunk.byteLength;
      rule("kv_value", total);
      if (total > this.#main.backend.maxValueBytes)
        throw new ValueTooLarge(total, this.#main.backend.maxValueBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  #tooLarge(error: unknown): unknown {
    if (!(error instanceof ValueTooLarge)) return error;
    return new Error(
      `KV PUT failed: 413 ${error.message}: a server's max_payload, or the bucket's maxValueBytes`,
    );
  }

  async #remove(name: string): Promise<void> {
    const { keyTtl } = this.#main.backend;
    await this.#bucket.purge(name, keyTtl === true ? { ttl: markerSeconds } : {});
  }

  /** Takes away what has expired, if it is still the same, where the server does not. */
  #sweep(entry: Entry): void {
    if (this.#main.backend.keyTtl === true) return;
    void this.#bucket
      .purge(entry.key, { expected: entry.revision })
      // Somebody has put the key anew, or was first. What failed otherwise is tried when it is seen again.
      .catch(() => undefined);
  }
}

function versionOf(entry: Entry): KvVersion {
  const { key, value, revision, created, operation, headers } = entry;
  const metadata = headers[metadataHeader];
  return {
    key,
    value,
    metadata: metadata === undefined ? null : (JSON.parse(metadata) as unknown),
    revision,
    created,
    operation,
  };
}

/** One rule for all: gone from the deadline on. */
function isDead(entry: Entry, now: number): boolean {
  const expires = entry.headers[expiresHeader];
  return expires !== undefined && now >= Number(expires) * 1000;
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: "bytes",
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes.slice());
      controller.close();
    },
  });
}
