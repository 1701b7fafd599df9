// A bucket with history in SQLite, for apps and tests that run without a server: the rules of JetStream's, in one process.

import type {
  Backend,
  BucketStatus,
  Feed,
  Operation,
  Stored,
  WatchSpec,
  Write,
} from "./backend.js";
import {
  BucketNotFound,
  Closed,
  InvalidOption,
  BucketFull,
  RevisionConflict,
  ValueTooLarge,
} from "./errors.js";
import { FeedQueue } from "./feed.js";
import type { Durability } from "../local/options.js";
import { asDatabaseError, openStoreDatabase } from "../local/sqlite.js";
import type { Row } from "../local/store.js";
import { rule } from "../local/rules.js";
import type { DatabaseSync, StatementSync } from "node:sqlite";

const schema = `
  create table message (
    revision integer primary key autoincrement, key text not null, operation text not null,
    value blob not null, headers text not null, message_id text,
    created_ms integer not null, expires_ms integer, own_ttl integer not null
  ) strict;
  create index message_key on message(key, revision);
  create index message_id on message(message_id) where message_id is not null;
  create index message_expires on message(expires_ms) where expires_ms is not null;
  create table bucket (name text primary key, value text not null) strict;`;

export interface LocalBucketOptions {
  readonly history: number;
  readonly ttl: number | null;
  readonly markerTtl: number | null;
  readonly maxBytes: number | null;
  readonly maxValueBytes: number;
}

export interface LocalPlace {
  readonly bucket: string;
  readonly stream: string;
  /** The database; null for memory. */
  readonly path: string | null;
  readonly durability: Durability;
  readonly now: () => number;
  /** Called when the bucket is deleted, once its database is closed. */
  readonly destroyed: () => void;
}

/** Seconds in which a message with an id that was seen is not stored again. */
const duplicateWindow = 120;
/** Milliseconds between looks for what has expired. */
const sweepEvery = 250;
/** Entries that a watch reads at once. */
const page = 500;

interface Watcher {
  readonly filter: string;
  readonly metaOnly: boolean;
  readonly queue: FeedQueue;
  /** Revisions up to this one it has. */
  last: number;
  /** While it still reads what was there, changes wait in the database. */
  reading: boolean;
}

export class LocalBucket implements Backend {
  readonly history: number;
  readonly keyTtl: Backend["keyTtl"];
  readonly maxValueBytes: number;
  readonly options: LocalBucketOptions;
  readonly #place: LocalPlace;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #watchers = new Set<Watcher>();
  readonly #timer: NodeJS.Timeout;
  #destroyed = false;
  #open = true;

  /** Opens the database, which keeps the options that it was made with; `options` are for a new one. */
  constructor(place: LocalPlace, options: LocalBucketOptions) {
    this.#place = place;
    this.#database = openStoreDatabase(place.path, schema, place.durability);
    const kept = this.#one("select value from bucket where name = 'options'");
    this.options =
      kept === undefined ? options : (JSON.parse(kept["value"] as string) as LocalBucketOptions);
    if (kept === undefined)
      this.#one("insert into bucket values ('options', ?)", JSON.stringify(options));
    this.history = this.options.history;
    this.maxValueBytes = this.options.maxValueBytes;
    this.keyTtl =
      this.options.markerTtl === null
        ? {
            why: `the bucket ${place.bucket} was made without markerTtl, which TTLs of single keys need`,
            version: "local",
          }
        : true;
    this.#timer = setInterval(() => this.#sweep(), sweepEvery);
    this.#timer.unref();
  }

