// The Cache API over stores: one for the default cache, one for each name.

import { STATUS_CODES } from "node:http";
import { multipartBody } from "./multipart.js";
import { rule, thrown, wellFormed, type ByteRange } from "./rules.js";
import { Store, type Row, type StorePlace } from "./store.js";

const schema = `
  create table entry (
    key blob primary key, blob_id text not null unique, size integer not null,
    expires_ms integer not null, metadata text not null
  ) strict, without rowid;
  create index entry_expires on entry(expires_ms);`;

const sweepRows = 20;

type Pairs = [string, string][];
interface Stored {
  status: number;
  headers: Pairs;
}
interface Match {
  status: number;
  ranges: [number, number][];
}

/** What `cf` of a request may say about its key. */
type WithCf = Request & { cf?: { cacheKey?: unknown } };

export class LocalCache {
  readonly #store: Store;

  constructor(place: StorePlace) {
    this.#store = new Store(place, schema, "select blob_id from entry");
  }

  async match(
    asked: RequestInfo | URL,
    options?: { ignoreMethod?: boolean },
  ): Promise<Response | undefined> {
    const request = requestOf(asked);
    if (request.method !== "GET" && options?.ignoreMethod !== true) return undefined;
    const key = keyOf(request);
    const moment = this.#store.now();
    const found = this.#store.follow(
      () => this.#row(key, moment),
      (row, blobId) => this.#answer(request, row, blobId),
    );
    return found ?? undefined;
  }

  async put(asked: RequestInfo | URL, response: Response): Promise<void> {
    const request = requestOf(asked);
    if (response.bodyUsed || response.body?.locked === true)
      throw new TypeError("Response body is already used.");
    const moment = this.#store.now();
    const plan = ((): { expires: number; headers: Pairs } | null => {
      try {
        return rule(
          "cache_put",
          request.method,
          response.status,
          pairsOf(response.headers),
          request.headers.has("authorization"),
          moment,
        );
      } catch (error) {
        throw thrown(error, (_code, message) => message);
      }
    })();
    const key = keyOf(request);
    if (plan === null || plan.expires <= moment) {
      await response.body?.cancel();
      if (plan !== null) this.#remove(key);
      return;
    }
    const source = (response.body as ReadableStream<Uint8Array> | null) ?? new Uint8Array();
    const { id, size } = await this.#store.blobs.put(key, source);
    this.#store.commit(id, (discard) => {
      discard(this.#row(key, -Infinity)?.["blob_id"]);
      const stored: Stored = { status: response.status, headers: plan.headers };
      this.#store.one(
        "insert or replace into entry values (?, ?, ?, ?, ?)",
        Buffer.from(key),
        id,
        size,
        Math.floor(plan.expires),
        JSON.stringify(stored),
      );
      const expired = this.#store.all(
        "select key, blob_id from entry where expires_ms <= ? limit ?",
        moment,
        sweepRows,
      );
      for (const row of expired) {
        this.#store.one("delete from entry where key = ?", row["key"] ?? null);
        discard(row["blob_id"]);
      }
    });
  }

  async delete(asked: RequestInfo | URL, options?: { ignoreMethod?: boolean }): Promise<boolean> {
    const request = requestOf(asked);
    if (request.method !== "GET" && options?.ignoreMethod !== true) return false;
    return this.#remove(keyOf(request));
  }

  close(): void {
    this.#store.close();
  }

  /** Whether what was there was alive. */
  #remove(key: string): boolean {
    return this.#store.change((discard) => {
      const row = this.#store.one(
        "delete from entry where key = ? returning blob_id, expires_ms",
        Buffer.from(key),
      );
      discard(row?.["blob_id"]);
      return row !== undefined && Number(row["expires_ms"]) > this.#store.now();
    });
  }

  #row(key: string, alive: number): Row | undefined {
    return this.#store.one(
      "select blob_id, size, metadata from entry where key = ? and expires_ms > ?",
      Buffer.from(key),
      alive === -Infinity ? 0 : alive,
    );
  }

  #answer(request: Request, row: Row, blobId: string): Response | null {
    const { blobs } = this.#store;
    const size = Number(row["size"]);
    const { status, headers: pairs } = JSON.parse(row["metadata"] as string) as Stored;
    const match = rule<Match>("cache_match", pairsOf(request.headers), pairs, status, size);
    const headers = new Headers(pairs);
    headers.set("cf-cache-status", "HIT");
    if (match.status === 416) {
      const told = { "content-range": `bytes */${size}`, "cf-cache-status": "HIT" };
      return respond(null, 416, new Headers(told));
    }
    if (!nullBody(match.status) || match.status === 304)
      headers.set("content-length", String(size));
    if (match.status === 304) return respond(null, 304, headers);
    const ranges: ByteRange[] = match.ranges.map(([start, end]) => ({ start, end }));
    if (ranges.length > 1) {
      const parts = multipartBody(blobs, blobId, size, ranges, headers.get("content-type"));
      if (parts === null) return null;
      headers.set("content-type", parts.contentType);
      headers.set("content-length", String(parts.contentLength));
      return respond(parts.body, 206, headers);
    }
    const [range] = ranges;
    const body = blobs.get(blobId, size, range);
    if (body === null) return null;
    if (range !== undefined) {
      headers.set("content-range", `bytes ${range.start}-${range.end}/${size}`);
      headers.set("content-length", String(range.end - range.start + 1));
    }
    if (size > 0 || !nullBody(match.status)) return respond(body, match.status, headers);
    void body.cancel();
    return respond(null, match.status, headers);
  }
}

