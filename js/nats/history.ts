// What `connect` and `local` answer: buckets by their names.

import type { Codecs } from "./codecs.js";
import type { HistoryBucket } from "./history-bucket.js";
import type { ReplicaOptions } from "./replicas.js";
import type { BucketOptions } from "./stream.js";

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
