// Multipart uploads: parts are blobs, and the object that they become has none of its own.

import { createHash, randomBytes } from "node:crypto";
import type { R2UploadedPart } from "@cloudflare/workers-types";
import { bytesOfValue } from "./body.js";
import { wholeNumber } from "./conversions.js";
import { asked } from "./r2-asked.js";
import type { LocalR2Object } from "./r2-object.js";
import type { StoredHttpMetadata } from "./r2-options.js";
import { rule, type ByteRange } from "./rules.js";
import type { Cell, Row, Store } from "./store.js";

export const uploadSchema = `
  create table upload (
    upload_id text primary key, key blob not null, http_metadata text not null,
    custom_metadata text not null, state integer not null default 0, created_ms integer not null
  ) strict, without rowid;
  create table part (
    upload_id text not null references upload, part_number integer not null,
    blob_id text not null unique, size integer not null, etag text not null, md5 text not null,
    object_version text, primary key (upload_id, part_number)
  ) strict, without rowid;
  create index part_object on part(object_version, part_number) where object_version is not null;`;

const stateDone = 1;
const stateAborted = 2;

/** What a completed upload becomes. */
export interface MadeObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly http: StoredHttpMetadata;
  readonly custom: Record<string, string>;
}

type Discard = (id: Cell | undefined) => void;

export class LocalR2Upload {
  readonly key: string;
  readonly uploadId: string;
  readonly #store: Store;
  readonly #make: (discard: Discard, made: MadeObject) => LocalR2Object;

  constructor(
    store: Store,
    key: string,
    uploadId: string,
    make: (discard: Discard, made: MadeObject) => LocalR2Object,
  ) {
    this.key = key;
    this.uploadId = uploadId;
    this.#store = store;
    this.#make = make;
  }

  async uploadPart(given: unknown, value: unknown): Promise<R2UploadedPart> {
    return asked("uploadPart", async () => {
      const partNumber = wholeNumber(given) ?? 0;
      rule("r2_part_number", partNumber);
      rule("r2_upload", "part", this.#state());
      const digest = createHash("md5");
      const source = bytesOfValue(value, "r2");
      const { id, size } = await this.#store.blobs.put(this.key, source, (chunk, total) => {
        rule("r2_size", total);
        digest.update(chunk);
      });
      const etag = randomBytes(16).toString("hex");
      this.#store.commit(id, (discard) => {
        rule("r2_upload", "part", this.#state());
        const old = this.#store.one(
          "delete from part where upload_id = ? and part_number = ? returning blob_id",
          this.uploadId,
          partNumber,
        );
        discard(old?.["blob_id"]);
        this.#store.one(
          "insert into part values (?, ?, ?, ?, ?, ?, null)",
          this.uploadId,
          partNumber,
          id,
          size,
          etag,
          digest.digest("hex"),
        );
      });
      return { partNumber, etag };
    });
  }

  async complete(parts: readonly R2UploadedPart[]): Promise<LocalR2Object> {
    return asked("completeMultipartUpload", () =>
      this.#store.change((discard) => {
        rule("r2_upload", "complete", this.#state());
        const uploaded = this.#store.all(
          "select part_number, etag, size, md5 from part where upload_id = ?",
          this.uploadId,
        );
        const numbers = rule<number[]>(
          "r2_complete",
          parts.map((part) => [Number(part.partNumber), String(part.etag)]),
          uploaded.map((row) => [row["part_number"], row["etag"], row["size"]]),
        );
        const chosen = numbers.map(
          (number) => uploaded.find((row) => row["part_number"] === number) as Row,
        );
        const digest = createHash("md5");
        for (const row of chosen) digest.update(row["md5"] as string, "hex");
        const upload = this.#store.one(
          "update upload set state = ? where upload_id = ? returning http_metadata, custom_metadata",
          stateDone,
          this.uploadId,
        ) as Row;
        const made = this.#make(discard, {
          key: this.key,
          size: chosen.reduce((sum, row) => sum + Number(row["size"]), 0),
          etag: `${digest.digest("hex")}-${chosen.length}`,
          http: JSON.parse(upload["http_metadata"] as string) as StoredHttpMetadata,
          custom: JSON.parse(upload["custom_metadata"] as string) as Record<string, string>,
        });
        for (const number of numbers) {
          this.#store.one(
            "update part set object_version = ? where upload_id = ? and part_number = ?",
            made.version,
            this.uploadId,
            number,
          );
        }
        this.#discardParts(discard);
        return made;
      }),
    );
  }

  async abort(): Promise<void> {
    await asked("abortMultipartUpload", () =>
      this.#store.change((discard) => {
        const state = this.#state();
        rule("r2_upload", "abort", state);
        if (state !== 0) return;
        this.#store.one(
          "update upload set state = ? where upload_id = ?",
          stateAborted,
          this.uploadId,
        );
        this.#discardParts(discard);
      }),
    );
  }

  #state(): number | null {
    const row = this.#store.one(
      "select state from upload where upload_id = ? and key = ?",
      this.uploadId,
      Buffer.from(this.key),
    );
    return row === undefined ? null : Number(row["state"]);
  }

  /** Those that no object is made of. */
  #discardParts(discard: Discard): void {
    const rows = this.#store.all(
      "delete from part where upload_id = ? and object_version is null returning blob_id",
      this.uploadId,
    );
    for (const row of rows) discard(row["blob_id"]);
  }
}

/** The bytes of `range` of an object made of parts, which are opened one after the other; null when they went. */
export function partStream(
  store: Store,
  version: string,
  range: ByteRange,
): ReadableStream<Uint8Array> | null {
  const rows = store.all(
    "select blob_id, size from part where object_version = ? order by part_number",
    version,
  );
  if (rows.length === 0 && range.end >= range.start) return null;
  const wanted: { id: string; size: number; part: ByteRange }[] = [];
  let offset = 0;
  for (const row of rows) {
    const size = Number(row["size"]);
    const start = Math.max(range.start - offset, 0);
    const end = Math.min(range.end - offset, size - 1);
    if (start <= end) wanted.push({ id: row["blob_id"] as string, size, part: { start, end } });
    offset += size;
  }
  const release = store.pin(wanted.map(({ id }) => id));
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (const { id, size, part } of wanted) {
        const stream = store.blobs.get(id, size, part);
        if (stream === null) throw store.lost(id);
        yield* stream as unknown as AsyncIterable<Uint8Array>;
        release(id);
      }
    } finally {
      for (const { id } of wanted) release(id);
    }
  }
  const parts = bytes();
  return new ReadableStream<Uint8Array>({
    type: "bytes",
    async pull(controller) {
      const next = await parts.next();
      if (next.done !== true) return controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
      controller.close();
      (controller as ReadableByteStreamController).byobRequest?.respond(0);
    },
    async cancel() {
      await parts.return(undefined);
      for (const { id } of wanted) release(id);
    },
  });
}
