// The stream that a bucket is: made, opened, and told from what was asked for.

import type { BucketStatus } from "./backend.js";
import type { Api } from "./api.js";
import { codes } from "./api.js";
import {
  BucketDiffers,
  BucketNotFound,
  InvalidOption,
  ServerRefused,
  TtlUnsupported,
} from "./errors.js";
import { Refusal, rule } from "../local/rules.js";

/** How a bucket is to be. What is left out is the default for a new bucket, and as it is for one that exists. */
export interface BucketOptions {
  /** Entries that are kept of each key, 1 (default) to 64. */
  readonly history?: number;
  /** Seconds that entries live, at least 0.1; for ever by default. */
  readonly ttl?: number;
  /**
   * Lets single keys have a TTL: whole seconds, at least 1, that the markers of expired keys stay. Server 2.11 and newer.
   * @throws TtlUnsupported
   */
  readonly markerTtl?: number;
  /** Bytes that the bucket may have; no limit by default. */
  readonly maxBytes?: number;
  /** Bytes that a value with its headers may have; the server's limit of a message (1 MiB as a rule) by default. */
  readonly maxValueBytes?: number;
  /** "file" by default. Local buckets lie where their history does. */
  readonly storage?: "file" | "memory";
  /** Servers of the cluster that keep the bucket: 1 (default) to 5. */
  readonly replicas?: number;
  readonly placement?: { readonly cluster?: string; readonly tags?: readonly string[] };
  /** Server 2.10 and newer. */
  readonly compression?: boolean;
  readonly description?: string;
  /** The stream's name; `KV_<bucket>` by default. */
  readonly stream?: string;
  /** What subjects of keys begin with; `$KV.<bucket>` by default. */
  readonly subject?: string;
  /** The stream to read from: a replica, by name, or "nearest" for the one that is registered for this cluster. */
  readonly readFrom?: string;
  /** Whether a bucket that is not there is made; true by default. */
  readonly create?: boolean;
}

export interface StreamConfig {
  readonly name: string;
  readonly subjects?: readonly string[];
  readonly max_msgs_per_subject: number;
  readonly max_bytes: number;
  readonly max_age: number;
  readonly max_msg_size: number;
  readonly storage: "file" | "memory";
  readonly num_replicas: number;
  readonly compression?: string;
  readonly allow_msg_ttl?: boolean;
  readonly subject_delete_marker_ttl?: number;
  readonly allow_direct?: boolean;
  readonly mirror?: { readonly name: string };
}

export interface StreamInfo {
  readonly config: StreamConfig;
  readonly created: string;
  readonly state: {
    readonly messages: number;
    readonly bytes: number;
    readonly first_seq: number;
    readonly last_seq: number;
    readonly num_subjects?: number;
  };
}

const nanoseconds = 1e9;
/** Seconds in which a message with an id that was seen is not stored again. */
const duplicateWindow = 120;

/** A bucket's name, and options that have one meaning. @throws InvalidOption */
export function checkOptions(name: string, options: BucketOptions): void {
  const positive = (field: keyof BucketOptions, least: number, whole: boolean): void => {
    const value = options[field];
    if (value === undefined) return;
    if (typeof value !== "number" || !(value >= least) || (whole && !Number.isSafeInteger(value)))
      throw new InvalidOption(`${field} is a ${whole ? "whole " : ""}number from ${least} on`);
  };
  positive("ttl", 0.1, false);
  positive("markerTtl", 1, true);
  positive("maxBytes", 1, true);
  positive("maxValueBytes", 1, true);
  positive("replicas", 1, true);
  if ((options.replicas ?? 1) > 5) throw new InvalidOption("replicas are 5 at most");
  // JSON would make null, which is no option, of what is no number.
  if (options.history !== undefined && !Number.isFinite(options.history))
    throw new InvalidOption("history is a whole number from 1 to 64");
  try {
    rule("history_bucket", String(name), options.history ?? null);
    rule("history_names", options.stream ?? null, options.subject ?? null);
    if (options.readFrom !== undefined) rule("history_names", options.readFrom, null);
  } catch (error) {
    if (error instanceof Refusal) throw new InvalidOption(error.message);
    throw error;
  }
}

export function streamOf(name: string, options: BucketOptions): string {
  return options.stream ?? `KV_${name}`;
}

/** The stream's state. @throws BucketNotFound */
export async function streamInfo(api: Api, bucket: string, stream: string): Promise<StreamInfo> {
  try {
    return await api.ask<StreamInfo>(`STREAM.INFO.${stream}`);
  } catch (error) {
    throw asMissing(error, bucket);
  }
}

/** The subjects under a filter that have a message. */
export async function subjectsOf(api: Api, stream: string, filter: string): Promise<string[]> {
  const subjects: string[] = [];
  for (;;) {
    const { state, total = 0 } = await api.ask<{
      readonly state: { readonly subjects?: Readonly<Record<string, number>> };
      readonly total?: number;
    }>(`STREAM.INFO.${stream}`, { subjects_filter: filter, offset: subjects.length });
    const page = Object.keys(state.subjects ?? {});
    for (const subject of page) subjects.push(subject);
    if (page.length === 0 || subjects.length >= total) return subjects;
  }
}

