// KVNamespace over a store.

import type {
  KVNamespace,
  KVNamespaceListOptions,
  KVNamespaceListResult,
  KVNamespacePutOptions,
} from "@cloudflare/workers-types";
import { bytesOfValue } from "./body.js";
import { textOf, wholeNumber } from "./conversions.js";
import { bounds, Refusal, rule, thrown, wellFormed } from "./rules.js";
import { Store, type Row, type StorePlace } from "./store.js";

const schema = `
  create table entry (
    key blob primary key, blob_id text not null unique, size integer not null,
    expires_ms integer, metadata text
  ) strict, without rowid;
  create index entry_expires on entry(expires_ms) where expires_ms is not null;`;

/** How many expired entries a write takes away beside its own work. */
const sweepRows = 20;

export interface GetOptions {
  type?: string;
  cacheTtl?: number;
}
export type Asked = string | GetOptions | undefined;
/** What is kept under a key. */
export interface Found {
  value: unknown;
  metadata: unknown;
}

export const bulkMost = 100;
const bulkBytes = 25 * 1024 * 1024;

/** The platform's KV as its types have it; `cacheStatus` is null, as without Cloudflare's cache. */
export class LocalKv {
  readonly #store: Store;

  constructor(place: StorePlace) {
    this.#store = new Store(place, schema, "select blob_id from entry");
  }

  /** This object by the platform's type, whose overloads a class cannot spell without repeating them. */
  get binding(): KVNamespace {
    return this as unknown as KVNamespace;
  }

  async get(keys: unknown, asked?: Asked): Promise<unknown> {
    if (!Array.isArray(keys)) return this.#get(keys, asked).value;
    return this.#getMany(keys, asked, (found) => found?.value ?? null);
  }

  async getWithMetadata(keys: unknown, asked?: Asked): Promise<unknown> {
    if (!Array.isArray(keys)) return { ...this.#get(keys, asked), cacheStatus: null };
    return this.#getMany(keys, asked, (found) => found);
  }

  async put(key: unknown, value: unknown, given?: KVNamespacePutOptions): Promise<void> {
    const options = given ?? {};
    const name = textOf(key);
    try {
      const expiration = wholeNumber(options.expiration);
      const expirationTtl = wholeNumber(options.expirationTtl);
      const metadata =
        options.metadata === undefined || options.metadata === null
          ? null
          : wellFormed(JSON.stringify(options.metadata));
      const check = (): number | null =>
        rule<number | null>(
          "kv_put",
          name,
          expiration,
          expirationTtl,
          metadata === null ? 0 : Buffer.byteLength(metadata),
          this.#store.now(),
        );
      const expires = check();
      const source = bytesOfValue(value, "kv");
      const { id, size } = await this.#store.blobs.put(name, source, (_chunk, total) => {
        rule("kv_value", total);
      });
      this.#store.commit(id, (discard) => {
        discard(this.#row(name, "blob_id")?.["blob_id"]);
        this.#store.one(
          "insert or replace into entry values (?, ?, ?, ?, ?)",
          Buffer.from(name),
          id,
          size,
          expires,
          metadata,
        );
        this.#sweep(discard);
      });
    } catch (error) {
      throw thrown(error, (code, message) => `KV PUT failed: ${code} ${message}`);
    }
  }

  async delete(key: unknown): Promise<void> {
    const name = textOf(key);
    try {
      rule("kv_get", [name], null);
    } catch (error) {
      throw thrown(error, (code, message) => `KV DELETE failed: ${code} ${message}`);
    }
    this.#remove([name]);
  }

  /** Up to 100 keys at once. */
  async deleteBulk(keys: readonly unknown[]): Promise<void> {
    if (!Array.isArray(keys)) throw new TypeError("deleteBulk takes an array of keys.");
    const names = keys.map(textOf);
    try {
      if (names.length > bulkMost)
        throw new Error(`KV DELETE_BULK failed: 400 You can request a maximum of ${bulkMost} keys`);
      rule("kv_get", names, null);
    } catch (error) {
      throw thrown(error, (code, message) => `KV DELETE_BULK failed: ${code} ${message}`);
    }
    this.#remove(names);
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
      const rows = this.#store.all(
        `select key, expires_ms, metadata from entry
         where key ${page.inclusive ? ">=" : ">"} ? ${page.upper === null ? "" : "and key < ?"}
           and (expires_ms is null or expires_ms > ?)
         order by key limit ?`,
        page.lower,
        ...(page.upper === null ? [] : [page.upper]),
        this.#store.now(),
        page.limit + 1,
      );
      const shown = rows.slice(0, page.limit);
      const keys = shown.map((row) => ({
        name: decoded(row["key"]),
        ...(row["expires_ms"] === null ? {} : { expiration: Number(row["expires_ms"]) / 1000 }),
        ...(row["metadata"] === null
          ? {}
          : { metadata: JSON.parse(row["metadata"] as string) as unknown }),
      }));
      if (rows.length <= page.limit) return { keys, list_complete: true, cacheStatus: null };
      const cursor = rule<string>("list_cursor", keys.at(-1)?.name, false);
      return { keys, list_complete: false, cursor, cacheStatus: null };
    } catch (error) {
      throw thrown(error, (code, message) => `KV GET failed: ${code} ${message}`);
    }
  }

  close(): void {
    this.#store.close();
  }

  #get(key: unknown, asked: Asked): Found {
    const name = textOf(key);
    const { type, cacheTtl } = optionsOf(asked);
    try {
      rule("kv_get", [name], cacheTtl);
    } catch (error) {
      throw thrown(error, (code, message) => `KV GET failed: ${code} ${message}`);
    }
    return this.#find(name, type) ?? { value: null, metadata: null };
  }

  #find(name: string, type: string): Found | null {
    const { blobs, now } = this.#store;
    const moment = now();
    return this.#store.follow(
      () => this.#row(name, "blob_id, size, metadata", moment),
      (row, blobId) => {
        const size = Number(row["size"]);
        const metadata =
          row["metadata"] === null ? null : (JSON.parse(row["metadata"] as string) as unknown);
        if (type === "stream") {
          const stream = blobs.get(blobId, size);
          return stream === null ? null : { value: stream, metadata };
        }
        const bytes = blobs.read(blobId, size);
        return bytes === null ? null : { value: valueOf(bytes, type), metadata };
      },
    );
  }

  #getMany(
    keys: readonly unknown[],
    asked: Asked,
    pick: (found: Found | null) => unknown,
  ): Map<string, unknown> {
    const { names, answer } = bulkRead(keys, asked);
    return answer(this.#findEach(names), pick);
  }

  *#findEach(names: readonly string[]): Iterable<Found | null> {
    for (const name of names) yield this.#find(name, "text");
  }

  #row(name: string, columns: string, alive?: number): Row | undefined {
    if (alive === undefined)
      return this.#store.one(`select ${columns} from entry where key = ?`, Buffer.from(name));
    return this.#store.one(
      `select ${columns} from entry where key = ? and (expires_ms is null or expires_ms > ?)`,
      Buffer.from(name),
      alive,
    );
  }

  #remove(names: readonly string[]): void {
    this.#store.change((discard) => {
      for (const name of names) {
        const row = this.#store.one(
          "delete from entry where key = ? returning blob_id",
          Buffer.from(name),
        );
        discard(row?.["blob_id"]);
      }
    });
  }

  /** Takes a few expired entries away. */
  #sweep(discard: (id: string | number | null | Uint8Array | undefined) => void): void {
    const rows = this.#store.all(
      "select key, blob_id from entry where expires_ms <= ? limit ?",
      this.#store.now(),
      sweepRows,
    );
    for (const row of rows) {
      this.#store.one("delete from entry where key = ?", row["key"] ?? null);
      discard(row["blob_id"]);
    }
  }
}

