// What a cache holds of an entry: as little as it can be made of again. There are very many.

import { encoder, decoder, nothing, StoredEntry } from "./entry.js";
import type { Stored } from "./backend.js";

/** What entries rarely differ in. Most share one. */
interface Rest {
  /** Bytes that a codec of values made more or less of it. */
  readonly sizeBesides: number;
  readonly expires: number | null;
  readonly origin: string | null;
  readonly headers: Stored["headers"];
}

const noHeaders: Stored["headers"] = {};

/** Gives entries that follow one another and are alike the same rest. */
export class Rests {
  #last: Rest = { sizeBesides: 0, expires: null, origin: null, headers: noHeaders };

  of(entry: StoredEntry): Rest {
    const { expiresAt: expires, origin } = entry;
    const headers = Object.keys(entry.headers).length === 0 ? noHeaders : entry.headers;
    const sizeBesides = entry.size - entry.value.byteLength;
    const last = this.#last;
    const same =
      last.sizeBesides === sizeBesides &&
      last.expires === expires &&
      last.origin === origin &&
      last.headers === headers;
    return same ? last : (this.#last = { sizeBesides, expires, origin, headers });
  }
}

export class Held {
  readonly value: Uint8Array;
  readonly revision: number;
  /** Milliseconds. */
  readonly created: number;
  readonly #rest: Rest;

  constructor(entry: StoredEntry, rests: Rests) {
    const { value } = entry;
    // Not a part of a larger buffer, which would be kept whole.
    this.value = value.byteLength === value.buffer.byteLength ? value : value.slice();
    this.revision = entry.revision;
    this.created = entry.createdAt;
    this.#rest = rests.of(entry);
  }

  /** Milliseconds; null when it has no TTL of its own. */
  get expires(): number | null {
    return this.#rest.expires;
  }

  /** The entry again. */
  entry(bucket: string, key: string): StoredEntry {
    const { sizeBesides, expires, origin, headers } = this.#rest;
    const { value, revision, created } = this;
    return new StoredEntry(bucket, key, value, {
      key,
      value: nothing,
      size: value.byteLength + sizeBesides,
      created,
      revision,
      delta: 0,
      operation: "PUT",
      origin,
      expires,
      headers,
    });
  }
}

/** As a text of its own: a part of a subject would keep the whole of it. */
export function detachedKey(key: string): string {
  return decoder.decode(encoder.encode(key));
}