/** A refusal that says that the stream is gone, as what it means. */
export function asMissing(error: unknown, bucket: string): unknown {
  const missing = error instanceof ServerRefused && error.serverCode === codes.streamNotFound;
  return missing ? new BucketNotFound(bucket, error) : error;
}

/** Opens the stream or makes it. @throws BucketNotFound, BucketDiffers, TtlUnsupported */
export async function openStream(
  api: Api,
  apiLevel: number,
  name: string,
  options: BucketOptions,
): Promise<StreamInfo> {
  const stream = streamOf(name, options);
  try {
    return matching(await streamInfo(api, name, stream), name, options);
  } catch (error) {
    if (!(error instanceof BucketNotFound) || options.create === false) throw error;
  }
  if (options.markerTtl !== undefined && apiLevel < 1) {
    throw new TtlUnsupported(
      `TTLs of single keys need nats-server 2.11, and this is ${api.version}`,
      api.version,
    );
  }
  const ttl = options.ttl ?? 0;
  const config = {
    name: stream,
    subjects: [`${options.subject ?? `$KV.${name}`}.>`],
    retention: "limits",
    max_consumers: -1,
    max_msgs: -1,
    max_msgs_per_subject: options.history ?? 1,
    max_bytes: options.maxBytes ?? -1,
    max_age: Math.round(ttl * nanoseconds),
    max_msg_size: options.maxValueBytes ?? -1,
    storage: options.storage ?? "file",
    num_replicas: options.replicas ?? 1,
    discard: "new",
    duplicate_window: (ttl > 0 ? Math.min(ttl, duplicateWindow) : duplicateWindow) * nanoseconds,
    allow_rollup_hdrs: true,
    deny_delete: true,
    deny_purge: false,
    allow_direct: true,
    ...(options.markerTtl === undefined
      ? {}
      : {
          allow_msg_ttl: true,
          subject_delete_marker_ttl: options.markerTtl * nanoseconds,
        }),
    ...(options.compression === true ? { compression: "s2" } : {}),
    ...(options.placement === undefined ? {} : { placement: options.placement }),
    ...(options.description === undefined ? {} : { description: options.description }),
  };
  try {
    return await api.ask<StreamInfo>(`STREAM.CREATE.${stream}`, config);
  } catch (error) {
    // Another client was first.
    if (!(error instanceof ServerRefused) || error.serverCode !== codes.streamNameInUse)
      throw error;
    return matching(await streamInfo(api, name, stream), name, options);
  }
}

/** The bucket as it is, if that is what the options ask for. */
function matching(info: StreamInfo, name: string, options: BucketOptions): StreamInfo {
  const { config } = info;
  const is: Partial<Record<keyof BucketOptions, unknown>> = {
    history: config.max_msgs_per_subject,
    ttl: config.max_age / nanoseconds,
    markerTtl: (config.subject_delete_marker_ttl ?? 0) / nanoseconds,
    maxBytes: config.max_bytes,
    maxValueBytes: config.max_msg_size,
    storage: config.storage,
    replicas: config.num_replicas,
    compression: (config.compression ?? "none") !== "none",
  };
  const differing = Object.entries(is).filter(([field, value]) => {
    const asked = options[field as keyof BucketOptions];
    return asked !== undefined && asked !== value;
  });
  if (differing.length === 0) return info;
  const told = differing.map(
    ([field, value]) => `${field} is ${String(value)}, not ${String(options[field as "history"])}`,
  );
  throw new BucketDiffers(
    `the bucket ${name} exists and differs: ${told.join("; ")}. Ask for what it is, or for nothing; ` +
      `nats stream edit ${config.name} changes it`,
  );
}

export function statusOf(
  bucket: string,
  info: StreamInfo,
  maxPayload: number,
  version: string,
): BucketStatus {
  const { config, state } = info;
  return {
    bucket,
    stream: config.name,
    backend: "jetstream",
    entries: state.messages,
    bytes: state.bytes,
    history: config.max_msgs_per_subject,
    ttl: config.max_age > 0 ? config.max_age / nanoseconds : null,
    markerTtl:
      config.allow_msg_ttl === true ? (config.subject_delete_marker_ttl ?? 0) / nanoseconds : null,
    storage: config.storage,
    replicas: config.num_replicas,
    maxBytes: config.max_bytes > 0 ? config.max_bytes : null,
    maxValueBytes: config.max_msg_size > 0 ? Math.min(config.max_msg_size, maxPayload) : maxPayload,
    firstRevision: state.first_seq,
    lastRevision: state.last_seq,
    compressed: (config.compression ?? "none") !== "none",
    mirrors: config.mirror?.name ?? null,
    version,
  };
}
