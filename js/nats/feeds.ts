// The feeds that a bucket has open, which end with it.

import type { Backend, Feed, WatchSpec } from "./backend.js";
import { Closed } from "./errors.js";

export class Feeds {
  readonly #backend: Backend;
  readonly #open = new Set<Feed>();
  #closed = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** @throws Closed once it is */
  check(): void {
    if (this.#closed) throw new Closed();
  }

  async open(spec: WatchSpec): Promise<Feed> {
    const feed = await this.#backend.watch(spec);
    if (this.#closed) {
      await feed.return();
      throw new Closed();
    }
    this.#open.add(feed);
    return feed;
  }

  async leave(feed: Feed): Promise<void> {
    this.#open.delete(feed);
    await feed.return();
  }

  close(): void {
    this.#closed = true;
    for (const feed of this.#open) void feed.return();
    this.#open.clear();
  }
}
