// R2 objects without their bytes: as JSON, and as HTTP headers.

/** The part of Cloudflare's R2Object that is used. */
export interface R2ObjectLike {
  readonly key: string;
  readonly version: string;
  readonly size: number;
  readonly etag: string;
  readonly httpEtag: string;
  readonly uploaded: Date;
  readonly checksums: unknown;
  readonly httpMetadata?: R2HttpMetadata;
  readonly customMetadata?: Record<string, string>;
  readonly storageClass: string;
}

/** What was stored with an object for those who download it. */
export interface R2HttpMetadata {
  contentType?: string;
  contentLanguage?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  cacheControl?: string;
  cacheExpiry?: Date;
}

/** The part of Cloudflare's R2Bucket that is used. */
export interface R2BucketLike {
  head(key: string): Promise<R2ObjectLike | null>;
  get(
    key: string,
    options: Record<string, unknown>,
  ): Promise<(R2ObjectLike & { body?: ReadableStream; range?: unknown }) | null>;
  put(key: string, value: unknown, options: Record<string, unknown>): Promise<R2ObjectLike | null>;
  delete(key: string): Promise<void>;
  list(options: Record<string, unknown>): Promise<{
    objects: readonly R2ObjectLike[];
    truncated: boolean;
    cursor?: string;
  }>;
}

/**
 * What `JSON.stringify` must see of `object`: the platform's own has accessors and a `range` that depends on the request.
 * Throws when it is no object of R2.
 */
export function describeObject(object: R2ObjectLike): Record<string, unknown> {
  expectObject(object);
  const { key, version, size, etag, httpEtag, uploaded, checksums, storageClass } = object;
  const { httpMetadata, customMetadata } = object;
  return {
    key,
    version,
    size,
    etag,
    httpEtag,
    uploaded,
    checksums,
    httpMetadata,
    customMetadata,
    storageClass,
  };
}

/** Throws when `object` lacks what every object of R2 has. */
function expectObject({ key, size, httpEtag }: R2ObjectLike): void {
  if (typeof key !== "string" || !Number.isSafeInteger(size) || typeof httpEtag !== "string")
    throw new TypeError("the bucket answered something that is no object");
}

const metadataHeaders = [
  ["contentType", "content-type"],
  ["contentLanguage", "content-language"],
  ["contentDisposition", "content-disposition"],
  ["contentEncoding", "content-encoding"],
  ["cacheControl", "cache-control"],
] as const;

/** Sets the headers that were stored with an object. */
export function writeHttpMetadata(metadata: R2HttpMetadata | undefined, headers: Headers): void {
  for (const [name, header] of metadataHeaders) {
    const value = metadata?.[name];
    if (typeof value === "string") headers.set(header, value);
  }
  const expiry = metadata?.cacheExpiry;
  if (expiry !== undefined) headers.set("expires", new Date(expiry).toUTCString());
}

/** The headers that say what `object` is. */
export function objectHeaders(object: R2ObjectLike, headers: Headers): void {
  expectObject(object);
  writeHttpMetadata(object.httpMetadata, headers);
  headers.set("etag", object.httpEtag);
  headers.set("last-modified", new Date(object.uploaded).toUTCString());
  headers.set("accept-ranges", "bytes");
}

/** Where a page's rights are told. */
export const policyHeader = "content-security-policy";

/** Carries what the standard headers do not say of an object, in the answer to a HEAD. */
export const objectHeader = "cloesce-object";

/** Headers of the answer to a HEAD: from them the client rebuilds the object. */
export function headHeaders(object: R2ObjectLike, headers: Headers): void {
  objectHeaders(object, headers);
  headers.set("content-length", String(object.size));
  headers.set(objectHeader, encodeURIComponent(JSON.stringify(describeObject(object))));
}