/** Named caches are opened when they are asked for. */
export class LocalCacheStorage {
  readonly #open: (name: string | null) => LocalCache;
  readonly #caches = new Map<string | null, LocalCache>();

  /** `open` makes the cache of a name, and the default one for null. */
  constructor(open: (name: string | null) => LocalCache) {
    this.#open = open;
  }

  get default(): LocalCache {
    return this.#cache(null);
  }

  async open(name: string): Promise<LocalCache> {
    return this.#cache(wellFormed(String(name)));
  }

  close(): void {
    for (const cache of this.#caches.values()) cache.close();
    this.#caches.clear();
  }

  #cache(name: string | null): LocalCache {
    let cache = this.#caches.get(name);
    if (cache === undefined) {
      cache = this.#open(name);
      this.#caches.set(name, cache);
    }
    return cache;
  }
}

/** An answer whose headers can't be changed, as those of the platform. */
function respond(body: ReadableStream | null, status: number, headers: Headers): Response {
  const response = new Response(body, { status, statusText: STATUS_CODES[status] ?? "", headers });
  Object.defineProperties(response.headers, immutable);
  return response;
}

const refuse = {
  value: () => {
    throw new TypeError("Can't modify immutable headers.");
  },
};
const immutable = { append: refuse, delete: refuse, set: refuse };

function requestOf(asked: RequestInfo | URL): WithCf {
  if (asked instanceof Request) return asked;
  const url = String(asked);
  if (!URL.canParse(url)) throw new TypeError(`Invalid URL: ${url}`);
  if (!/^https?:/i.test(url)) throw new TypeError(`Fetch API cannot load: ${url}`);
  return new Request(url);
}

/** The URL without its fragment, or what `cf.cacheKey` says instead. The parser has folded the host's case. */
function keyOf(request: WithCf): string {
  const { cacheKey } = request.cf ?? {};
  if (typeof cacheKey === "string") return wellFormed(cacheKey);
  const url = new URL(request.url);
  url.hash = "";
  return url.href;
}

function pairsOf(headers: Headers): Pairs {
  return [...headers].map(([name, value]) => [name, wellFormed(value)]);
}

function nullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
