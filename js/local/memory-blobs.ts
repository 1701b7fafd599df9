// Blobs in memory. Bytes are copied on their way in and out: nobody can change what is stored.

import {
  chunksOf,
  makeBlobId,
  type BlobStore,
  type ByteSource,
  type Inspect,
  type Written,
} from "./blobs.js";
import type { ByteRange } from "./rules.js";

/** How much of a body is handed over at a time. */
const pieceBytes = 64 * 1024;

export class MemoryBlobs implements BlobStore {
  readonly #bytes = new Map<string, Uint8Array>();

  async put(userId: string, source: ByteSource, inspect?: Inspect): Promise<Written> {
    const id = makeBlobId(userId);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of chunksOf(source)) {
      size += chunk.byteLength;
      inspect?.(chunk, size);
      // A Buffer's own slice would be a view of it.
      chunks.push(new Uint8Array(chunk));
    }
    this.#bytes.set(id, chunks.length === 1 ? (chunks[0] as Uint8Array) : joined(chunks, size));
    return { id, size };
  }

  get(id: string, _size: number, range?: ByteRange): ReadableStream<Uint8Array> | null {
    const bytes = this.#part(id, range);
    if (bytes === null) return null;
    let at = 0;
    return new ReadableStream<Uint8Array>({
      type: "bytes",
      pull: (controller) => {
        const piece = bytes.slice(at, at + pieceBytes);
        at += piece.byteLength;
        if (piece.byteLength > 0) controller.enqueue(piece);
        if (at >= bytes.byteLength) {
          controller.close();
          (controller as ReadableByteStreamController).byobRequest?.respond(0);
        }
      },
    });
  }

  read(id: string, _size: number, range?: ByteRange): Uint8Array | null {
    return this.#part(id, range)?.slice() ?? null;
  }

  delete(id: string): void {
    this.#bytes.delete(id);
  }

  collect(isNamed: (id: string) => boolean): void {
    for (const id of this.#bytes.keys()) if (!isNamed(id)) this.#bytes.delete(id);
  }

  close(): void {
    this.#bytes.clear();
  }

  #part(id: string, range: ByteRange | undefined): Uint8Array | null {
    const bytes = this.#bytes.get(id);
    if (bytes === undefined) return null;
    return range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
