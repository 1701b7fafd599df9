// R2 objects without their bytes: as JSON, as HTTP headers, and with the platform's methods again.

/** The part of Cloudflare's R2Object that is used. */
export interface R2ObjectLike {
  readonly key: string;
  readonly version: string;
  readonly size: number;
  readonly etag: string;
  readonly httpEtag: string;
  readonly uploaded: Date;
  readonly checksums: unknown;
  readonly httpMetadata?: HttpMetadata;
  readonly customMetadata?: Record<string, string>;
  readonly storageClass: string;
}

interface HttpMetadata {
  contentType?: string;
  contentLanguage?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  cacheControl?: string;
  cacheExpiry?: Date;
}

/** What `JSON.stringify` must see of `object`: the platform's own has accessors and a `range` that depends on the request. */
export function describeObject(object: R2ObjectLike): Record<string, unknown> {
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

const metadataHeaders = [
  ["contentType", "content-type"],
  ["contentLanguage", "content-language"],
  ["contentDisposition", "content-disposition"],
  ["contentEncoding", "content-encoding"],
  ["cacheControl", "cache-control"],
] as const;

/** Sets the headers that were stored with an object. */
export function writeHttpMetadata(metadata: HttpMetadata | undefined, headers: Headers): void {
  for (const [name, header] of metadataHeaders) {
    const value = metadata?.[name];
    if (typeof value === "string") headers.set(header, value);
  }
  const expiry = metadata?.cacheExpiry;
  if (expiry !== undefined) headers.set("expires", new Date(expiry).toUTCString());
}

/** The headers that say what `object` is. */
export function objectHeaders(object: R2ObjectLike, headers: Headers): void {
  writeHttpMetadata(object.httpMetadata, headers);
  headers.set("etag", object.httpEtag);
  headers.set("last-modified", new Date(object.uploaded).toUTCString());
  headers.set("accept-ranges", "bytes");
}

/** Carries what the standard headers do not say of an object, in the answer to a HEAD. */
export const objectHeader = "cloesce-object";

/** Headers of the answer to a HEAD: from them the client rebuilds the object. */
export function headHeaders(object: R2ObjectLike, headers: Headers): void {
  objectHeaders(object, headers);
  headers.set("content-length", String(object.size));
  headers.set(objectHeader, encodeURIComponent(JSON.stringify(describeObject(object))));
}

/** Checksums with the platform's face: buffers by name, and `toJSON` in hex. */
class Checksums {
  readonly #hex: Record<string, string>;

  constructor(hex: Record<string, string>) {
    this.#hex = hex;
    for (const [name, text] of Object.entries(hex)) {
      const bytes = Uint8Array.from(String(text).match(/../g) ?? [], (pair) => parseInt(pair, 16));
      (this as Record<string, unknown>)[name] = bytes.buffer;
    }
  }

  toJSON(): Record<string, string> {
    return this.#hex;
  }
}

/** An R2Object out of its JSON; with `url` and `expires` it is a download. */
class RevivedObject {
  declare httpMetadata: HttpMetadata | undefined;

  constructor(json: Record<string, unknown>) {
    Object.assign(this, json);
    const members = this as Record<string, unknown>;
    for (const name of ["uploaded", "expires"]) {
      if (typeof members[name] === "string") members[name] = new Date(members[name]);
    }
    if (json["checksums"]) {
      members["checksums"] = new Checksums(json["checksums"] as Record<string, string>);
    }
    const { httpMetadata } = this;
    if (httpMetadata?.cacheExpiry) httpMetadata.cacheExpiry = new Date(httpMetadata.cacheExpiry);
  }

  writeHttpMetadata(headers: Headers): void {
    writeHttpMetadata(this.httpMetadata, headers);
  }
}

/** What a method gets for an R2Object or R2Download. */
export function reviveObject(json: Record<string, unknown>): object {
  return new RevivedObject(json);
}
