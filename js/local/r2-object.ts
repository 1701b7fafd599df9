// What R2 answers: an object's head, with a body when one was asked for.

import { writeHttpMetadata, type StoredHttpMetadata } from "./r2-options.js";
import type { Row } from "./store.js";

/** An object's checksums as bytes, of which only those that are known are there. */
export class LocalR2Checksums {
  constructor(digits: Readonly<Record<string, string>>) {
    for (const [name, hex] of Object.entries(digits)) {
      const bytes = Buffer.from(hex, "hex");
      const copy = new Uint8Array(bytes).buffer;
      Object.defineProperty(this, name, { value: copy, enumerable: true });
    }
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this).map(([name, bytes]) => [
        name,
        Buffer.from(bytes as ArrayBuffer).toString("hex"),
      ]),
    );
  }
}

export class LocalR2Object {
  readonly key: string;
  readonly version: string;
  readonly size: number;
  readonly etag: string;
  readonly httpEtag: string;
  readonly uploaded: Date;
  readonly checksums: LocalR2Checksums;
  readonly httpMetadata: Record<string, unknown>;
  readonly customMetadata: Record<string, string>;
  readonly range: { offset: number; length: number } | undefined;
  readonly storageClass = "Standard";
  readonly ssecKeyMd5 = undefined;
  readonly #http: StoredHttpMetadata;

  constructor(row: Row, range?: { offset: number; length: number }) {
    this.key = new TextDecoder("utf-8", { ignoreBOM: true }).decode(row["key"] as Uint8Array);
    this.version = row["version"] as string;
    this.size = Number(row["size"]);
    this.etag = row["etag"] as string;
    this.httpEtag = `"${this.etag}"`;
    this.uploaded = new Date(Number(row["uploaded_ms"]));
    this.checksums = new LocalR2Checksums(
      JSON.parse(row["checksums"] as string) as Record<string, string>,
    );
    this.#http = JSON.parse(
      (row["http_metadata"] as string | undefined) ?? "{}",
    ) as StoredHttpMetadata;
    const { cacheExpiry } = this.#http;
    this.httpMetadata = {
      ...this.#http,
      ...(cacheExpiry === undefined ? {} : { cacheExpiry: new Date(cacheExpiry) }),
    };
    this.customMetadata = JSON.parse(
      (row["custom_metadata"] as string | undefined) ?? "{}",
    ) as Record<string, string>;
    this.range = range;
  }

  writeHttpMetadata(headers: Headers): void {
    writeHttpMetadata(this.#http, headers);
  }
}

/** An object with its body, which is read as that of a response is. */
export class LocalR2ObjectBody extends LocalR2Object {
  readonly #response: Response;

  constructor(
    row: Row,
    range: { offset: number; length: number },
    body: ReadableStream<Uint8Array>,
  ) {
    super(row, range);
    this.#response = new Response(body);
  }

  get body(): ReadableStream {
    return this.#response.body as ReadableStream;
  }
  get bodyUsed(): boolean {
    return this.#response.bodyUsed;
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#response.arrayBuffer();
  }
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.#response.arrayBuffer());
  }
  text(): Promise<string> {
    return this.#response.text();
  }
  async json<T>(): Promise<T> {
    return (await this.#response.json()) as T;
  }
  async blob(): Promise<Blob> {
    const bytes = await this.#response.arrayBuffer();
    const type = this.httpMetadata["contentType"];
    return new Blob([bytes], typeof type === "string" ? { type } : {});
  }
}
