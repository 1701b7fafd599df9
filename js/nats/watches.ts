// Entries as they come.

import type { Feed, Liveness, WatchStart } from "./backend.js";
import { nothing, StoredEntry } from "./entry.js";
import { InvalidOption } from "./errors.js";
import type { Entry, Watch, WatchOptions } from "./history-bucket.js";
import { checkRevision, erasedKey, type Parts } from "./parts.js";
import { valueOf } from "./reads.js";
import { abortable } from "./signals.js";

export class Watches {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(options: WatchOptions): Watch {
    const { feeds, keys } = this.#parts;
    feeds.check();
    const filter = keys.filter(options.key ?? ">");
    if (options.from !== undefined) checkRevision(options.from, 1);
    const include = options.include ?? "latest";
    if (!["latest", "history", "updates"].includes(include))
      throw new InvalidOption('a watch includes "latest", "history" or "updates"');
    const start: WatchStart = options.from === undefined ? include : { from: options.from };
    return this.#open(filter, start, options, null);
  }

  /** Of all of the main bucket, for caches, which is told of what was erased. */
  openAll(liveness: Liveness): Watch {
    return this.#open(">", "latest", {}, liveness);
  }

  #open(
    filter: string,
    start: WatchStart,
    options: WatchOptions,
    liveness: Liveness | null,
  ): Watch {
    const { feeds, keys, name, values } = this.#parts;
    const opening = feeds.open({
      filter,
      start,
      metaOnly: options.metaOnly === true,
      ...(liveness === null ? {} : { liveness }),
    });
    void opening.catch(() => undefined);
    let left = false;
    const leave = async (): Promise<IteratorResult<Entry | null>> => {
      if (!left) {
        left = true;
        const feed = await opening.catch(() => null);
        if (feed !== null) await feeds.leave(feed);
      }
      return { value: undefined, done: true };
    };
    options.signal?.addEventListener("abort", () => void leave(), { once: true });
    let opened: Feed | null = null;
    const next = async (): Promise<IteratorResult<Entry | null>> => {
      options.signal?.throwIfAborted();
      if (left) return { value: undefined, done: true };
      const feed = (opened ??= await abortable(opening, options.signal));
      for (;;) {
        const { value: stored, done } = await feed.next();
        if (done === true) {
          options.signal?.throwIfAborted();
          return { value: undefined, done: true };
        }
        if (stored === null) return { value: null, done: false };
        if (options.ignoreDeletes === true && stored.operation !== "PUT") continue;
        const own = liveness !== null && stored.key === erasedKey;
        const key = own ? erasedKey : keys.decode(stored.key);
        if (key === null) continue;
        const value = options.metaOnly === true ? nothing : valueOf(stored, values);
        return { value: new StoredEntry(name, key, value, stored), done: false };
      }
    };
    const watch: Watch = { next, return: leave, [Symbol.asyncIterator]: () => watch };
    return watch;
  }
}
