// What a Worker finds in its global scope and Node does not have.

import { types } from "node:util";

/** Passes bytes on as they are. */
class IdentityStream extends TransformStream<unknown, Uint8Array> {
  constructor() {
    super({
      transform: (chunk, controller) => controller.enqueue(bytesOf(chunk)),
    });
  }
}

/** Passes on exactly so many bytes; fails for more, and at the end for fewer. */
class FixedLength extends TransformStream<unknown, Uint8Array> {
  constructor(length: number | bigint) {
    let left = Number(length);
    super({
      transform: (chunk, controller) => {
        const bytes = bytesOf(chunk);
        left -= bytes.byteLength;
        if (left < 0)
          throw new TypeError("Attempt to write too many bytes through a FixedLengthStream.");
        controller.enqueue(bytes);
      },
      flush: () => {
        if (left > 0)
          throw new TypeError("FixedLengthStream did not see all expected bytes before close().");
      },
    });
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk))
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (types.isAnyArrayBuffer(chunk)) return new Uint8Array(chunk);
  throw new TypeError(
    "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.",
  );
}

/** Adds them. `caches` is the one of the app that was made last. */
export function addWorkerGlobals(caches: unknown): void {
  const scope = globalThis as Record<string, unknown>;
  scope["IdentityTransformStream"] ??= IdentityStream;
  scope["FixedLengthStream"] ??= FixedLength;
  Object.defineProperty(scope, "caches", { value: caches, configurable: true, writable: true });
}
