// `cloesce/nats`: buckets that remember, on NATS JetStream or in SQLite.

import type { NatsConnection } from "@nats-io/transport-node";
import { own } from "../local/roots.js";
import { loadSqlite } from "../local/sqlite.js";
import { addressesOf } from "./addresses.js";
import { Api } from "./api.js";
import { HistoryError, InvalidOption, Unavailable } from "./errors.js";
import type { History } from "./history.js";
import { JetStreamHistory } from "./jetstream-history.js";
import { LocalHistory, type LocalHistoryOptions } from "./local-history.js";

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
} from "./history-bucket.js";
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
export {
  kvHistory,
  kvOf,
  type KvOptions,
  type KvVersion,
  type KvWatchOptions,
  type RememberingKv,
} from "./kv.js";
export type { History, OpenOptions } from "./history.js";
export type { LocalHistoryOptions } from "./local-history.js";
export type { ReplicaOptions } from "./replicas.js";
export type { BucketOptions } from "./stream.js";
export { isReservedKey, isValidBucket, isValidKey } from "./names.js";

export interface ConnectOptions {
  /** `nats://host:port`, one or several of a cluster. `tls://` wants TLS, `user:password@` or `token@` before the host say who asks. */
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

/** Connects to servers with JetStream. @throws Unavailable; Error when @nats-io/transport-node is not installed */
export async function connect(options: ConnectOptions): Promise<History> {
  const client = await loadClient();
  const { domain, name, timeout = 5000 } = options;
  const addresses = addressesOf(options.servers);
  const { user = addresses.user, pass = addresses.pass, token = addresses.token } = options;
  let connection: NatsConnection;
  try {
    connection = await client.connect({
      servers: [...addresses.places],
      name: name ?? "cloesce",
      // Watches and caches live as long as they are wanted.
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout,
      ...(user === undefined ? {} : { user }),
      ...(pass === undefined ? {} : { pass }),
      ...(token === undefined ? {} : { token }),
      ...(addresses.tls ? { tls: {} } : {}),
      ...options.client,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unavailable(
      `no server of ${addresses.places.join()} can be reached (${why})`,
      null,
      error,
    );
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
