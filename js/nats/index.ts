// `cloesce/nats`: buckets that remember, on NATS JetStream or in SQLite.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import { folderOf } from "../local/blobs.js";
import { own, type Ownership } from "../local/roots.js";
import type { Durability } from "../local/options.js";
import { loadSqlite } from "../local/sqlite.js";
import { Api } from "./api.js";
import { Bucket, type HistoryBucket } from "./bucket.js";
import type { Codecs } from "./codecs.js";
import {
  BucketDiffers,
  BucketNotFound,
  Closed,
  HistoryError,
  InvalidOption,
  Unavailable,
} from "./errors.js";
import { JetStreamBucket } from "./jetstream-bucket.js";
import { checkLocalOptions, LocalBucket, type LocalBucketOptions } from "./local-bucket.js";
import { foldersOf } from "./names.js";
import {
  addReplica,
  listReplicas,
  nearestReplica,
  removeReplica,
  type ReplicaOptions,
} from "./replicas.js";
import {
  checkOptions,
  openStream,
  streamInfo,
  streamOf,
  type BucketOptions,
  type StreamInfo,
} from "./stream.js";

export type {
  Abortable,
  BucketStatus,
  Entry,
  GetOptions,
  HistoryBucket,
  Operation,
  PutOptions,
  TtlOptions,
  Value,
  Watch,
  WatchOptions,
  WriteOptions,
} from "./bucket.js";
export type { Codecs, KeyCodec, KeyCodecName, ValueCodec } from "./codecs.js";
export {
  BucketDiffers,
  BucketFull,
  BucketNotFound,
  Closed,
  HistoryError,
  InvalidKey,
  InvalidOption,
  RevisionConflict,
  ServerRefused,
  TtlUnsupported,
  Unavailable,
  ValueTooLarge,
} from "./errors.js";
export { cached, type CachedBucket, type CacheOptions, type CacheState } from "./cache.js";
export { kvHistory, kvOf, type KvOptions } from "./kv.js";
export type { ReplicaOptions } from "./replicas.js";
export type { BucketOptions } from "./stream.js";
export { isReservedKey, isValidBucket, isValidKey } from "./names.js";

export interface ConnectOptions {
  /** `nats://host:port`, one or several of a cluster. */
  readonly servers: string | readonly string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** JetStream's domain. */
  readonly domain?: string;
  /** Milliseconds that a call waits for a server before it is Unavailable; 5000 by default. */
  readonly timeout?: number;
  /** The connection's name, as the server shows it. */
  readonly name?: string;
  /** Anything else that `connect` of @nats-io/transport-node takes: an authenticator, TLS, reconnection. */
  readonly client?: Readonly<Record<string, unknown>>;
}

export interface LocalHistoryOptions {
  /** The folder that buckets lie in. Give this or `memory`. */
  readonly root?: string;
  readonly memory?: true;
  /** The moment in milliseconds; `Date.now` by default. */
  readonly clock?: () => number;
  /** As in cloesce/local: "process" by default. */
  readonly durability?: Durability;
}

/** Options of a bucket, and how its keys and values are encoded. Codecs are the client's: the bucket does not know them. */
export type OpenOptions = BucketOptions & { readonly codecs?: Codecs };

export interface History {
  /** "jetstream" or "local". */
  readonly backend: "jetstream" | "local";
  /** The server's version; "local". */
  readonly version: string;
  /**
   * Opens a bucket, which is made when it is not there.
   * @throws BucketNotFound with `create: false`; BucketDiffers when it exists and is not as asked; InvalidOption
   */
  bucket(name: string, options?: OpenOptions): Promise<HistoryBucket>;
  /** The names of buckets that are there. */
  buckets(): Promise<string[]>;
  /** Makes a read replica of a bucket, a mirror of its stream, and registers it. Needs a server. */
  addReplica(name: string, options: ReplicaOptions): Promise<void>;
  /** Takes a replica out of the registry and deletes it. */
  removeReplica(name: string, stream: string): Promise<void>;
  /** The streams that are registered as replicas of a bucket. */
  replicas(name: string): Promise<string[]>;
  /** Closes buckets, watches and the connection. */
  close(): Promise<void>;
}

