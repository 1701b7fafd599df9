// A store: rows in SQLite that name blobs, and the order of steps that no crash can spoil. A blob is written before the
// row that names it; what a row named is in the trash in the same transaction that takes it away, and goes after that.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isBlobId, type BlobStore } from "./blobs.js";
import { DiskBlobs } from "./disk-blobs.js";
import type { Durability } from "./options.js";
import { LocalStorageError, onFile } from "./failures.js";
import { makeFolder } from "./folders.js";
import { MemoryBlobs } from "./memory-blobs.js";
import { asDatabaseError, openStoreDatabase } from "./sqlite.js";

/** Files that nobody names are left alone for so long when another process may be about to name them. */
const graceMilliseconds = 60 * 60 * 1000;

const trashSchema = `
  create table trash (blob_id text primary key, since_ms integer not null) strict, without rowid;`;

/** Where a store lies, and on what terms. */
export interface StorePlace {
  /** The store's folder; null for memory. */
  readonly folder: string | null;
  readonly durability: Durability;
  /** Whether no other process can be at work there. */
  readonly owned: boolean;
  readonly now: () => number;
}

/** A value of a row. */
export type Cell = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, Cell>>;

/**
 * Refuses to begin anew beside values whose database is gone: they would be taken for what a crash has left.
 * @throws LocalStorageError
 */
function checkThere(path: string, blobs: string): void {
  const isThere = (): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  try {
    // Looked for again after the values: another process may have made both meanwhile.
    if (isThere() || !existsSync(blobs) || !readdirSync(blobs).some(isBlobId) || isThere()) return;
  } catch (error) {
    throw onFile(error, path);
  }
  throw new LocalStorageError(
    path,
    `it is missing or empty, and values that it named are in ${blobs}`,
    "Restore it from a copy, or remove the store's folder to begin anew; nothing was deleted",
  );
}

export class Store {
  readonly blobs: BlobStore;
  readonly now: () => number;
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #pins = new Map<string, number>();

  /** `blobIds` selects every blob that a row names. */
  constructor(place: StorePlace, schema: string, blobIds: string) {
    this.now = place.now;
    const { folder } = place;
    if (folder !== null) makeFolder(folder, place.durability);
    this.#path = folder === null ? ":memory:" : join(folder, "store.sqlite");
    if (folder !== null) checkThere(this.#path, join(folder, "blobs"));
    this.#database = openStoreDatabase(
      folder === null ? null : this.#path,
      schema + trashSchema,
      place.durability,
    );
    try {
      this.blobs =
        folder === null
          ? new MemoryBlobs()
          : new DiskBlobs(join(folder, "blobs"), place.durability);
      if (folder !== null) this.#collect(blobIds, place.owned);
    } catch (error) {
      this.#statements.clear();
      this.#database.close();
      // What is asked here every store of this kind can answer.
      if ((error as { errcode?: number }).errcode !== 1) throw onFile(error, folder ?? "");
      throw new LocalStorageError(
        this.#path,
        "it is the database of a store of another kind",
        "Restore the one that was here; nothing was deleted",
        error,
      );
    }
  }

  /** The rows that `sql` answers. */
  all(sql: string, ...values: Cell[]): Row[] {
    return this.#run(() => this.#statement(sql).all(...values) as unknown as Row[]);
  }

  /** The first of them. */
  one(sql: string, ...values: Cell[]): Row | undefined {
    return this.#run(() => this.#statement(sql).get(...values) as unknown as Row | undefined);
  }

  /** Runs `work` in one transaction that writes. Blobs it names are deleted once it is committed. */
  change<Answer>(work: (discard: (blobId: Cell | undefined) => void) => Answer): Answer {
    const discarded: string[] = [];
    const answer = this.#run(() => {
      this.#database.exec("begin immediate");
      try {
        const result = work((blobId) => {
          if (typeof blobId !== "string") return;
          this.one("insert or ignore into trash values (?, ?)", blobId, this.now());
          discarded.push(blobId);
        });
        this.#database.exec("commit");
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("rollback");
        throw error;
      }
    });
    this.#empty(discarded);
    return answer;
  }

  /** Commits what was written as `blobId`, which goes when `work` fails. */
  commit<Answer>(
    blobId: string,
    work: (discard: (id: Cell | undefined) => void) => Answer,
  ): Answer {
    try {
      return this.change(work);
    } catch (error) {
      this.blobs.delete(blobId);
      throw error;
    }
  }

  /**
   * Reads a row, then what it names. When that is gone the row was replaced between the two, and is read again.
   * @throws LocalStorageError when the same blob is missing twice
   */
  follow<Answer>(
    read: () => Row | undefined,
    open: (row: Row, blobId: string) => Answer | null,
  ): Answer | null {
    let missing: string | null = null;
    for (;;) {
      const row = read();
      if (row === undefined) return null;
      const blobId = row["blob_id"] as string;
      const found = open(row, blobId);
      if (found !== null) return found;
      if (missing === blobId) throw this.lost(blobId);
      missing = blobId;
    }
  }

  /** Keeps blobs that a body is still to read; answers how one of them is let go. */
  pin(ids: readonly string[]): (id: string) => void {
    for (const id of ids) this.#pins.set(id, (this.#pins.get(id) ?? 0) + 1);
    const held = new Set(ids);
    return (id) => {
      if (!held.delete(id)) return;
      const count = (this.#pins.get(id) ?? 0) - 1;
      if (count > 0) this.#pins.set(id, count);
      else {
        this.#pins.delete(id);
        if (this.one("select 1 from trash where blob_id = ?", id)) this.#empty([id]);
      }
    };
  }

  lost(blobId: string): LocalStorageError {
    return new LocalStorageError(
      `${this.#path}, blob ${blobId}`,
      "the file of a value is missing",
      "Restore it from a copy, or delete the key; nothing was deleted",
    );
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
    this.blobs.close();
  }

  /** Deletes blobs that are in the trash. What fails stays there for the next time the store is opened. */
  #empty(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#pins.has(id)) continue;
      try {
        this.blobs.delete(id);
        this.one("delete from trash where blob_id = ?", id);
      } catch {
        return;
      }
    }
  }

  /** What a crash left: trash, and files that nobody names. */
  #collect(blobIds: string, owned: boolean): void {
    this.#empty(this.all("select blob_id from trash").map((row) => row["blob_id"] as string));
    const named = new Set(this.all(blobIds).map((row) => row["blob_id"]));
    this.blobs.collect((id) => named.has(id), owned ? null : Date.now() - graceMilliseconds);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #run<Answer>(work: () => Answer): Answer {
    try {
      return work();
    } catch (error) {
      throw asDatabaseError(error, this.#path);
    }
  }
}
