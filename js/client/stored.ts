// What KV entries and R2 objects look like on the client.

/** An entry of a KV namespace. */
export class KValue<V = unknown> {
  key!: string;
  value!: V;
  /** Any JSON, null when there is none. */
  metadata: unknown;
}

/** A part of a list, in the order of keys. `cursor` leads to the next one and is null on the last. */
export interface Page<T> {
  items: T[];
  cursor: string | null;
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

/** What R2 says of an object without its bytes. */
export class R2Object {
  key!: string;
  version!: string;
  /** In bytes. */
  size!: number;
  etag!: string;
  /** The etag in quotes, as headers have it. */
  httpEtag!: string;
  uploaded!: Date;
  /** In hexadecimal, by the name of the digest. */
  checksums?: Record<string, string>;
  httpMetadata?: R2HttpMetadata;
  customMetadata?: Record<string, string>;
  storageClass?: string;
}

/** An R2 object with a signed URL that downloads it. */
export class R2Download extends R2Object {
  url!: string;
  /** When the URL stops to work. */
  expires!: Date;
}

/** Carries what the standard headers do not say of an object, in the answer to a HEAD. */
const objectHeader = "cloesce-object";

const metadataHeaders = [
  ["contentType", "content-type"],
  ["contentLanguage", "content-language"],
  ["contentDisposition", "content-disposition"],
  ["contentEncoding", "content-encoding"],
  ["cacheControl", "cache-control"],
] as const;

/** The JSON of the object that the answer to a HEAD describes, null when it describes none. */
export function objectOfHeaders(headers: Headers): Record<string, unknown> | null {
  const text = headers.get(objectHeader);
  if (text !== null) return JSON.parse(decodeURIComponent(text)) as Record<string, unknown>;
  // A proxy keeps the standard headers, whatever else it drops.
  const httpEtag = headers.get("etag");
  if (httpEtag === null) return null;
  const httpMetadata: Record<string, string> = {};
  for (const [name, header] of metadataHeaders) {
    const value = headers.get(header);
    if (value !== null) httpMetadata[name] = value;
  }
  return {
    etag: httpEtag.replace(/^W\/|"/g, ""),
    httpEtag,
    size: Number(headers.get("content-length") ?? Number.NaN),
    uploaded: headers.get("last-modified") ?? undefined,
    httpMetadata,
  };
}
