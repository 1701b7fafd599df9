// The KV namespaces that the config puts on buckets with history: on NATS JetStream, or in SQLite beside everything else.

import { join } from "node:path";
import type { KVNamespace } from "@cloudflare/workers-types";
import type { History, RememberingKv } from "../nats/index.js";

/** A KV namespace that lies in a bucket with history. */
export interface BucketBinding {
  /** The servers, or variables of the environment that name them; without them the bucket lies in the storage of this process. */
  readonly nats?: string | readonly string[];
  readonly bucket: string;
  readonly history?: number;
  /** Lets expired keys be taken away by the bucket; seconds that their markers stay. */
  readonly markerTtl?: number;
  readonly replicas?: number;
  /** Whether reads come from memory, kept up to date by a watch. */
  readonly cache?: boolean;
}

export type BucketBindings = Readonly<Record<string, BucketBinding>>;

/** Namespaces that remember, with what has to be ended. */
export interface Remembering {
  readonly env: Readonly<Record<string, KVNamespace>>;
  /** Ends what goes on until somebody leaves. */
  endWatches(): void;
  close(): Promise<void>;
}

/** Where buckets without a server lie. */
export interface LocalPlace {
  /** The folder of the storage; null for memory. */
  readonly root: string | null;
  readonly clock?: () => number;
}

/** Opens the buckets; each server is connected to once. `namespaces` are those of the wrangler file. */
export async function openBuckets(
  namespaces: readonly string[],
  bindings: BucketBindings,
  place: LocalPlace,
): Promise<Remembering> {
  const env: Record<string, KVNamespace> = {};
  const histories = new Map<string, History>();
  const close = async (): Promise<void> => {
    await Promise.all([...histories.values()].map((history) => history.close()));
  };
  try {
    for (const [name, binding] of Object.entries(bindings)) {
      if (!namespaces.includes(name))
        throw new Error(
          `cloesce.config.json has a binding ${name}, and the wrangler file has no KV namespace of that name`,
        );
      const { cached, kvOf } = await import("../nats/index.js");
      const { nats: servers, bucket: of, cache, ...options } = binding;
      const address = String(servers ?? "");
      const history = histories.get(address) ?? (await openHistory(servers, place));
      histories.set(address, history);
      const bucket = await history.bucket(of, { ...options, codecs: { keys: "escape" } });
      env[name] = kvOf(cache === true ? cached(bucket) : bucket);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    env,
    endWatches: () => {
      for (const namespace of Object.values(env))
        (namespace as unknown as RememberingKv).endWatches();
    },
    close,
  };
}

/** `$NAME` is what the environment has: addresses with passwords are nothing for a file in git. */
function fromEnvironment(address: string): string {
  const [, name] = /^\$(\w+)$/.exec(address) ?? [];
  if (name === undefined) return address;
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  throw new Error(
    `cloesce.config.json has ${address}, and the environment has no variable ${name}`,
  );
}

async function openHistory(
  servers: BucketBinding["nats"],
  { root, clock }: LocalPlace,
): Promise<History> {
  const { connect, local } = await import("../nats/index.js");
  if (servers !== undefined) return connect({ servers: [servers].flat().map(fromEnvironment) });
  return local({
    ...(root === null ? { memory: true } : { root: join(root, "buckets") }),
    ...(clock === undefined ? {} : { clock }),
  });
}