/**
 * A read of several keys: their names, once they may be asked for, and the answer from what was found, in their order.
 * What is too large together ends it before more is looked for.
 */
export function bulkRead(
  keys: readonly unknown[],
  asked: Asked,
): {
  names: readonly string[];
  answer: (
    found: Iterable<Found | null>,
    pick: (found: Found | null) => unknown,
  ) => Map<string, unknown>;
} {
  const { type, cacheTtl } = optionsOf(asked);
  const fail = (status: number, message: string): Error =>
    new Error(`KV GET_BULK failed: ${status} ${message}`);
  if (type !== "text" && type !== "json")
    throw fail(400, `"${type}" is not a valid type. Use "json" or "text"`);
  if (keys.length > bulkMost) throw fail(400, `You can request a maximum of ${bulkMost} keys`);
  if (keys.length < 1) throw fail(400, "You must request a minimum of 1 key");
  const names = keys.map(textOf);
  try {
    rule("kv_get", names, cacheTtl);
  } catch (error) {
    // Here alone a name that is none is told by the store, not by the binding.
    if (error instanceof Refusal && error.code === 0) throw fail(400, badName(names));
    throw thrown(error, (code, message) => fail(code, message).message);
  }
  const answer = (
    found: Iterable<Found | null>,
    pick: (found: Found | null) => unknown,
  ): Map<string, unknown> => {
    const given = new Map<string, unknown>();
    let at = 0;
    let total = 0;
    for (const one of found) {
      const name = names[at++] as string;
      if (one === null) {
        given.set(name, null);
        continue;
      }
      const text = one.value as string;
      total += text.length;
      if (total > bulkBytes) throw fail(413, "Total size of request exceeds the limit of 25MB");
      const value = type === "json" ? parsed(text, fail) : text;
      // JSON's null is as good as nothing, metadata or not.
      given.set(name, value === null ? null : pick({ ...one, value }));
    }
    return given;
  };
  return { names, answer };
}

function badName(names: readonly string[]): string {
  const bad = names.find((name) => name === "" || name === "." || name === "..");
  return bad === ""
    ? "Key names must not be empty"
    : `Illegal key name "${bad}". Please use a different name.`;
}

export function optionsOf(asked: Asked): { type: string; cacheTtl: number | null } {
  const options: GetOptions =
    typeof asked === "object" ? (asked ?? {}) : asked === undefined ? {} : { type: asked };
  const type = options.type === undefined ? "text" : String(options.type);
  if (!["text", "json", "arrayBuffer", "stream"].includes(type))
    throw new TypeError(
      'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".',
    );
  return { type, cacheTtl: wholeNumber(options.cacheTtl) };
}

/** A byte order mark is part of a value, and of a key. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function decoded(bytes: unknown): string {
  return decoder.decode(bytes as Uint8Array);
}

export function valueOf(bytes: Uint8Array, type: string): unknown {
  if (type === "arrayBuffer") return bytes.buffer;
  const text = decoder.decode(bytes);
  return type === "json" ? JSON.parse(text) : text;
}

function parsed(text: string, fail: (status: number, message: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fail(400, "At least one of the requested keys corresponds to a non-json value");
  }
}
