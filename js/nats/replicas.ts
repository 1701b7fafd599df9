// Read replicas: mirrors of a bucket's stream, and the registry of them in the bucket itself, where clients of a cluster find
// the one that is near.

import type { Backend, Stored } from "./backend.js";
import type { Api } from "./api.js";
import { InvalidOption, RevisionConflict, ServerRefused, Unavailable } from "./errors.js";
import { codes } from "./api.js";
import { pause } from "./signals.js";
import type { StreamInfo } from "./stream.js";

export interface ReplicaOptions {
  /** The replica's stream, by a name of your own. */
  readonly stream: string;
  /** The cluster whose clients read from it by `readFrom: "nearest"`. */
  readonly cluster?: string;
  readonly storage?: "file" | "memory";
  /** Servers that keep the replica; 1 by default. */
  readonly replicas?: number;
  readonly placement?: { readonly cluster?: string; readonly tags?: readonly string[] };
}

/** Milliseconds that a new mirror is waited for. */
const beginPatience = 10_000;

const registry = "_kv/replicas";
const decoder = new TextDecoder();
const encoder = new TextEncoder();

const nearestKey = (cluster: string): string => `${registry}/cluster/${cluster}/read`;

/** The streams that are registered as replicas. */
export async function listReplicas(backend: Backend): Promise<string[]> {
  return namesIn(await backend.read(registry, null, false));
}

/** The replica for clients of `cluster`; null when there is none. */
export async function nearestReplica(
  backend: Backend,
  cluster: string | null,
): Promise<string | null> {
  if (cluster === null || !isToken(cluster)) return null;
  const found = await backend.read(nearestKey(cluster), null, false);
  return found === null || found.operation !== "PUT" ? null : decoder.decode(found.value);
}

/** Makes the mirror and enters it. @throws ServerRefused, Unavailable */
export async function addReplica(
  api: Api,
  backend: Backend,
  info: StreamInfo,
  options: ReplicaOptions,
): Promise<void> {
  const { config } = info;
  if (options.cluster !== undefined && !isToken(options.cluster))
    throw new InvalidOption(
      `"${options.cluster}" cannot be registered as a cluster: A-Z a-z 0-9 - _ only`,
    );
  const mirror = {
    name: options.stream,
    mirror: { name: config.name },
    retention: "limits",
    max_msgs_per_subject: config.max_msgs_per_subject,
    max_age: config.max_age,
    max_bytes: -1,
    max_msgs: -1,
    max_msg_size: config.max_msg_size,
    storage: options.storage ?? "file",
    num_replicas: options.replicas ?? 1,
    allow_direct: true,
    // Else servers before 2.11 leave purges out, and count revisions from there on in their own way.
    allow_rollup_hdrs: true,
    // Without it markers of expired keys would stay for good.
    ...(config.allow_msg_ttl === true ? { allow_msg_ttl: true } : {}),
    ...(options.placement === undefined ? {} : { placement: options.placement }),
  };
  const create = (): Promise<unknown> => api.ask(`STREAM.CREATE.${options.stream}`, mirror);
  await create();
  await beWhole(api, config.name, options.stream, create);
  await change(backend, (names) => [...new Set([...names, options.stream])]);
  await beWhole(api, config.name, options.stream, create);
  if (options.cluster !== undefined)
    await backend.write(entry(nearestKey(options.cluster), options.stream, null));
}

/**
 * Waits until a mirror has the beginning of its stream. Servers of 2.9 let one begin in the middle, and leave it so, when something
 * is written while they set it up: such a one is made again. One that has nothing yet after a while is only late.
 */
async function beWhole(
  api: Api,
  source: string,
  stream: string,
  create: () => Promise<unknown>,
): Promise<void> {
  const end = performance.now() + beginPatience;
  let missed = false;
  while (performance.now() < end) {
    // In this order: what is deleted meanwhile moves the beginning of the stream, never back.
    const { state } = await api.ask<StreamInfo>(`STREAM.INFO.${stream}`);
    const { state: all } = await api.ask<StreamInfo>(`STREAM.INFO.${source}`);
    if (all.messages === 0) return;
    if (state.messages > 0) {
      if (state.first_seq <= all.first_seq) return;
      missed = true;
      await api.ask(`STREAM.DELETE.${stream}`);
      await create();
    }
    await pause(20);
  }
  if (missed)
    throw new Unavailable(`the replica ${stream} does not get the beginning of its bucket`);
}

/** Takes a replica out of the registry and deletes its stream. */
export async function removeReplica(api: Api, backend: Backend, stream: string): Promise<void> {
  await change(backend, (names) => names.filter((name) => name !== stream));
  const feed = await backend.watch({
    filter: ">",
    start: "latest",
    metaOnly: false,
  });
  for await (const stored of feed) {
    if (stored === null) break;
    const ofCluster = stored.key.startsWith(`${registry}/cluster/`);
    if (ofCluster && stored.operation === "PUT" && decoder.decode(stored.value) === stream)
      await backend.write({ ...entry(stored.key, "", null), operation: "PURGE" });
  }
  try {
    await api.ask(`STREAM.DELETE.${stream}`);
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.serverCode !== codes.streamNotFound) throw error;
  }
}

/** Changes the list by what it was: another client that was quicker makes us read it again. */
async function change(backend: Backend, edit: (names: string[]) => string[]): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await backend.read(registry, null, false);
    const names = namesIn(found);
    const next = edit(names);
    if (next.length === names.length && next.every((name, index) => name === names[index])) return;
    try {
      await backend.write(entry(registry, JSON.stringify(next), found?.revision ?? 0));
      return;
    } catch (error) {
      if (!(error instanceof RevisionConflict) || attempt >= 200) throw error;
      await pause(Math.random() * Math.min(20 * (attempt + 1), 200));
    }
  }
}

function namesIn(stored: Stored | null): string[] {
  if (stored === null || stored.operation !== "PUT") return [];
  const names = JSON.parse(decoder.decode(stored.value)) as unknown;
  return Array.isArray(names) ? names.map(String) : [];
}

function entry(key: string, value: string, expected: number | null) {
  return {
    key,
    value: encoder.encode(value),
    operation: "PUT" as const,
    headers: {},
    expected,
    ttl: null,
    rollup: true,
    id: null,
  };
}

function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text);
}
