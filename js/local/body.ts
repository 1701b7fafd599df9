// What a binding may be given as a value, as bytes.

import type { ByteSource } from "./blobs.js";
import { textOf } from "./conversions.js";
import { wellFormed } from "./rules.js";

/**
 * The bytes of a value: strings as UTF-8, of views their own part, streams as they come. KV takes other simple values as
 * their strings; R2 takes blobs, and null for nothing.
 */
export function bytesOfValue(value: unknown, store: "kv" | "r2"): ByteSource {
  if (typeof value === "string") return Buffer.from(wellFormed(value));
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ReadableStream) return value as ReadableStream<Uint8Array>;
  if (store === "kv") {
    if (typeof value === "object" && value !== null) {
      throw new TypeError(
        "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.",
      );
    }
    return Buffer.from(textOf(value));
  }
  if (value === null) return new Uint8Array();
  if (value instanceof Blob) return value.stream() as ReadableStream<Uint8Array>;
  throw new TypeError(
    "Failed to execute 'put' on 'R2Bucket': parameter 2 is not of type 'ReadableStream or ArrayBuffer or ArrayBufferView or string or Blob'.",
  );
}
