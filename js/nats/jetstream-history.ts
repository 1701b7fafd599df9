// Buckets on servers, over one connection.

import type { Api } from "./api.js";
import { Bucket } from "./bucket.js";
import type { HistoryBucket } from "./history-bucket.js";
import type { History, OpenOptions } from "./history.js";
import { JetStreamBucket } from "./jetstream-bucket.js";
import {
  addReplica,
  listReplicas,
  nearestReplica,
  removeReplica,
  type ReplicaOptions,
} from "./replicas.js";
import { checkOptions, openStream, streamInfo, type StreamInfo } from "./stream.js";

export class JetStreamHistory implements History {
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
