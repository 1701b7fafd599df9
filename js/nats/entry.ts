// An entry out of what is stored, with its key and value decoded.

import type { Operation, Stored } from "./backend.js";
import type { Entry } from "./history-bucket.js";

/** Texts as UTF-8. */
export const encoder = new TextEncoder();
/** Texts out of UTF-8. A value's first character may be U+FEFF. */
export const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** No bytes. */
export const nothing = new Uint8Array();

export class StoredEntry implements Entry {
  readonly bucket: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly #stored: Stored;

  constructor(bucket: string, key: string, value: Uint8Array, stored: Stored) {
    this.bucket = bucket;
    this.key = key;
    this.value = value;
    this.#stored = stored;
  }

  get size(): number {
    return this.#stored.size;
  }
  get created(): Date {
    return new Date(this.#stored.created);
  }
  get revision(): number {
    return this.#stored.revision;
  }
  get delta(): number {
    return this.#stored.delta;
  }
  get operation(): Operation {
    return this.#stored.operation;
  }
  get origin(): string | null {
    return this.#stored.origin;
  }
  get expires(): Date | null {
    return this.expiresAt === null ? null : new Date(this.expiresAt);
  }
  /** Milliseconds. */
  get expiresAt(): number | null {
    return this.#stored.expires;
  }
  get createdAt(): number {
    return this.#stored.created;
  }
  get headers(): Readonly<Record<string, string>> {
    return this.#stored.headers;
  }
  string(): string {
    return decoder.decode(this.value);
  }
  json<Result = unknown>(): Result {
    return JSON.parse(this.string()) as Result;
  }
}