  read(key: string, revision: number | null): Promise<Stored | null> {
    return this.#promised(() => {
      const alive = "and (expires_ms is null or expires_ms > ?)";
      const row =
        revision === null
          ? this.#one(
              `select * from message where key = ? ${alive} order by revision desc limit 1`,
              key,
              this.#place.now(),
            )
          : this.#one(
              `select * from message where revision = ? and key = ? ${alive}`,
              revision,
              key,
              this.#place.now(),
            );
      return row === undefined ? null : storedOf(row, 0, false);
    });
  }

  write(write: Write): Promise<number> {
    return this.#promised(() => {
      const headers = JSON.stringify(write.headers);
      const size = write.value.byteLength + (headers === "{}" ? 0 : Buffer.byteLength(headers));
      if (size > this.maxValueBytes) throw new ValueTooLarge(size, this.maxValueBytes);
      const now = this.#place.now();
      const { ttl: bucketTtl } = this.options;
      const revision = this.#change(() => {
        const seen = this.#duplicate(write.id, now);
        if (seen !== null) return seen;
        this.#expire(now);
        if (write.expected !== null) {
          const current = this.#lastRevision(write.key);
          if (current !== write.expected)
            throw new RevisionConflict(write.key, write.expected, current);
        }
        // The marker's TTL is the least that a key's can be where there is history, as on a server.
        const ttl = write.ttl === null ? bucketTtl : Math.min(write.ttl, bucketTtl ?? Infinity);
        const expires = ttl === null ? null : now + Math.round(ttl * 1000);
        const { revision: written } = this.#one(
          `insert into message (key, operation, value, headers, message_id, created_ms, expires_ms, own_ttl)
           values (?, ?, ?, ?, ?, ?, ?, ?) returning revision`,
          write.key,
          write.operation,
          write.value,
          headers,
          write.id,
          now,
          expires,
          write.ttl === null ? 0 : 1,
        ) as { revision: number };
        const keep = write.rollup ? 1 : this.history;
        this.#trim(write.key, keep);
        this.#checkRoom(write);
        return written;
      });
      this.#publish();
      return revision;
    });
  }

  discard(key: string | null, what: { through: number } | { keep: number }): Promise<void> {
    return this.#promised(() => {
      this.#change(() => {
        if ("keep" in what) {
          if (key !== null) this.#trim(key, what.keep);
          return;
        }
        if (key === null) this.#one("delete from message where revision <= ?", what.through);
        else this.#one("delete from message where key = ? and revision <= ?", key, what.through);
      });
    });
  }

  /** One statement reads them all: none is missing. */
  others(): Promise<Stored[]> {
    return Promise.resolve([]);
  }

  watch(spec: WatchSpec): Promise<Feed> {
    return this.#promised(() => {
      const watcher: Watcher = {
        filter: spec.filter,
        metaOnly: spec.metaOnly,
        queue: new FeedQueue(() => {
          this.#watchers.delete(watcher);
          spec.liveness?.(false, 0);
        }),
        last: 0,
        reading: true,
      };
      this.#watchers.add(watcher);
      this.#sweep();
      const until = this.#topRevision();
      watcher.last = until;
      if (spec.start !== "updates") this.#begin(watcher, spec, until);
      else {
        watcher.queue.push(null);
        watcher.reading = false;
      }
      spec.liveness?.(true, 0);
      return watcher.queue.feed;
    });
  }

  status(): Promise<BucketStatus> {
    return this.#promised(() => {
      const row = this.#one(
        `select count(*) as entries, coalesce(sum(length(value) + length(key) + length(headers)), 0) as bytes,
           coalesce(min(revision), 0) as first from message`,
      ) as Record<string, number>;
      const { history, ttl, markerTtl, maxBytes, maxValueBytes } = this.options;
      return {
        bucket: this.#place.bucket,
        stream: this.#place.stream,
        backend: "local",
        entries: row["entries"] ?? 0,
        bytes: row["bytes"] ?? 0,
        history,
        ttl,
        markerTtl,
        storage: this.#place.path === null ? "memory" : "file",
        replicas: 1,
        maxBytes,
        maxValueBytes,
        firstRevision: row["first"] ?? 0,
        lastRevision: this.#topRevision(),
        compressed: false,
        mirrors: null,
        version: "local",
      };
    });
  }

  destroy(): Promise<void> {
    return this.#promised(() => {
      this.#destroyed = true;
      this.#end({ reason: new BucketNotFound(this.#place.bucket) });
      this.#place.destroyed();
    });
  }

  /** Closes the database; watches end. */
  close(): void {
    this.#end(null);
  }

  #end(failure: { reason: unknown } | null): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#timer);
    for (const watcher of [...this.#watchers]) watcher.queue.end(failure);
    this.#statements.clear();
    this.#database.close();
  }

  /** What is there for a new watch, then the mark. */
  #begin(watcher: Watcher, spec: WatchSpec, until: number): void {
    const from = typeof spec.start === "object" ? spec.start.from : 1;
    const latest =
      spec.start === "latest"
        ? "and revision = (select max(revision) from message as other where other.key = message.key)"
        : "";
    const columns = watcher.metaOnly
      ? "revision, key, operation, length(value) as size, headers, created_ms, expires_ms, own_ttl"
      : "*";
    const exact = !/[*>]/.test(spec.filter);
    const rows: Row[] = [];
    for (let after = from - 1; ;) {
      const found = this.#all(
        `select ${columns} from message where revision > ? and revision <= ? ${exact ? "and key = ?" : ""}
         ${latest} order by revision limit ?`,
        after,
        until,
        ...(exact ? [spec.filter] : []),
        page,
      );
      rows.push(...this.#matching(spec.filter, found));
      if (found.length < page) break;
      after = Number(found.at(-1)?.["revision"]);
    }
    for (const [index, row] of rows.entries())
      watcher.queue.push(storedOf(row, rows.length - 1 - index, watcher.metaOnly));
    watcher.queue.push(null);
    watcher.reading = false;
  }

  /** Hands watches what was committed since. */
  #publish(): void {
    for (const watcher of [...this.#watchers]) {
      if (watcher.reading) continue;
      const rows = this.#all(
        "select * from message where revision > ? order by revision",
        watcher.last,
      );
      const last = rows.at(-1);
      if (last === undefined) continue;
      watcher.last = Number(last["revision"]);
      for (const row of this.#matching(watcher.filter, rows))
        watcher.queue.push(storedOf(row, 0, watcher.metaOnly));
    }
  }

  #matching(filter: string, rows: Row[]): Row[] {
    if (filter === ">" || rows.length === 0) return rows;
    const fit = rule<boolean[]>(
      "history_match",
      filter,
      rows.map((row) => row["key"]),
    );
    return rows.filter((_row, index) => fit[index] === true);
  }

  /** Takes away what has expired, and marks it where keys have TTLs. */
  #sweep(): void {
    if (!this.#open) return;
    const now = this.#place.now();
    if (this.#one("select 1 from message where expires_ms <= ? limit 1", now) === undefined) return;
    this.#change(() => this.#expire(now));
    this.#publish();
  }

  #expire(now: number): void {
    const { markerTtl } = this.options;
    const gone = this.#all(
      "delete from message where expires_ms <= ? returning key, operation, revision",
      now,
    );
    if (markerTtl === null) return;
    for (const row of gone) {
      const key = row["key"] as string;
      if (row["operation"] !== "PUT" || Number(row["revision"]) < this.#lastRevision(key)) continue;
      this.#one(
        `insert into message (key, operation, value, headers, created_ms, expires_ms, own_ttl)
         values (?, 'PURGE', ?, '{}', ?, ?, 1)`,
        key,
        new Uint8Array(),
        now,
        now + markerTtl * 1000,
      );
      this.#trim(key, this.history);
    }
  }

  #trim(key: string, keep: number): void {
    this.#one(
      `delete from message where key = ? and revision <= coalesce(
         (select revision from message where key = ? order by revision desc limit 1 offset ?), 0)`,
      key,
      key,
      keep,
    );
  }

  #checkRoom(write: Write): void {
    const { maxBytes } = this.options;
    // What takes away must always be possible.
    if (maxBytes === null || write.operation !== "PUT") return;
    const { bytes } = this.#one(
      "select sum(length(value) + length(key) + length(headers)) as bytes from message",
    ) as { bytes: number };
    if (bytes > maxBytes) throw new BucketFull(`the bucket has no room: ${maxBytes} bytes at most`);
  }

  #duplicate(id: string | null, now: number): number | null {
    if (id === null) return null;
    const window = Math.min(duplicateWindow, this.options.ttl ?? duplicateWindow) * 1000;
    const row = this.#one(
      "select revision from message where message_id = ? and created_ms > ?",
      id,
      now - window,
    );
    return row === undefined ? null : Number(row["revision"]);
  }

  #lastRevision(key: string): number {
    const row = this.#one("select max(revision) as revision from message where key = ?", key);
    return Number(row?.["revision"] ?? 0);
  }

  #topRevision(): number {
    const row = this.#one("select seq from sqlite_sequence where name = 'message'");
    return Number(row?.["seq"] ?? 0);
  }

  #change<Answer>(work: () => Answer): Answer {
    this.#database.exec("begin immediate");
    try {
      const answer = work();
      this.#database.exec("commit");
      return answer;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  #promised<Answer>(work: () => Answer): Promise<Answer> {
    try {
      if (this.#destroyed) throw new BucketNotFound(this.#place.bucket);
      if (!this.#open) throw new Closed();
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(asDatabaseError(error, this.#place.path ?? ":memory:") as Error);
    }
  }

  #all(sql: string, ...values: (string | number | null | Uint8Array)[]): Row[] {
    return this.#statement(sql).all(...values) as unknown as Row[];
  }

  #one(sql: string, ...values: (string | number | null | Uint8Array)[]): Row | undefined {
    return this.#statement(sql).get(...values) as unknown as Row | undefined;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function storedOf(row: Row, delta: number, metaOnly: boolean): Stored {
  const value = (row["value"] ?? new Uint8Array()) as Uint8Array;
  return {
    key: row["key"] as string,
    value: metaOnly ? new Uint8Array() : value,
    size: Number(row["size"] ?? value.byteLength),
    created: Number(row["created_ms"]),
    revision: Number(row["revision"]),
    delta,
    operation: row["operation"] as Operation,
    origin: null,
    expires: row["own_ttl"] === 1 ? Number(row["expires_ms"]) : null,
    headers: JSON.parse(row["headers"] as string) as Record<string, string>,
  };
}

/** Options of a new local bucket that were given. @throws InvalidOption for those that only a server has */
export function checkLocalOptions(options: object): void {
  const given = options as Record<string, unknown>;
  for (const field of ["placement", "readFrom"])
    if (given[field] !== undefined)
      throw new InvalidOption(`${field} needs a server: this bucket is local`);
}
