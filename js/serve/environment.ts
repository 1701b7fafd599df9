// The bindings of a wrangler file on local storage, with their migrations applied.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KVNamespace } from "@cloudflare/workers-types";
import { createLocal, type Durability, type Local } from "../local/index.js";
import type { History } from "../nats/index.js";
import type { WorkerBindings } from "./bindings.js";

/** A KV namespace that lies in a bucket with history. */
export interface NatsBinding {
  readonly nats: string | readonly string[];
  readonly bucket: string;
  readonly history?: number;
  /** Lets the server take expired keys away; seconds that their markers stay. */
  readonly markerTtl?: number;
  readonly replicas?: number;
  /** Whether reads come from memory, kept up to date by a watch. */
  readonly cache?: boolean;
}

export interface Environment {
  readonly env: Record<string, unknown>;
  readonly local: Local<string, string, string>;
  /** Files of migrations that were applied now, by binding. */
  readonly applied: readonly string[];
  /** Closes the storage and the connections. */
  close(): Promise<void>;
}

/** A database that takes a whole script, as those of cloesce/local do. */
interface ScriptedDatabase {
  script(...texts: string[]): void;
  prepare(sql: string): {
    raw(): Promise<unknown[][]>;
    bind(...values: unknown[]): { run(): Promise<unknown> };
  };
}

/** Opens everything that `bindings` names in `root`, or in memory when that is null. */
export async function openEnvironment(
  bindings: WorkerBindings,
  root: string | null,
  more: { clock?: () => number; durability?: Durability; exclusive?: boolean } = {},
  nats: Readonly<Record<string, NatsBinding>> = {},
): Promise<Environment> {
  const remote = await openNats(bindings.kv, nats);
  const local = await createLocal<string, string, string>({
    ...(root === null ? { memory: true as const } : { root }),
    kv: bindings.kv.filter((name) => !(name in remote.env)),
    r2: bindings.r2.map(({ binding }) => binding),
    d1: bindings.d1.map(({ binding }) => binding),
    cache: true,
    ...more,
  });
  try {
    const applied: string[] = [];
    for (const { binding, migrations, table } of bindings.d1) {
      const database = local.env[binding] as unknown as ScriptedDatabase;
      for (const name of await applyMigrations(database, migrations, table))
        applied.push(`${binding}: ${name}`);
    }
    return {
      env: { ...bindings.vars, ...local.env, ...remote.env },
      local,
      applied,
      close: async () => {
        local.close();
        await remote.close();
      },
    };
  } catch (error) {
    local.close();
    await remote.close();
    throw error;
  }
}

/** The namespaces that lie on servers, of which each is connected to once. */
async function openNats(
  namespaces: readonly string[],
  nats: Readonly<Record<string, NatsBinding>>,
): Promise<{ env: Record<string, KVNamespace>; close: () => Promise<void> }> {
  const env: Record<string, KVNamespace> = {};
  const histories = new Map<string, History>();
  const close = async (): Promise<void> => {
    await Promise.all([...histories.values()].map((history) => history.close()));
  };
  try {
    for (const [name, binding] of Object.entries(nats)) {
      if (!namespaces.includes(name))
        throw new Error(
          `cloesce.config.json has a binding ${name}, and the wrangler file has no KV namespace of that name`,
        );
      const { cached, connect, kvOf } = await import("../nats/index.js");
      const { nats: servers, bucket: of, cache, ...options } = binding;
      const address = String(servers);
      const history = histories.get(address) ?? (await connect({ servers }));
      histories.set(address, history);
      const bucket = await history.bucket(of, { ...options, codecs: { keys: "escape" } });
      env[name] = kvOf(cache === true ? cached(bucket) : bucket);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { env, close };
}

/**
 * Applies the files of `folder` that the database's table does not name, in the order of their names. The table is the
 * one that wrangler keeps, so that either goes on where the other stopped. Answers the files' names.
 */
export async function applyMigrations(
  database: ScriptedDatabase,
  folder: string,
  table: string,
): Promise<string[]> {
  const files = (await readdir(folder).catch(() => []))
    .filter((name) => name.endsWith(".sql"))
    .sort();
  if (files.length === 0) return [];
  const quoted = `"${table.replaceAll('"', '""')}"`;
  database.script(
    `create table if not exists ${quoted}(
       id integer primary key autoincrement, name text unique,
       applied_at timestamp default current_timestamp not null);`,
  );
  const known = new Set(
    (await database.prepare(`select name from ${quoted}`).raw()).map(([name]) => name),
  );
  const applied: string[] = [];
  for (const name of files.filter((file) => !known.has(file))) {
    const text = await readFile(join(folder, name), "utf8");
    const row = `insert into ${quoted}(name) values ('${name.replaceAll("'", "''")}');`;
    try {
      database.script(text, row);
    } catch (error) {
      throw new Error(
        `${join(folder, name)}: ${(error as Error).message}; nothing of it was applied`,
        {
          cause: error,
        },
      );
    }
    applied.push(name);
  }
  return applied;
}
