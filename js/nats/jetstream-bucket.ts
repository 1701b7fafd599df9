// A bucket on JetStream: reads of the leader, writes with an id and the cluster's name.

import type { Backend, BucketStatus, Feed, Stored, WatchSpec, Write } from "./backend.js";
import { type Api, codes, isConflict } from "./api.js";
import {
  RevisionConflict,
  ServerRefused,
  TtlUnsupported,
  Unavailable,
  ValueTooLarge,
} from "./errors.js";
import { openOrderedFeed, type OrderedSource } from "./ordered-feed.js";
import { asMissing, statusOf, streamInfo, type StreamInfo, subjectsOf } from "./stream.js";
import { headerOf, StoredMessage, wire } from "./wire.js";

interface LeaderAnswer {
  readonly message: {
    readonly subject: string;
    readonly seq: number;
    readonly data?: string;
    readonly hdrs?: string;
    readonly time: string;
  };
}

export interface JetStreamPlace {
  readonly api: Api;
  readonly bucket: string;
  readonly info: StreamInfo;
  /** What subjects of keys begin with, with the dot at its end. */
  readonly prefix: string;
  /** The replica to read from, with its state. */
  readonly replica: StreamInfo | null;
}

const nothing = new Uint8Array();
/** Entries that are asked for at once. */
const together = 250;
/** Milliseconds that a replica is waited for, and for which it is left alone when it did not answer. */
const replicaPatience = 500;
const replicaRest = 5000;

export class JetStreamBucket implements Backend {
  readonly history: number;
  readonly keyTtl: Backend["keyTtl"];
  readonly maxValueBytes: number;
  readonly #place: JetStreamPlace;
  #replicaRests = 0;

  constructor(place: JetStreamPlace, apiLevel: number) {
    this.#place = place;
    const { api, bucket, info } = place;
    const status = statusOf(bucket, info, api.maxPayload, api.version);
    this.history = status.history;
    this.maxValueBytes = status.maxValueBytes;
    const why =
      apiLevel < 1
        ? `TTLs of single keys need nats-server 2.11, and this is ${api.version}`
        : info.config.allow_msg_ttl !== true
          ? `the bucket ${bucket} was made without markerTtl, which TTLs of single keys need`
          : null;
    this.keyTtl = why === null ? true : { why, version: api.version };
  }

