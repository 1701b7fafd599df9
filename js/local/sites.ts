// A folder as a read-only KV namespace, for what used to be Workers Sites: a key is a path, its value the file.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, matchesGlob, sep } from "node:path";
import type {
  KVNamespace,
  KVNamespaceListOptions,
  KVNamespaceListResult,
} from "@cloudflare/workers-types";
import { textOf, wholeNumber } from "./conversions.js";
import { streamOfBytes } from "./disk-blobs.js";
import { bulkRead, optionsOf, valueOf, type Asked, type Found } from "./kv.js";
import type { SiteOptions } from "./options.js";
import { bounds, rule, thrown } from "./rules.js";

export class LocalSite {
  readonly #options: SiteOptions;

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  get binding(): KVNamespace {
    return this as unknown as KVNamespace;
  }

  async get(keys: unknown, asked?: Asked): Promise<unknown> {
    if (!Array.isArray(keys)) return this.#find(keys, asked).value;
    return this.#findMany(keys, asked, (found) => found?.value ?? null);
  }

  async getWithMetadata(keys: unknown, asked?: Asked): Promise<unknown> {
    if (!Array.isArray(keys)) return { ...this.#find(keys, asked), cacheStatus: null };
    return this.#findMany(keys, asked, (found) => found);
  }

  async list(given?: KVNamespaceListOptions): Promise<KVNamespaceListResult<unknown>> {
    const options = given ?? {};
    try {
      const page = bounds(
        "kv_list",
        textOf(options.prefix ?? ""),
        wholeNumber(options.limit),
        options.cursor ?? null,
      );
      if (page === null) throw new Error("no page");
      const { lower, upper, inclusive, limit } = page;
      const found = this.#names()
        .map((name) => Buffer.from(name))
        .filter((key) => Buffer.compare(key, lower) >= (inclusive ? 0 : 1))
        .filter((key) => upper === null || Buffer.compare(key, upper) < 0)
        .sort(Buffer.compare);
      const keys = found.slice(0, limit).map((key) => ({ name: key.toString() }));
      if (found.length <= limit) return { keys, list_complete: true, cacheStatus: null };
      const cursor = rule<string>("list_cursor", keys.at(-1)?.name, false);
      return { keys, list_complete: false, cursor, cacheStatus: null };
    } catch (error) {
      throw thrown(error, (code, message) => `KV GET failed: ${code} ${message}`);
    }
  }

  async put(): Promise<never> {
    throw new Error("KV PUT failed: 405 A site's namespace is read-only.");
  }

  async delete(): Promise<never> {
    throw new Error("KV DELETE failed: 405 A site's namespace is read-only.");
  }

  async deleteBulk(): Promise<never> {
    throw new Error("KV DELETE_BULK failed: 405 A site's namespace is read-only.");
  }

  #find(key: unknown, asked: Asked): Found {
    const { type } = optionsOf(asked);
    const bytes = this.#read(textOf(key));
    if (bytes === null) return { value: null, metadata: null };
    // A copy: a small file's bytes lie among others.
    const copy = new Uint8Array(bytes);
    return {
      value: type === "stream" ? streamOfBytes(copy) : valueOf(copy, type),
      metadata: null,
    };
  }

  #findMany(
    keys: readonly unknown[],
    asked: Asked,
    pick: (found: Found | null) => unknown,
  ): Map<string, unknown> {
    const { names, answer } = bulkRead(keys, asked);
    const found = names.map((name) => {
      const one = this.#find(name, "text");
      return one.value === null ? null : one;
    });
    return answer(found, pick);
  }

  /** A key is looked up among the names that there are: none can lead out of the folder. */
  #read(key: string): Buffer | null {
    if (
      !this.#isKey(key) ||
      key.split("/").some((part) => part === ".." || part === "." || part === "")
    )
      return null;
    const path = join(this.#options.root, ...key.split("/"));
    try {
      return statSync(path).isFile() ? readFileSync(path) : null;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (
        code === "ENOENT" ||
        code === "ENOTDIR" ||
        code === "ENAMETOOLONG" ||
        code === "ERR_INVALID_ARG_VALUE"
      )
        return null;
      throw error;
    }
  }

  #names(): string[] {
    const { root } = this.#options;
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, sep).length))
      .map((name) => name.split(sep).join("/"))
      .filter((name) => this.#isKey(name));
  }

  #isKey(key: string): boolean {
    const { include, exclude } = this.#options;
    const fits = (patterns: readonly string[]): boolean =>
      patterns.some((pattern) => matchesGlob(key, pattern));
    if (exclude !== undefined && fits(exclude)) return false;
    return include === undefined || fits(include);
  }
}
