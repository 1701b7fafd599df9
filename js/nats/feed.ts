// A queue between what arrives and a reader that takes its time. What must wait for the reader waits in it too.

import type { Feed, Stored } from "./backend.js";

type Item = Stored | null | (() => void);

export class FeedQueue {
  readonly #items: Item[] = [];
  #head = 0;
  #waiting: {
    resolve: (result: IteratorResult<Stored | null>) => void;
    reject: (reason: unknown) => void;
  }[] = [];
  #ended = false;
  #failure: { reason: unknown } | null = null;
  readonly #stop: () => void;

  /** `stop` is called once, when the reader leaves or the queue fails. */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get waiting(): number {
    return this.#items.length - this.#head;
  }

  push(item: Stored | null): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader === undefined) this.#items.push(item);
    else reader.resolve({ value: item, done: false });
  }

  /** Does `work` once all that was pushed before is taken. */
  after(work: () => void): void {
    if (this.#ended) return;
    if (this.waiting === 0) work();
    else this.#items.push(work);
  }

  /** Ends for the reader once it has taken what is there, by throwing when there is a reason. */
  end(failure: { reason: unknown } | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#stop();
    const readers = this.#waiting.splice(0);
    for (const [index, reader] of readers.entries()) {
      if (failure !== null && index === 0) {
        this.#failure = null;
        reader.reject(failure.reason);
      } else reader.resolve({ value: undefined, done: true });
    }
  }

  get feed(): Feed {
    const feed: Feed = {
      next: () => this.#next(),
      many: () => this.#many(),
      return: () => {
        this.#items.length = this.#head = 0;
        this.end();
        this.#failure = null;
        return Promise.resolve({ value: undefined, done: true });
      },
      [Symbol.asyncIterator]: () => feed,
    };
    return feed;
  }

  #next(): Promise<IteratorResult<Stored | null>> {
    for (;;) {
      if (this.#head === this.#items.length) {
        this.#items.length = this.#head = 0;
        break;
      }
      const item = this.#items[this.#head] as Item;
      this.#head += 1;
      // Taken ones are let go in portions, so that no step costs what all of them do.
      if (this.#head === 1024) {
        this.#items.splice(0, this.#head);
        this.#head = 0;
      }
      if (typeof item === "function") {
        if (!this.#ended) item();
        continue;
      }
      return Promise.resolve({ value: item, done: false });
    }
    if (this.#failure !== null) {
      const { reason } = this.#failure;
      this.#failure = null;
      return Promise.reject(reason as Error);
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async #many(): Promise<readonly (Stored | null)[]> {
    const { value: first, done } = await this.#next();
    if (done === true) return [];
    // What came with the first one is here by now.
    const taken: (Stored | null)[] = [first];
    for (; this.#head < this.#items.length; this.#head += 1) {
      const item = this.#items[this.#head] as Item;
      if (typeof item !== "function") taken.push(item);
      else if (!this.#ended) item();
    }
    this.#items.length = this.#head = 0;
    return taken;
  }
}
