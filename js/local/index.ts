// `cloesce/local`: the bindings of a Worker in a Node process, in memory or in a folder.

import { join } from "node:path";
import type { CacheStorage, D1Database, KVNamespace, R2Bucket } from "@cloudflare/workers-types";
import { folderOf } from "./blobs.js";
import { LocalCache, LocalCacheStorage } from "./cache.js";
import { LocalD1 } from "./d1.js";
import { LocalKv } from "./kv.js";
import type { Durability, SiteOptions } from "./options.js";
import { LocalR2 } from "./r2.js";
import { checkRoots, own, type NamedRoot, type Ownership } from "./roots.js";
import { LocalSite } from "./sites.js";
import { loadSqlite } from "./sqlite.js";
import type { StorePlace } from "./store.js";

export { LocalStorageError } from "./failures.js";
export type { Durability, SiteOptions } from "./options.js";

/** A binding's name, or names with folders of their own (absolute, or below the root). */
export type Names<Name extends string> = readonly Name[] | Readonly<Record<Name, string>>;

export interface LocalOptions<
  Kv extends string = never,
  R2 extends string = never,
  D1 extends string = never,
  Site extends string = never,
> {
  /** The folder that everything lies in. Give this or `memory`. */
  root?: string;
  /** Keeps everything in memory, until `close`. */
  memory?: true;
  kv?: Names<Kv>;
  r2?: Names<R2>;
  d1?: Names<D1>;
  /** Whether there is a Cache API; `caches` is there either way, and empty without. */
  cache?: boolean;
  /** Folders as read-only KV namespaces. */
  sites?: Readonly<Record<Site, SiteOptions>>;
  /** The moment in milliseconds; `Date.now` by default. */
  clock?: () => number;
  /** "process" (default) survives a process that is killed, "power" a power cut too, at some thirty times the cost of a write. */
  durability?: Durability;
  /**
   * Whether the root must be this process's alone: true throws and says who has it. Otherwise a second process may use
   * the same root: what a crash left is then removed only when it is an hour old.
   */
  exclusive?: boolean;
}

export interface Local<
  Kv extends string = never,
  R2 extends string = never,
  D1 extends string = never,
  Site extends string = never,
> {
  /** The bindings, by name. */
  readonly env: Record<Kv | Site, KVNamespace> & Record<R2, R2Bucket> & Record<D1, D1Database>;
  readonly caches: CacheStorage;
  /** Closes every file. Bodies that are still being read fail. */
  close(): void;
}

/**
 * Opens, and makes where they do not exist, the stores that `options` name.
 * @throws LocalStorageError when files are in the way; Error for what was asked wrongly
 */
export async function createLocal<
  const Kv extends string = never,
  const R2 extends string = never,
  const D1 extends string = never,
  const Site extends string = never,
>(options: LocalOptions<Kv, R2, D1, Site>): Promise<Local<Kv, R2, D1, Site>> {
  loadSqlite();
  const { root = null, memory, durability = "process" } = options;
  if ((root === null) === (memory !== true))
    throw new TypeError('createLocal takes either { root: "a folder" } or { memory: true }');
  const folders = new Folders(root);
  const kv = folders.of("kv", options.kv);
  const r2 = folders.of("r2", options.r2);
  const d1 = folders.of("d1", options.d1);
  checkNames([
    ...kv,
    ...r2,
    ...d1,
    ...Object.keys(options.sites ?? {}).map((name) => [name, null] as const),
  ]);
  checkRoots([...folders.named, ...siteRoots(options.sites)]);

  const owner = root === null ? null : own(root, durability);
  if (options.exclusive === true && typeof owner === "string")
    throw new Error(`${root} is in use by ${owner}: end that process, or choose another root`);
  const place = (folder: string | null): StorePlace => ({
    folder,
    durability,
    owned: typeof owner !== "string",
    now: options.clock ?? Date.now,
  });

  const open: { close(): void }[] = [];
  const keep = <Store extends { close(): void }>(store: Store): Store => {
    open.push(store);
    return store;
  };
  const close = (): void => {
    for (const store of open.splice(0)) store.close();
    if (owner !== null && typeof owner !== "string") (owner as Ownership).release();
  };
  try {
    const env: Record<string, unknown> = {};
    for (const [name, folder] of kv) env[name] = keep(new LocalKv(place(folder))).binding;
    for (const [name, folder] of r2) env[name] = keep(new LocalR2(place(folder))).binding;
    for (const [name, folder] of d1) env[name] = keep(new LocalD1(place(folder))).binding;
    for (const [name, site] of Object.entries(options.sites ?? {}))
      env[name] = new LocalSite(site as SiteOptions).binding;
    const caches = keep(
      new LocalCacheStorage((name) => {
        if (options.cache !== true)
          throw new Error("createLocal was not asked for a cache: { cache: true }");
        return new LocalCache(place(folders.cache(name)));
      }),
    );
    return {
      env: env as Local<Kv, R2, D1, Site>["env"],
      caches: caches as unknown as CacheStorage,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Which folder each store has. Kinds lie apart: a KV namespace and a bucket may have one name. */
class Folders {
  readonly named: NamedRoot[] = [];
  readonly #root: string | null;

  constructor(root: string | null) {
    this.#root = root;
  }

  of(kind: string, names: Names<string> | undefined): (readonly [string, string | null])[] {
    const root = this.#root;
    if (Array.isArray(names)) {
      return (names as readonly string[]).map((name) => {
        if (root === null) return [name, null] as const;
        return [name, this.#name(`${kind} ${name}`, join(root, kind, folderOf(name)))] as const;
      });
    }
    return Object.entries((names ?? {}) as Record<string, string>).map(([name, given]) => {
      if (root === null)
        throw new TypeError(`${kind} ${name} has a folder, but everything is in memory`);
      return [name, this.#name(`${kind} ${name}`, resolveBelow(root, given))] as const;
    });
  }

  cache(name: string | null): string | null {
    if (this.#root === null) return null;
    // No name of a cache becomes a folder that begins with a plus sign and ends there.
    return join(this.#root, "cache", name === null ? "+default" : `named-${folderOf(name)}`);
  }

  #name(store: string, root: string): string {
    this.named.push({ store, root });
    return root;
  }
}

function resolveBelow(root: string, given: string): string {
  return given.startsWith("/") || /^[A-Za-z]:[\\/]/.test(given) ? given : join(root, given);
}

function siteRoots(sites: Readonly<Record<string, SiteOptions>> | undefined): NamedRoot[] {
  return Object.entries(sites ?? {}).map(([name, { root }]) => ({ store: `site ${name}`, root }));
}

function checkNames(entries: readonly (readonly [string, unknown])[]): void {
  const seen = new Set<string>();
  for (const [name] of entries) {
    if (seen.has(name)) throw new TypeError(`two bindings are called ${name}`);
    seen.add(name);
  }
}