  async read(key: string, revision: number | null, stale: boolean): Promise<Stored | null> {
    const { replica } = this.#place;
    try {
      if (revision === null && replica !== null) return await this.#nearby(key, replica);
      if (revision === null && stale && this.#place.info.config.allow_direct === true)
        return await this.#direct(key, this.#place.info, this.#place.api.timeout);
      return await this.#leader(key, revision);
    } catch (error) {
      throw asMissing(error, this.#place.bucket);
    }
  }

  async write(write: Write): Promise<number> {
    const { api, prefix, bucket } = this.#place;
    const headers: [string, string][] = Object.entries(write.headers);
    if (write.operation !== "PUT") headers.push([wire.operation, write.operation]);
    if (write.rollup) headers.push([wire.rollup, "sub"]);
    if (write.ttl !== null) headers.push([wire.ttl, `${write.ttl}s`]);
    if (write.expected !== null) headers.push([wire.expected, String(write.expected)]);
    this.#checkSize(write.value, headers);
    try {
      return await api.publish(
        { subject: prefix + write.key, value: write.value, headers, id: write.id },
        (id) => this.#ownRevision(write.key, id),
      );
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      if (isConflict(error.serverCode)) {
        const last = await this.#last(write.key);
        throw new RevisionConflict(write.key, write.expected ?? 0, last?.message.seq ?? 0);
      }
      if (error.serverCode === codes.ttlDisabled || error.serverCode === codes.ttlInvalid)
        throw new TtlUnsupported(error.message, api.version);
      throw asMissing(error, bucket);
    }
  }

  async discard(key: string | null, what: { through: number } | { keep: number }): Promise<void> {
    const { api, prefix, info, bucket } = this.#place;
    try {
      await api.ask(`STREAM.PURGE.${info.config.name}`, {
        ...(key === null ? {} : { filter: prefix + key }),
        // The server keeps what begins with `seq`.
        ...("keep" in what ? { keep: what.keep } : { seq: what.through + 1 }),
      });
    } catch (error) {
      throw asMissing(error, bucket);
    }
  }

  async watch(spec: WatchSpec): Promise<Feed> {
    const { api, bucket, info, prefix, replica } = this.#place;
    // Caches follow the bucket itself.
    const from = spec.liveness === undefined ? (replica ?? info) : info;
    const source = (stream: StreamInfo): OrderedSource => ({
      api,
      bucket,
      stream: stream.config.name,
      prefix,
      alone: stream.config.subjects?.join(" ") === `${prefix}>`,
      created: stream.created,
      single: stream.config.max_msgs_per_subject === 1,
    });
    try {
      return await openOrderedFeed(source(from), spec);
    } catch (error) {
      if (from === info) throw error;
      return openOrderedFeed(source(info), spec);
    }
  }

  async others(filter: string, known: ReadonlySet<string>): Promise<Stored[]> {
    const { api, bucket, info, prefix } = this.#place;
    try {
      const subjects = await subjectsOf(api, info.config.name, prefix + filter);
      const keys = subjects.map((subject) => subject.slice(prefix.length));
      const missing = keys.filter((key) => !known.has(key));
      const others: Stored[] = [];
      for (let at = 0; at < missing.length; at += together) {
        const reads = missing.slice(at, at + together).map((key) => this.#leader(key, null));
        for (const stored of await Promise.all(reads)) if (stored !== null) others.push(stored);
      }
      return others;
    } catch (error) {
      throw asMissing(error, bucket);
    }
  }

  async status(): Promise<BucketStatus> {
    const { api, bucket, info } = this.#place;
    const now = await streamInfo(api, bucket, info.config.name);
    return statusOf(bucket, now, api.maxPayload, api.version);
  }

  async destroy(): Promise<void> {
    const { api, bucket, info } = this.#place;
    try {
      await api.ask(`STREAM.DELETE.${info.config.name}`);
    } catch (error) {
      throw asMissing(error, bucket);
    }
  }

  async #leader(key: string, revision: number | null): Promise<Stored | null> {
    const found = await this.#last(key, revision);
    if (found === null) return null;
    const { message } = found;
    // A revision is the bucket's: it can be another key's.
    if (message.subject !== this.#place.prefix + key) return null;
    return new StoredMessage(
      key,
      message.data === undefined ? nothing : bytesOf(message.data),
      { created: Date.parse(message.time), revision: message.seq, delta: 0 },
      headText(message.hdrs),
    );
  }

  /** The message by the leader's word. */
  async #last(key: string, revision: number | null = null): Promise<LeaderAnswer | null> {
    const { api, prefix, info } = this.#place;
    const query = revision === null ? { last_by_subj: prefix + key } : { seq: revision };
    try {
      return await api.ask<LeaderAnswer>(`STREAM.MSG.GET.${info.config.name}`, query);
    } catch (error) {
      if (error instanceof ServerRefused && error.serverCode === codes.noMessage) return null;
      throw error;
    }
  }

  /** Reads from the replica, and from the bucket while that does not answer. */
  async #nearby(key: string, replica: StreamInfo): Promise<Stored | null> {
    if (performance.now() >= this.#replicaRests) {
      try {
        return await this.#direct(key, replica, replicaPatience);
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof ServerRefused)) throw error;
        this.#replicaRests = performance.now() + replicaRest;
      }
    }
    return this.#leader(key, null);
  }

  async #direct(key: string, from: StreamInfo, most: number): Promise<Stored | null> {
    const { api, prefix } = this.#place;
    const found = await api.direct(from.config.name, prefix + key, most);
    if (found === null) return null;
    const { data, head } = found;
    const created = Date.parse(headerOf(head, "Nats-Time-Stamp") ?? "");
    const revision = Number(headerOf(head, "Nats-Sequence"));
    return new StoredMessage(key, data, { created, revision, delta: 0 }, head);
  }

  /** The revision of our own message that was sent before and is the key's last. */
  async #ownRevision(key: string, id: string): Promise<number | null> {
    const last = await this.#last(key);
    if (last === null) return null;
    return headerOf(headText(last.message.hdrs), wire.id) === id ? last.message.seq : null;
  }

  /** The server would close the connection for a message that is too large. */
  #checkSize(value: Uint8Array, headers: readonly (readonly [string, string])[]): void {
    const own = 160; // of the id, the cluster, and the first line
    const given = headers.reduce(
      (sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 4,
      0,
    );
    const { api } = this.#place;
    const size = value.byteLength + own + (api.cluster?.length ?? 0) + given;
    if (size > api.maxPayload || value.byteLength + given > this.maxValueBytes)
      throw new ValueTooLarge(value.byteLength, Math.min(this.maxValueBytes, api.maxPayload - own));
  }
}

function headText(base64: string | undefined): string {
  return base64 === undefined ? "" : Buffer.from(base64, "base64").toString();
}

/** As bytes of no class of Node's. */
function bytesOf(base64: string): Uint8Array {
  const buffer = Buffer.from(base64, "base64");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
