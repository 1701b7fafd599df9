// What Cloesce itself writes to KV and R2: saves, uploads, deletions, with the platform's limits checked beforehand.

import {
  bodyTooLarge,
  bodyTooLargeStatus,
  keyInvalid,
  keyInvalidStatus,
  limitExceeded,
  limitExceededStatus,
} from "../abi/codes.js";
import {
  kvKeyBytes,
  kvKeyText,
  kvLeastSeconds,
  kvMetadataBytes,
  kvValueBytes,
  r2KeyBytes,
  r2KeyText,
  r2MetadataBytes,
} from "../abi/limits.js";
import {
  bindingOf,
  bytesOf,
  describeObject,
  isBlobValue,
  type R2BucketLike,
  type Store,
} from "../worker/index.js";
import type { KvNamespaceLike } from "./operations.js";

/** Input that a store would not take: a status and a message for the caller. */
export class StoreRefusal extends Error {
  readonly status: number;

  constructor(message: string, code: string = limitExceeded, status: number = limitExceededStatus) {
    super(`${code}: ${message}`);
    this.status = status;
  }
}

const encoder = new TextEncoder();

/** An entry of a KV namespace to be written. */
export interface KvWrite {
  readonly key: string;
  readonly value: unknown;
  readonly metadata?: unknown;
  /** Seconds that the entry lives, at least 60. */
  readonly expirationTtl?: number | null;
  /** When it ends, in seconds since 1970, at least 60 from now. */
  readonly expiration?: number | null;
}

/** Writes an entry; answers it as it will be read. A stream must say its `length` when it is known. */
export async function saveEntry(
  env: unknown,
  store: Store,
  entry: KvWrite,
  length?: number | null,
): Promise<{ key: string; value: unknown; metadata: unknown }> {
  const { key, value } = entry;
  // What is left out may be null; the platform wants undefined.
  const metadata = entry.metadata ?? undefined;
  const expirationTtl = entry.expirationTtl ?? undefined;
  const expiration = entry.expiration ?? undefined;
  checkKey(store, key);
  if (expirationTtl !== undefined && expiration !== undefined)
    throw new StoreRefusal("expirationTtl and expiration exclude each other");
  if (expirationTtl !== undefined && !(expirationTtl >= kvLeastSeconds))
    throw new StoreRefusal(`expirationTtl: at least ${kvLeastSeconds} seconds`);
  if (expiration !== undefined && !(expiration >= Date.now() / 1000 + kvLeastSeconds))
    throw new StoreRefusal(`expiration: at least ${kvLeastSeconds} seconds from now`);
  if (metadata !== undefined)
    checkSize("metadata", sizeOf(JSON.stringify(metadata)), kvMetadataBytes);
  const stored = await storedForm(store.value, value);
  checkSize(
    "value",
    stored instanceof ReadableStream ? (length ?? 0) : stored.byteLength,
    kvValueBytes,
  );
  const kept = expiration === undefined ? (store.expirationTtl ?? undefined) : undefined;
  await bindingOf<KvNamespaceLike>(env, store.binding)
    .put(key, stored, {
      metadata,
      expirationTtl: expirationTtl ?? kept,
      expiration,
    })
    .catch((error: unknown) => {
      // Nobody knew how long the stream was.
      if (String(error).includes("413")) checkSize("value", Infinity, kvValueBytes);
      throw error;
    });
  return { key, value, metadata: metadata ?? null };
}

async function storedForm(
  kind: Store["value"],
  value: unknown,
): Promise<Uint8Array | ReadableStream> {
  if (kind === "json") return encoder.encode(JSON.stringify(value ?? null));
  if (value instanceof ReadableStream) return value;
  if (isBlobValue(value)) return bytesOf(value);
  if (kind === "text" && typeof value === "string") return encoder.encode(value);
  throw new StoreRefusal(`value: expected ${kind}`);
}

/** An object of an R2 bucket to be written. */
export interface R2Write {
  readonly key: string;
  readonly value: unknown;
  readonly contentType?: string | null;
  /** Texts by name. */
  readonly metadata?: unknown;
}

/** Uploads an object; answers its head. */
export async function putObject(
  env: unknown,
  store: Store,
  { key, value, contentType = null, metadata = null }: R2Write,
): Promise<{ head: Record<string, unknown> }> {
  checkKey(store, key);
  if (contentType !== null && !/^[ -~]{1,255}$/.test(contentType))
    throw new StoreRefusal("contentType: 1 to 255 printable ASCII characters");
  const texts = (metadata ?? {}) as Record<string, unknown>;
  const entries = typeof texts === "object" && !Array.isArray(texts) ? Object.entries(texts) : null;
  if (!entries?.every(([, text]) => typeof text === "string"))
    throw new StoreRefusal("metadata: an object of texts");
  checkSize("metadata", sizeOf(entries.flat().join("")), r2MetadataBytes);
  const object = await bindingOf<R2BucketLike>(env, store.binding).put(key, value, {
    httpMetadata: { contentType: contentType ?? undefined },
    customMetadata: texts,
  });
  if (object === null) throw new Error(`the bucket ${store.binding} did not take the object`);
  return { head: describeObject(object) };
}

/** Deletes an entry or an object; there need not be one. */
export async function deleteKey(env: unknown, store: Store, key: string): Promise<void> {
  await bindingOf<KvNamespaceLike>(env, store.binding).delete(key);
}

/** Throws when `store` takes no such key. */
export function checkKey({ value }: Store, key: string): void {
  const isKv = value !== null;
  const size = sizeOf(key);
  if (size < 1 || size > (isKv ? kvKeyBytes : r2KeyBytes) || (isKv && /^\.\.?$/.test(key)))
    throw new StoreRefusal(`key: ${isKv ? kvKeyText : r2KeyText}`, keyInvalid, keyInvalidStatus);
}

function checkSize(name: string, size: number, limit: number): void {
  if (size > limit)
    throw new StoreRefusal(`${name}: at most ${limit} bytes`, bodyTooLarge, bodyTooLargeStatus);
}

const sizeOf = (text: string): number => encoder.encode(text).byteLength;
