// A store of immutable bytes: what a binding writes to before its row says that anything is there.

import { createHash, randomBytes } from "node:crypto";
import { rule, type ByteRange } from "./rules.js";

/** What can be written: bytes that are there, or that come. */
export type ByteSource = Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Sees the bytes of a blob while they are written, and may stop that by throwing. */
export type Inspect = (chunk: Uint8Array, total: number) => void;

export interface Written {
  readonly id: string;
  readonly size: number;
}

/** Bytes by ids that nobody can guess. There is no list of them, and none is ever written over. */
export interface BlobStore {
  /** Stores a copy of the bytes. `userId`, a key for example, is told by the id. */
  put(userId: string, source: ByteSource, inspect?: Inspect): Promise<Written>;
  /**
   * The bytes of `id`, or the part of them in `range`, as a stream; null when there are none. They can be read to the
   * end even when the blob is deleted meanwhile. `size` is what all of it should have.
   */
  get(id: string, size: number, range?: ByteRange): ReadableStream<Uint8Array> | null;
  /** The same at once, for what is small. */
  read(id: string, size: number, range?: ByteRange): Uint8Array | null;
  /** Forgets the bytes; does nothing when there are none. */
  delete(id: string): void;
  /** Deletes what `isNamed` does not know: all of it, or what is older than the moment `before`. */
  collect(isNamed: (id: string) => boolean, before: number | null): void;
  close(): void;
}

/** A fresh id for bytes of `userId`. */
export function makeBlobId(userId: string): string {
  return rule<string>("make_blob_id", userId, randomBytes(16).toString("hex"), digestOf(userId));
}

/** The folder that stands for `name`, one-to-one. */
export function folderOf(name: string): string {
  return rule<string>("folder_name", name, digestOf(name));
}

/** Only what cannot stand in a file name whole needs one. */
function digestOf(text: string): string {
  if (text.length <= 50 && /^[\x00-\x7f]*$/.test(text)) return "";
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Whether `id` may become a path. */
export function isBlobId(id: string): boolean {
  return rule<object | null>("read_blob_id", id) !== null;
}

/** The chunks of a source, copied by nobody. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    yield source;
    return;
  }
  for await (const chunk of source as AsyncIterable<unknown>) {
    if (!(chunk instanceof Uint8Array))
      throw new TypeError("This ReadableStream did not return bytes.");
    yield chunk;
  }
}
