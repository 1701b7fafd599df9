// Blobs as read-only files of one folder.

import { closeSync, fstatSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { readSync, statSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  chunksOf,
  isBlobId,
  makeBlobId,
  type BlobStore,
  type ByteSource,
  type Inspect,
  type Written,
} from "./blobs.js";
import { makeFolder, syncFolder } from "./folders.js";
import type { Durability } from "./options.js";
import { LocalStorageError, onFile } from "./failures.js";
import type { ByteRange } from "./rules.js";

/** Bodies up to this size are read when they are asked for, so that one that nobody reads keeps no file open. */
const smallBytes = 64 * 1024;
const pieceBytes = 64 * 1024;
/** Files are read and written at once: after so many bytes of one, everything else that the process does has its turn. */
const turnBytes = 1024 * 1024;

export class DiskBlobs implements BlobStore {
  readonly #folder: string;
  readonly #durability: Durability;
  readonly #open = new Set<() => void>();

  constructor(folder: string, durability: Durability) {
    this.#folder = folder;
    this.#durability = durability;
    makeFolder(folder, durability);
  }

  async put(userId: string, source: ByteSource, inspect?: Inspect): Promise<Written> {
    const id = makeBlobId(userId);
    const path = join(this.#folder, id);
    let handle: number | null = null;
    try {
      handle = openSync(path, "wx", 0o444);
      let size = 0;
      for await (const chunk of chunksOf(source)) {
        size += chunk.byteLength;
        inspect?.(chunk, size);
        writeAll(handle, chunk);
        if (isTurn(size - chunk.byteLength, size)) await setImmediate();
      }
      if (this.#durability === "power") fsyncSync(handle);
      // However that ends, the number is not this file's any more.
      const ending = handle;
      handle = null;
      closeSync(ending);
      if (this.#durability === "power") syncFolder(this.#folder);
      return { id, size };
    } catch (error) {
      if (handle !== null) closeSync(handle);
      this.delete(id);
      throw onFile(error, path);
    }
  }

  get(id: string, size: number, range?: ByteRange): ReadableStream<Uint8Array> | null {
    const start = range?.start ?? 0;
    const length = range === undefined ? size : range.end - range.start + 1;
    if (length <= smallBytes) {
      const bytes = this.read(id, size, range);
      return bytes === null ? null : streamOfBytes(bytes);
    }
    const handle = this.#openFile(id, size);
    return handle === null ? null : this.#stream(handle, id, start, length);
  }

  read(id: string, size: number, range?: ByteRange): Uint8Array | null {
    const handle = this.#openFile(id, size);
    if (handle === null) return null;
    return this.#onFile(id, () => {
      try {
        const start = range?.start ?? 0;
        const bytes = new Uint8Array(range === undefined ? size : range.end - range.start + 1);
        for (let at = 0; at < bytes.byteLength;) {
          const count = readSync(handle, bytes, at, bytes.byteLength - at, start + at);
          if (count === 0) throw this.#tooShort(id);
          at += count;
        }
        return bytes;
      } finally {
        closeSync(handle);
      }
    });
  }

  delete(id: string): void {
    if (!isBlobId(id)) return;
    const path = join(this.#folder, id);
    try {
      unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw onFile(error, path);
    }
  }

  collect(isNamed: (id: string) => boolean, before: number | null): void {
    let path = this.#folder;
    try {
      for (const name of readdirSync(this.#folder)) {
        // What is no blob was put there by somebody: it is not ours to remove.
        if (!isBlobId(name) || isNamed(name)) continue;
        path = join(this.#folder, name);
        if (before === null || isOlder(path, before)) this.delete(name);
      }
    } catch (error) {
      throw onFile(error, path);
    }
  }

  close(): void {
    for (const end of [...this.#open]) end();
  }

  #openFile(id: string, size: number): number | null {
    if (!isBlobId(id)) return null;
    const path = join(this.#folder, id);
    return this.#onFile(id, () => {
      const handle = openIfThere(path);
      if (handle === null) return null;
      let found = -1;
      try {
        found = fstatSync(handle).size;
        if (found === size) return handle;
      } finally {
        if (found !== size) closeSync(handle);
      }
      throw new LocalStorageError(
        path,
        `it has ${found} bytes where ${size} were stored`,
        "Restore it from a copy, or write the key again; nothing was deleted",
      );
    });
  }

  /** Does `work` on a blob's file, whose name its failures get. */
  #onFile<Done>(id: string, work: () => Done): Done {
    try {
      return work();
    } catch (error) {
      throw onFile(error, join(this.#folder, id));
    }
  }

  /** Reads only what is asked for, and closes the file at the end, at a failure and when nobody reads on. */
  #stream(handle: number, id: string, start: number, length: number): ReadableStream<Uint8Array> {
    let at = 0;
    let closed = false;
    const end = (): void => {
      if (closed) return;
      closed = true;
      this.#open.delete(end);
      closeSync(handle);
    };
    this.#open.add(end);
    return new ReadableStream<Uint8Array>({
      type: "bytes",
      autoAllocateChunkSize: pieceBytes,
      pull: (controller) => {
        const request = (controller as ReadableByteStreamController).byobRequest;
        const view = request?.view as Uint8Array<ArrayBuffer> | null | undefined;
        if (request === null || request === undefined || !view) return undefined;
        try {
          if (closed) throw new Error("the store was closed while this body was read");
          const wanted = Math.min(view.byteLength, length - at);
          const count = readSync(handle, view, 0, wanted, start + at);
          if (count === 0) throw this.#tooShort(id);
          at += count;
          request.respond(count);
          if (at < length) return isTurn(at - count, at) ? setImmediate() : undefined;
          end();
          controller.close();
        } catch (error) {
          end();
          controller.error(onFile(error, join(this.#folder, id)));
        }
        return undefined;
      },
      cancel: end,
    });
  }

  #tooShort(id: string): LocalStorageError {
    return new LocalStorageError(
      join(this.#folder, id),
      "it ends before what was stored does",
      "Restore it from a copy, or write the key again; nothing was deleted",
    );
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Whether a file was written before a moment; one that went meanwhile was not. */
function isOlder(path: string, moment: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs < moment;
}

function writeAll(handle: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.byteLength;)
    at += writeSync(handle, chunk, at, chunk.byteLength - at);
}

/** Whether a turn ends between two places in a file. */
function isTurn(from: number, to: number): boolean {
  return Math.floor(from / turnBytes) !== Math.floor(to / turnBytes);
}

/** A body that is there already. */
export function streamOfBytes(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    type: "bytes",
    start: (controller) => {
      if (bytes.byteLength > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
}
