// A folder as a read-only KV namespace, for what used to be Workers Sites: a key is a path, its value the file.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, matchesGlob, sep } from "node:path";
import type { KVNamespace } from "@cloudflare/workers-types";

/** Which files of a folder are keys. A pattern may hold `*`, `**`, `?` and `{a,b}`; `exclude` beats `include`. */
export interface SiteOptions {
  readonly root: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

export class LocalSite {
  readonly #options: SiteOptions;

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  get binding(): KVNamespace {
    return this as unknown as KVNamespace;
  }

  async get(key: unknown, asked?: string | { type?: string }): Promise<unknown> {
    const type = (typeof asked === "string" ? asked : asked?.type) ?? "text";
    const bytes = this.#read(String(key));
    if (bytes === null) return null;
    const copy = new Uint8Array(bytes);
    if (type === "arrayBuffer") return copy.buffer;
    if (type === "stream") return new Blob([copy]).stream();
    const text = new TextDecoder().decode(copy);
    return type === "json" ? JSON.parse(text) : text;
  }

  async getWithMetadata(key: unknown, asked?: string | { type?: string }): Promise<unknown> {
    return { value: await this.get(key, asked), metadata: null, cacheStatus: null };
  }

  async list(
    options: { prefix?: string | null; limit?: number; cursor?: string | null } = {},
  ): Promise<unknown> {
    const after = options.cursor ? Buffer.from(options.cursor, "base64").toString() : null;
    const names = this.#names()
      .filter((name) => name.startsWith(options.prefix ?? ""))
      .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
      .filter(
        (name) => after === null || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0,
      );
    const limit = Math.max(1, Math.min(options.limit ?? 1000, 1000));
    const keys = names.slice(0, limit).map((name) => ({ name }));
    if (names.length <= limit) return { keys, list_complete: true, cacheStatus: null };
    const cursor = Buffer.from(keys.at(-1)?.name ?? "").toString("base64");
    return { keys, list_complete: false, cursor, cacheStatus: null };
  }

  async put(): Promise<never> {
    throw new Error("KV PUT failed: 405 A site's namespace is read-only.");
  }

  async delete(): Promise<never> {
    throw new Error("KV DELETE failed: 405 A site's namespace is read-only.");
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
