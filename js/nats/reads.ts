// What a bucket has now, or had: of one key, or of many.

import type { Feed, Stored, WatchSpec } from "./backend.js";
import { nothing, StoredEntry } from "./entry.js";
import { Closed } from "./errors.js";
import type { Abortable, Entry, GetOptions } from "./history-bucket.js";
import { checkRevision, type Parts } from "./parts.js";
import { oneByOne } from "./one-by-one.js";
import { abortable } from "./signals.js";

export class Reads {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async get(key: string, options: GetOptions): Promise<Entry | null> {
    const { backend, feeds, keys } = this.#parts;
    feeds.check();
    const encoded = keys.encode(key);
    if (options.revision !== undefined) checkRevision(options.revision, 1);
    const stored = await abortable(
      backend.read(encoded, options.revision ?? null, options.stale === true),
      options.signal,
    );
    return stored === null || stored.operation !== "PUT" ? null : this.#entry(key, stored);
  }

  async history(
    key: string,
    options: Abortable & { readonly metaOnly?: boolean },
  ): Promise<Entry[]> {
    this.#parts.feeds.check();
    const encoded = this.#parts.keys.encode(key);
    const stored = await this.#all(
      { filter: encoded, start: "history", metaOnly: options.metaOnly === true },
      options.signal,
    );
    return stored.map((one) => this.#entry(key, one));
  }

  /** Keys that have a value, as what is made of them. */
  present<Item>(
    filter: string,
    options: Abortable,
    make: (stored: Stored, key: string) => Item,
  ): AsyncIterableIterator<Item> {
    const { feeds, keys } = this.#parts;
    return oneByOne(async () => {
      feeds.check();
      const encoded = keys.filter(filter);
      const found = await this.latest(encoded, options.signal);
      const present = found.filter(({ operation }) => operation === "PUT");
      const decoded = keys.decodeAll(present.map(({ key }) => key));
      const items: Item[] = [];
      for (let index = 0; index < present.length; index += 1) {
        const key = decoded[index] ?? null;
        if (key !== null) items.push(make(present[index] as Stored, key));
      }
      return items;
    }, options.signal);
  }

  /**
   * The last entry of each key, without its value, in the order of revisions. A key that is there all the while is among them,
   * once, and its entry is not older than the call.
   */
  async latest(filter: string, signal: AbortSignal | undefined): Promise<readonly Stored[]> {
    let missing = false;
    const found = await this.#all(
      { filter, start: "latest", metaOnly: true, ends: (told) => (missing = told) },
      signal,
    );
    if (!missing) return found;
    const known = new Set(found.map(({ key }) => key));
    const others = await abortable(this.#parts.backend.others(filter, known), signal);
    return [...found, ...others].sort((left, right) => left.revision - right.revision);
  }

  /** What is there now; ends where changes would begin. */
  async #all(spec: WatchSpec, signal: AbortSignal | undefined): Promise<Stored[]> {
    const { feeds } = this.#parts;
    const opening = feeds.open(spec);
    let feed: Feed;
    try {
      feed = await abortable(opening, signal);
    } catch (error) {
      // One that is given up opens all the same.
      void opening.then((late) => feeds.leave(late)).catch(() => undefined);
      throw error;
    }
    const leave = (): void => void feed.return();
    signal?.addEventListener("abort", leave, { once: true });
    try {
      const all: Stored[] = [];
      for (;;) {
        const came = await feed.many();
        if (came.length === 0) break;
        for (const stored of came) {
          if (stored === null) return all;
          all.push(stored);
        }
      }
      signal?.throwIfAborted();
      throw new Closed();
    } finally {
      signal?.removeEventListener("abort", leave);
      void feeds.leave(feed);
    }
  }

  #entry(key: string, stored: Stored): Entry {
    const { name, values } = this.#parts;
    return new StoredEntry(name, key, valueOf(stored, values), stored);
  }
}

/** The value as its user gave it; none of markers. */
export function valueOf(stored: Stored, values: Parts["values"]): Uint8Array {
  if (stored.operation !== "PUT") return nothing;
  // Of an entry without its value there is nothing to decode.
  if (stored.value.byteLength === 0 && stored.size > 0) return nothing;
  return values.decode(stored.value);
}