/** Connects to servers with JetStream. @throws Unavailable; Error when @nats-io/transport-node is not installed */
export async function connect(options: ConnectOptions): Promise<History> {
  const client = await loadClient();
  const { servers, user, pass, token, domain, name, timeout = 5000 } = options;
  let connection: NatsConnection;
  try {
    connection = await client.connect({
      servers: typeof servers === "string" ? servers : [...servers],
      name: name ?? "cloesce",
      // Watches and caches live as long as they are wanted.
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout,
      ...(user === undefined ? {} : { user }),
      ...(pass === undefined ? {} : { pass }),
      ...(token === undefined ? {} : { token }),
      ...options.client,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`no server of ${String(servers)} can be reached (${why})`, null, error);
  }
  const api = new Api(client, connection, timeout, domain ?? null, inboxPrefixOf(options));
  try {
    const account = await api.ask<{ api?: { level?: number } }>("INFO");
    return new JetStreamHistory(api, account.api?.level ?? 0);
  } catch (error) {
    await connection.close();
    if (!(error instanceof Unavailable)) throw error;
    throw new Unavailable(
      `${connection.getServer()} answers, but JetStream does not: start nats-server with -js`,
      null,
      error,
    );
  }
}

/** Opens buckets without a server, in memory or in a folder that is this process's alone. */
export async function local(options: LocalHistoryOptions): Promise<History> {
  loadSqlite();
  const { root = null, memory } = options;
  if ((root === null) === (memory !== true))
    throw new InvalidOption('local takes either { root: "a folder" } or { memory: true }');
  const owner = root === null ? null : own(root, options.durability ?? "process");
  if (typeof owner === "string")
    throw new HistoryError(
      `${root ?? ""} is in use by ${owner}: end that process, or choose another root`,
    );
  return Promise.resolve(new LocalHistory(options, owner));
}

class JetStreamHistory implements History {
  readonly backend = "jetstream";
  readonly #api: Api;
  readonly #apiLevel: number;
  readonly #buckets = new Set<Bucket>();

  constructor(api: Api, apiLevel: number) {
    this.#api = api;
    this.#apiLevel = apiLevel;
  }

  get version(): string {
    return this.#api.version;
  }

  async bucket(name: string, options: OpenOptions = {}): Promise<HistoryBucket> {
    checkOptions(name, options);
    const info = await openStream(this.#api, this.#apiLevel, name, options);
    const prefix = `${options.subject ?? subjectOf(info.config.subjects) ?? `$KV.${name}`}.`;
    const place = { api: this.#api, bucket: name, info, prefix, replica: null };
    const main = new JetStreamBucket(place, this.#apiLevel);
    const replica = await this.#replica(main, name, options.readFrom);
    const backend =
      replica === null ? main : new JetStreamBucket({ ...place, replica }, this.#apiLevel);
    const bucket = new Bucket(name, backend, options.codecs);
    this.#buckets.add(bucket);
    return bucket;
  }

  async addReplica(name: string, options: ReplicaOptions): Promise<void> {
    checkOptions(name, { stream: options.stream });
    const { backend, info } = await this.#main(name);
    await addReplica(this.#api, backend, info, options);
  }

  async removeReplica(name: string, stream: string): Promise<void> {
    checkOptions(name, { stream });
    const { backend } = await this.#main(name);
    await removeReplica(this.#api, backend, stream);
  }

  async replicas(name: string): Promise<string[]> {
    const { backend } = await this.#main(name);
    return listReplicas(backend);
  }

  async #main(name: string): Promise<{ backend: JetStreamBucket; info: StreamInfo }> {
    checkOptions(name, {});
    const info = await openStream(this.#api, this.#apiLevel, name, { create: false });
    const prefix = `${subjectOf(info.config.subjects) ?? `$KV.${name}`}.`;
    const place = { api: this.#api, bucket: name, info, prefix, replica: null };
    return { backend: new JetStreamBucket(place, this.#apiLevel), info };
  }

  /** The replica's stream. One that is missing is not waited for: the bucket itself serves then. */
  async #replica(
    main: JetStreamBucket,
    name: string,
    readFrom: string | undefined,
  ): Promise<StreamInfo | null> {
    if (readFrom === undefined) return null;
    const nearest = readFrom === "nearest";
    const stream = nearest ? await nearestReplica(main, this.#api.cluster) : readFrom;
    if (stream === null) return null;
    try {
      return await streamInfo(this.#api, name, stream);
    } catch (error) {
      if (nearest) return null;
      throw error;
    }
  }

  async buckets(): Promise<string[]> {
    const names: string[] = [];
    for (let offset = 0; ;) {
      const page = await this.#api.ask<{ streams: string[] | null; total: number }>(
        "STREAM.NAMES",
        {
          offset,
        },
      );
      const streams = page.streams ?? [];
      names.push(...streams);
      offset += streams.length;
      if (streams.length === 0 || offset >= page.total) break;
    }
    return names
      .filter((stream) => stream.startsWith("KV_"))
      .map((stream) => stream.slice("KV_".length))
      .sort();
  }

  async close(): Promise<void> {
    for (const bucket of this.#buckets) bucket.close();
    this.#buckets.clear();
    const { connection } = this.#api;
    if (connection.isClosed()) return;
    // What was asked for on the way out is sent; a server that is gone is not waited for.
    const flushed = connection.flush().catch(() => undefined);
    await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    await connection.close();
  }
}

/** What the subjects of a bucket's stream begin with, of one that is there. */
function subjectOf(subjects: readonly string[] | undefined): string | null {
  const [subject = ""] = subjects ?? [];
  return subject.endsWith(".>") ? subject.slice(0, -2) : null;
}

class LocalHistory implements History {
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

function inboxPrefixOf({ client }: ConnectOptions): string | null {
  const prefix = client?.["inboxPrefix"];
  return typeof prefix === "string" ? prefix : null;
}

type Client = typeof import("@nats-io/transport-node");

async function loadClient(): Promise<Client> {
  try {
    return await import("@nats-io/transport-node");
  } catch (error) {
    throw new Error(
      "cloesce/nats needs @nats-io/transport-node to connect: npm install --save-exact @nats-io/transport-node@3.4.0",
      { cause: error },
    );
  }
}
