// R2Bucket over a store.

import { createHash, randomBytes } from "node:crypto";
import type {
  R2Bucket,
  R2GetOptions,
  R2ListOptions,
  R2MultipartOptions,
  R2PutOptions,
} from "@cloudflare/workers-types";
import { bytesOfValue } from "./body.js";
import type { ByteSource } from "./blobs.js";
import { present, textOf, wholeNumber } from "./conversions.js";
import { LocalR2Object, LocalR2ObjectBody } from "./r2-object.js";
import { conditionOf, customMetadataOf, hashNames, hashOf, httpMetadataOf } from "./r2-options.js";
import { metadataBytes, rangeOf, type WireCondition } from "./r2-options.js";
import { LocalR2Upload, partStream, uploadSchema } from "./r2-upload.js";
import { asked } from "./r2-asked.js";
import { bounds, Refusal, rule, type Bounds } from "./rules.js";
import { Store, type Cell, type Row, type StorePlace } from "./store.js";

const schema = `
  create table object (
    key blob primary key, version text not null unique, blob_id text unique,
    size integer not null, etag text not null, uploaded_ms integer not null,
    checksums text not null, http_metadata text not null, custom_metadata text not null
  ) strict, without rowid;
  ${uploadSchema}`;

const blobIds = `select blob_id from object where blob_id is not null
  union all select blob_id from part`;

const headColumns =
  "key, version, size, etag, uploaded_ms, checksums, http_metadata, custom_metadata";

interface ListAnswer {
  objects: LocalR2Object[];
  delimitedPrefixes: string[];
  truncated: boolean;
  cursor?: string;
}

export class LocalR2 {
  readonly #store: Store;

  constructor(place: StorePlace) {
    this.#store = new Store(place, schema, blobIds);
  }

  /** This object by the platform's type. */
  get binding(): R2Bucket {
    return this as unknown as R2Bucket;
  }

  async head(key: unknown): Promise<LocalR2Object | null> {
    return asked("head", () => {
      const row = this.#row(checkedKey(key));
      return row === undefined ? null : new LocalR2Object(row, wholeOf(row));
    });
  }

  async get(key: unknown, given?: R2GetOptions): Promise<LocalR2Object | null> {
    return asked("get", () => {
      const options = given ?? {};
      const condition = conditionOf(options.onlyIf);
      const range = rangeOf(options.range);
      checkShape(range);
      const name = checkedKey(key);
      let missing: string | null = null;
      for (;;) {
        const row = this.#row(name);
        if (row === undefined) return null;
        if (condition !== null && !holds(condition, row))
          return new LocalR2Object(row, wholeOf(row));
        const found = this.#body(row, range);
        if (found !== null) return found;
        const version = row["version"] as string;
        if (missing === version) throw this.#store.lost(String(row["blob_id"]));
        missing = version;
      }
    });
  }

