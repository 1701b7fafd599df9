// The bindings of a wrangler file on local storage, with their migrations applied.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLocal, type Durability, type Local } from "../local/index.js";
import type { WorkerBindings } from "./bindings.js";
import { openBuckets, type BucketBindings } from "./buckets.js";

export interface Environment {
  readonly env: Record<string, unknown>;
  readonly local: Local<string, string, string>;
  /** Files of migrations that were applied now, by binding. */
  readonly applied: readonly string[];
  /** Ends the watches of keys: those who read them would not leave by themselves. */
  endWatches(): void;
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
  buckets: BucketBindings = {},
): Promise<Environment> {
  const { clock } = more;
  const remembering = await openBuckets(bindings.kv, buckets, {
    root,
    ...(clock === undefined ? {} : { clock }),
  });
  const local = await createLocal<string, string, string>({
    ...(root === null ? { memory: true as const } : { root }),
    kv: bindings.kv.filter((name) => !(name in remembering.env)),
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
      env: { ...bindings.vars, ...local.env, ...remembering.env },
      local,
      applied,
      endWatches: () => remembering.endWatches(),
      close: async () => {
        local.close();
        await remembering.close();
      },
    };
  } catch (error) {
    local.close();
    await remembering.close();
    throw error;
  }
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
