// What a bucket has now, or had: of one key, or of many.

import type { Stored, WatchStart } from "./backend.js";
import { nothing, StoredEntry } from "./entry.js";
import { Closed } from "./errors.js";
import type { Abortable, Entry, GetOptions } from "./history-bucket.js";
import { checkRevision, type Parts } from "./parts.js";
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
    const stored = await this.all(encoded, "history", options.metaOnly === true, options.signal);
    return stored.map((one) => this.#entry(key, one));
  }

  /** Keys that have a value, as what is made of them. */
  async *present<Item>(
    filter: string,
    options: Abortable,
    make: (stored: Stored, key: string) => Item,
  ): AsyncGenerator<Item> {
    const { feeds, keys } = this.#parts;
    feeds.check();
    const encoded = keys.filter(filter);
    const found = await this.all(encoded, "latest", true, options.signal);
    const present = found.filter(({ operation }) => operation === "PUT");
    const decoded = keys.decodeAll(present.map(({ key }) => key));
    for (const [index, stored] of present.entries()) {
      const key = decoded[index] ?? null;
      if (key !== null) yield make(stored, key);
    }
  }

  /** What is there now; ends where changes would begin. */
  async all(
    filter: string,
    start: WatchStart,
    metaOnly: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Stored[]> {
    const { feeds } = this.#parts;
    const feed = await abortable(feeds.open({ filter, start, metaOnly, eager: metaOnly }), signal);
    const leave = (): void => void feed.return();
    signal?.addEventListener("abort", leave, { once: true });
    try {
      const all: Stored[] = [];
      for (;;) {
        const { value: stored, done } = await feed.next();
        if (done === true) break;
        if (stored === null) return all;
        all.push(stored);
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
