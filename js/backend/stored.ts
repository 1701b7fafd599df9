// What KV and R2 hold, as models and their fields see it.
import type { R2HttpMetadata } from "../worker/index.js";

export type { R2HttpMetadata };

/** Tells in types what a stored field is; never there at run time. */
export declare const storedForm: unique symbol;

/** The mark of a type that include trees treat as stored, not as a relation. */
export interface StoredForm<Form extends string> {
  readonly [storedForm]?: Form;
}

/**
 * An entry of a KV namespace: the type of a property with `@KV("users/{id}/settings", "NAMESPACE")`. The property is null
 * where the namespace has no such key.
 */
export interface KValue<V = unknown> extends StoredForm<"value"> {
  readonly key: string;
  readonly value: V;
  /** Any JSON, null when there is none. */
  readonly metadata: unknown;
}

/** Digests of an object; `toJSON` answers them in hexadecimal. */
export interface R2Checksums {
  readonly md5?: ArrayBuffer;
  readonly sha1?: ArrayBuffer;
  readonly sha256?: ArrayBuffer;
  readonly sha384?: ArrayBuffer;
  readonly sha512?: ArrayBuffer;
  toJSON(): { md5?: string; sha1?: string; sha256?: string; sha384?: string; sha512?: string };
}

/** What R2 says of an object without its bytes; also usable where the platform's `R2Object` is asked for. */
export interface R2Object {
  readonly key: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  readonly etag: string;
  /** The etag in quotes, as headers have it. */
  readonly httpEtag: string;
  readonly uploaded: Date;
  readonly checksums: R2Checksums;
  readonly httpMetadata?: R2HttpMetadata;
  readonly customMetadata?: Record<string, string>;
  readonly storageClass: string;
  /** Sets the headers that were stored with the object. */
  writeHttpMetadata(headers: Headers): void;
}

/** A signed URL with what R2 says of the object: the type of a property with `@R2({ bucket, keyColumn })`. */
export interface R2Download extends R2Object, StoredForm<"download"> {
  /** Downloads the object until `expires`, from anywhere and without further permission. */
  readonly url: string;
  readonly expires: Date;
}

/** How to sign a download: the parameters of S3's GetObject that a URL can carry, and how long it is valid. */
export interface R2DownloadOptions {
  /**
   * Seconds that the URL works from its signing on, 1 to 604800, a week; 3600 when it is left out. Reads within a quarter of
   * them answer the same URL.
   */
  readonly expiresIn?: number;
  readonly ResponseCacheControl?: string;
  readonly ResponseContentDisposition?: string;
  readonly ResponseContentEncoding?: string;
  readonly ResponseContentLanguage?: string;
  readonly ResponseContentType?: string;
  readonly ResponseExpires?: string;
  /** From 1 to 10000, of an object that was uploaded in parts. */
  readonly PartNumber?: number;
}

/** A part of a list, in the order of keys. `cursor` leads to the next one and is null on the last. */
export interface Page<T> extends StoredForm<"page"> {
  readonly items: T[];
  readonly cursor: string | null;
}

/** Which part of a list to read. */
export interface PageOptions {
  /** From 1 to 1000. */
  readonly limit?: number;
  /** Of the page before. */
  readonly cursor?: string;
}

/**
 * A class over the entries of a KV namespace: `@KV("SESSIONS") class Session extends KVModel<SessionData>`. `V` is `string`,
 * bytes (`Uint8Array`, `ArrayBuffer`), `ReadableStream`, or what JSON can say.
 */
export class KVModel<V = unknown> {
  declare key: string;
  declare value: V;
  /** Any JSON, null when there is none. */
  declare metadata: unknown;
}

/** A class over the objects of an R2 bucket: `@R2("PICTURES") class Picture extends R2Model`. Bytes are never read along. */
export class R2Model {
  declare head: R2Object;
}
