// What KV entries and R2 objects look like on the client.

/** An entry of a KV namespace. */
export class KValue<V = unknown> {
  key!: string;
  /** Null when the namespace has no such key. */
  value!: V | null;
  metadata: unknown;
}

/** What R2 says of an object without its bytes. */
export class R2Object {
  key!: string;
  version!: string;
  /** In bytes. */
  size!: number;
  etag!: string;
  httpEtag!: string;
  uploaded!: Date;
  httpMetadata?: Record<string, unknown>;
  customMetadata?: Record<string, string>;
  storageClass?: string;
}