  async put(key: unknown, value: unknown, given?: R2PutOptions): Promise<LocalR2Object | null> {
    return asked("put", async () => {
      const options = given ?? {};
      const source: ByteSource = bytesOfValue(value, "r2");
      const custom = customMetadataOf(options.customMetadata);
      const condition = conditionOf(options.onlyIf);
      const hash = hashOf(options);
      const http = httpMetadataOf(options.httpMetadata);
      const name = checkedKey(key, metadataBytes(custom));
      const digests = new Map([["md5", createHash("md5")]]);
      if (hash !== null && hash.name !== "md5") digests.set(hash.name, createHash(hash.name));
      const { id, size } = await this.#store.blobs.put(name, source, (chunk, total) => {
        rule("r2_size", total);
        for (const digest of digests.values()) digest.update(chunk);
      });
      return this.#store.commit(id, (discard) => {
        const checksums = Object.fromEntries(
          [...digests].map(([algorithm, digest]) => [algorithm, digest.digest("hex")]),
        );
        if (hash !== null) verify(hash, checksums[hash.name] as string);
        const row = this.#row(name);
        if (condition !== null && !holds(condition, row)) {
          discard(id);
          return null;
        }
        const etag = checksums["md5"] as string;
        return this.#replace(row, discard, name, id, size, etag, checksums, http, custom);
      });
    });
  }

  async delete(keys: unknown): Promise<void> {
    await asked("delete", () => {
      const names = Array.isArray(keys) ? keys.map((key) => checkedKey(key)) : [checkedKey(keys)];
      rule("r2_delete", names.length);
      this.#store.change((discard) => {
        for (const name of names) this.#discard(this.#row(name), discard);
      });
    });
  }

  async list(given?: R2ListOptions): Promise<ListAnswer> {
    return asked("list", () => {
      const options = given ?? {};
      const field = (name: "prefix" | "delimiter" | "cursor" | "startAfter"): string | null =>
        options[name] === undefined
          ? null
          : textOf(present(options[name], name, "ListOptions", "string"));
      const include = present(
        options.include ?? (options.include === undefined ? [] : null),
        "include",
        "ListOptions",
        "Array",
      ) as readonly string[];
      for (const one of include)
        if (one !== "httpMetadata" && one !== "customMetadata")
          throw new RangeError(`Unsupported include value ${one}`);
      const prefix = field("prefix") ?? "";
      const page = bounds(
        "r2_list",
        prefix,
        field("startAfter"),
        field("cursor"),
        wholeNumber(options.limit),
        include.length > 0,
      );
      const answer: ListAnswer = { objects: [], truncated: false, delimitedPrefixes: [] };
      if (page === null) return answer;
      const columns = [
        "key, version, size, etag, uploaded_ms, checksums",
        ...(include.includes("httpMetadata") ? ["http_metadata"] : []),
        ...(include.includes("customMetadata") ? ["custom_metadata"] : []),
      ].join(", ");
      const delimiter = field("delimiter") ?? "";
      this.#fill(answer, page, columns, prefix, delimiter);
      return answer;
    });
  }

  async createMultipartUpload(key: unknown, given?: R2MultipartOptions): Promise<LocalR2Upload> {
    return asked("createMultipartUpload", () => {
      const options = given ?? {};
      const custom = customMetadataOf(options.customMetadata);
      const http = httpMetadataOf(options.httpMetadata);
      const name = checkedKey(key, metadataBytes(custom));
      const uploadId = randomBytes(96).toString("base64url");
      this.#store.one(
        "insert into upload values (?, ?, ?, ?, 0, ?)",
        uploadId,
        Buffer.from(name),
        JSON.stringify(http),
        JSON.stringify(custom),
        this.#store.now(),
      );
      return this.resumeMultipartUpload(name, uploadId);
    });
  }

  /** Checks nothing: what does not exist shows when it is used. */
  resumeMultipartUpload(key: unknown, uploadId: string): LocalR2Upload {
    return new LocalR2Upload(this.#store, textOf(key), String(uploadId), (discard, made) => {
      const row = this.#row(made.key);
      return this.#replace(
        row,
        discard,
        made.key,
        null,
        made.size,
        made.etag,
        {},
        made.http,
        made.custom,
      );
    });
  }

  close(): void {
    this.#store.close();
  }

  #row(name: string): Row | undefined {
    return this.#store.one(
      `select ${headColumns}, blob_id from object where key = ?`,
      Buffer.from(name),
    );
  }

  /** The object with the part of its body that `range` means; null when that went meanwhile. */
  #body(row: Row, asked: string | object | null): LocalR2ObjectBody | null {
    const size = Number(row["size"]);
    const some = asked === null ? null : rule<[number, number] | null>("r2_range", asked, size);
    const range = some === null ? undefined : { start: some[0], end: some[1] };
    const told = some === null ? wholeOf(row) : { offset: some[0], length: some[1] - some[0] + 1 };
    const body =
      row["blob_id"] === null
        ? partStream(this.#store, row["version"] as string, range ?? { start: 0, end: size - 1 })
        : this.#store.blobs.get(row["blob_id"] as string, size, range);
    return body === null ? null : new LocalR2ObjectBody(row, told, body);
  }

  #replace(
    old: Row | undefined,
    discard: (id: Cell | undefined) => void,
    name: string,
    blobId: string | null,
    size: number,
    etag: string,
    checksums: Record<string, string>,
    http: object,
    custom: object,
  ): LocalR2Object {
    this.#discard(old, discard);
    const row = this.#store.one(
      `insert into object (key, version, blob_id, size, etag, uploaded_ms, checksums, http_metadata,
         custom_metadata) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning ${headColumns}`,
      Buffer.from(name),
      randomBytes(16).toString("hex"),
      blobId,
      size,
      etag,
      this.#store.now(),
      JSON.stringify(checksums),
      JSON.stringify(http),
      JSON.stringify(custom),
    );
    return new LocalR2Object(row as Row);
  }

  /** Takes a row away with the blobs it names. */
  #discard(row: Row | undefined, discard: (id: Cell | undefined) => void): void {
    if (row === undefined) return;
    this.#store.one("delete from object where version = ?", row["version"] as string);
    discard(row["blob_id"]);
    if (row["blob_id"] !== null) return;
    const parts = this.#store.all(
      "delete from part where object_version = ? returning blob_id",
      row["version"] as string,
    );
    for (const part of parts) discard(part["blob_id"]);
  }

  /** Reads on until the page is full; of each group only the first key is looked at. */
  #fill(
    answer: ListAnswer,
    page: Bounds,
    columns: string,
    prefix: string,
    delimiter: string,
  ): void {
    let { lower, inclusive } = page;
    let last: { text: string; isGroup: boolean } | null = null;
    for (;;) {
      const room = page.limit - answer.objects.length - answer.delimitedPrefixes.length;
      const rows = this.#store.all(
        `select ${columns} from object where key ${inclusive ? ">=" : ">"} ?
         ${page.upper === null ? "" : "and key < ?"} order by key limit ?`,
        lower,
        ...(page.upper === null ? [] : [page.upper]),
        room + 1,
      );
      const objects = rows.map((row) => new LocalR2Object(row));
      const groups =
        delimiter === ""
          ? null
          : rule<(string | null)[]>(
              "list_groups",
              prefix,
              delimiter,
              objects.map(({ key }) => key),
            );
      let grouped: string | null = null;
      for (const [index, object] of objects.entries()) {
        if (answer.objects.length + answer.delimitedPrefixes.length === page.limit) {
          answer.truncated = true;
          answer.cursor = rule<string>("list_cursor", last?.text, last?.isGroup);
          return;
        }
        grouped = groups?.[index] ?? null;
        if (grouped === null) answer.objects.push(object);
        else {
          answer.delimitedPrefixes.push(grouped);
          last = { text: grouped, isGroup: true };
          break;
        }
        last = { text: object.key, isGroup: false };
      }
      if (grouped === null) return;
      // The rest of the group is skipped by the index, however large it is.
      lower = Buffer.from(rule<string>("behind_group", grouped), "hex");
      inclusive = false;
    }
  }
}

function wholeOf(row: Row): { offset: number; length: number } {
  return { offset: 0, length: Number(row["size"]) };
}

function holds(condition: WireCondition, row: Row | undefined): boolean {
  const stored =
    row === undefined ? null : { etag: row["etag"], uploaded: Number(row["uploaded_ms"]) };
  return rule<boolean>("r2_condition", condition, stored);
}

/** A range that no object could have is refused whether there is one or not. */
function checkShape(range: string | object | null): void {
  if (range === null || typeof range === "string") return;
  try {
    rule("r2_range", range, Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 0 || error.code === 1) throw error;
  }
}

function checkedKey(key: unknown, metadata = 0): string {
  const name = textOf(key);
  rule("r2_keys", [name], metadata);
  return name;
}

function verify(hash: { name: keyof typeof hashNames; digits: string }, actual: string): void {
  if (hash.digits === actual) return;
  const [title] = hashNames[hash.name];
  throw new Refusal(
    10037,
    `The ${title} checksum you specified did not match what we received.\n` +
      `You provided a ${title} checksum with value: ${hash.digits}\nActual ${title} was: ${actual}`,
  );
}
