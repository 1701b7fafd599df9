// D1Database over a SQLite file that is this store's alone.

import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { D1Database } from "@cloudflare/workers-types";
import { d1Error, sqliteMessage } from "./d1-errors.js";
import {
  isPragma,
  noStatementBehind,
  noStatements,
  StatementError,
  Statements,
  wrongCount,
  type First,
} from "./d1-statements.js";
import { asObject, cellIn, cellOut, type OutCell, type Value } from "./d1-values.js";
import { LocalStorageError } from "./failures.js";
import { makeFolder } from "./folders.js";
import { asDatabaseError, openDatabase, tune } from "./sqlite.js";
import type { StorePlace } from "./store.js";

/** What a text answered, as SQLite gives it. */
interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly altered: boolean;
}

/** What SQLite counts for a connection, and the bytes of the database. */
interface Counts {
  readonly changes: number;
  readonly lastRow: number;
  readonly size: number;
}

const multipleWithParameters =
  "When executing multiple SQL statements in a single call, only the last statement can have parameters.";
/** What may stand before a statement: white space, comments, empty statements. */
const leading = /^(?:\s|;|--[^\n]*|\/\*[\s\S]*?\*\/)+/;
const firstBookmark = "00000000-00000000-00000000-00000000000000000000000000000000";

/** What D1 keeps in SQLite itself, with its rules about SQL. */
export class LocalD1 {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #path: string | null;
  readonly #counters: StatementSync;
  readonly #pages: StatementSync;
  readonly #pageSize: number;
  readonly #begin: StatementSync;
  readonly #beginReading: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  /** As this process saw them last; null once something may have written since. */
  #counted: Counts | null = null;

  constructor(place: StorePlace) {
    const { folder } = place;
    this.#path = folder === null ? null : join(folder, "database.sqlite");
    if (folder !== null) makeFolder(folder, place.durability);
    this.#database = openDatabase(this.#path, { enableDoubleQuotedStringLiterals: true });
    try {
      tune(this.#database, place.durability);
      const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
      this.#counters = prepare("select total_changes(), last_insert_rowid()");
      this.#counters.setReturnArrays(true);
      this.#pages = prepare("pragma page_count");
      this.#pages.setReturnArrays(true);
      this.#pageSize = Number(prepare("pragma page_size").get()?.["page_size"]);
      this.#begin = prepare("begin immediate");
      this.#beginReading = prepare("begin");
      this.#commit = prepare("commit");
      this.#rollback = prepare("rollback");
      this.#statements = new Statements(this.#database);
    } catch (error) {
      this.#database.close();
      throw this.#path === null ? error : asDatabaseError(error, this.#path);
    }
  }

  /** This object by the platform's type. */
  get binding(): D1Database {
    return this as unknown as D1Database;
  }

  prepare(sql: string): LocalD1Statement {
    return new LocalD1Statement(this, String(sql), []);
  }

  async batch(statements: readonly LocalD1Statement[]): Promise<unknown[]> {
    return this.#attempt(() => {
      if (statements.length === 0) throw new StatementError(noStatements);
      // Reads see one state, and keep nobody from writing.
      if (statements.every(({ sql }) => this.#statements.known(sql)?.prepared.reads === true)) {
        return this.#transaction(
          () => statements.map((one) => this.#result(one)),
          this.#beginReading,
        );
      }
      return this.#transaction(() => statements.map((one) => this.#result(one)));
    });
  }

  /** Each line is a text of its own, in one transaction. */
  async exec(text: string): Promise<{ count: number; duration: number }> {
    const started = performance.now();
    const lines = String(text)
      .trim()
      .split("\n")
      .map((line) => line.trim())
      .filter((line, _index, all) => all.length === 1 || (line !== "" && !line.startsWith("--")));
    const failed = (index: number, error: unknown): Error =>
      d1Error(
        "D1_EXEC_ERROR",
        `Error in line ${index + 1}: ${lines[index] ?? ""}: ${error instanceof StatementError ? error.message : sqliteMessage(error)}`,
      );
    if (lines.length === 0) throw failed(0, new StatementError(noStatements));
    let at = 0;
    try {
      this.#transaction(() => {
        for (const [index, line] of lines.entries()) {
          at = index;
          this.#answer(line, []);
        }
      });
    } catch (error) {
      throw failed(at, error);
    }
    return { count: lines.length, duration: performance.now() - started };
  }

  withSession(): LocalD1Session {
    return new LocalD1Session(this);
  }

  async dump(): Promise<never> {
    throw new Error("D1_DUMP_ERROR: Status + 404");
  }

  /** Runs one statement alone, for its rows. @internal */
  answer({ sql, values }: LocalD1Statement): Answer {
    return this.#attempt(() => this.#answer(sql, values));
  }

  /** Runs one statement alone, and tells about it. @internal */
  result(statement: LocalD1Statement): unknown {
    return this.#attempt(() => this.#result(statement));
  }

  close(): void {
    this.#statements.forget();
    if (this.#database.isOpen) this.#database.close();
  }

  /** D1Result of a statement. */
  #result({ sql, values }: LocalD1Statement): unknown {
    const started = performance.now();
    const before = (this.#counted ??= this.#counts());
    const { columns, rows, altered } = this.#answer(sql, values);
    const after = (this.#counted ??= this.#counts());
    const changes = after.changes - before.changes;
    const duration = performance.now() - started;
    return {
      success: true,
      meta: {
        served_by: "cloesce.local",
        served_by_primary: true,
        total_attempts: 1,
        timings: { sql_duration_ms: duration },
        duration,
        changes,
        last_row_id: after.lastRow,
        changed_db: changes > 0 || after.size !== before.size || altered,
        size_after: after.size,
        // node:sqlite has no such counters: rows as the statement shows them.
        rows_read: rows.length,
        rows_written: changes,
      },
      results: rows.map((row) => asObject(columns, row)),
    };
  }

  /** Runs a text. */
  #answer(sql: string, values: readonly Value[]): Answer {
    const known = this.#statements.known(sql);
    if (known?.prepared.reads === true) return this.#steps(known, values);
    // What fails has counted too: whoever asks next has to look.
    this.#counted = null;
    const [answer, counts] = this.#alone(sql, (first) => {
      const done = this.#steps(first, values);
      // Before the commit, behind which nothing may fail any more.
      return [done, this.#counts()] as const;
    });
    this.#counted = counts;
    return answer;
  }

  /** Has `run` run a text, in a transaction of its own where it may write. */
  #alone<Done>(sql: string, run: (first: First) => Done): Done {
    const inside = this.#database.isTransaction;
    if (!inside && isPragma(sql)) {
      // Some do their work while they are prepared; in a transaction those that must not do none.
      return this.#transaction(() => run(this.#statements.first(sql)));
    }
    const first = this.#statements.first(sql);
    return !inside && (first.rest !== "" || !first.prepared.reads)
      ? this.#transaction(() => run(first))
      : run(first);
  }

  /** Runs the statements of a text, each prepared when those before it are done; the last answers. */
  #steps(first: First, values: readonly Value[]): Answer {
    let altered = false;
    for (let { prepared, rest } = first; ;) {
      const last = rest === "";
      if (!this.#statements.takes(prepared, last ? values.length : 0))
        throw new StatementError(last ? wrongCount : multipleWithParameters);
      const rows = this.#statements.rows(prepared, last ? values : []);
      if (prepared.altersSchema) {
        altered = true;
        this.#statements.generation += 1;
      }
      if (last)
        return { columns: this.#statements.columns(prepared, rows[0]?.length), rows, altered };
      ({ prepared, rest } = this.#behind(rest));
    }
  }

  #behind(rest: string): First {
    try {
      return this.#statements.first(rest);
    } catch (error) {
      if (error instanceof StatementError && error.message === noStatements)
        throw new StatementError(noStatementBehind);
      throw error;
    }
  }

  /** Runs texts of any length as one transaction, for migrations. */
  script(...texts: string[]): void {
    this.#counted = null;
    this.#attempt(() => {
      this.#transaction(() => {
        for (const text of texts) {
          for (let rest = text.replace(leading, ""); rest !== "";) {
            const asked = rest;
            const { prepared, rest: behind } = this.#statements.unlimited(() =>
              this.#statements.first(asked),
            );
            prepared.statement.all();
            if (prepared.altersSchema) this.#statements.generation += 1;
            rest = behind.replace(leading, "");
          }
        }
      });
    });
  }

  /** All or nothing, also of statements that would keep what they did before they failed. */
  #transaction<Done>(work: () => Done, begin = this.#begin): Done {
    this.#trusted(begin);
    try {
      const answer = work();
      this.#trusted(this.#commit);
      return answer;
    } catch (error) {
      if (this.#database.isTransaction) this.#trusted(this.#rollback);
      throw error;
    }
  }

  #trusted(statement: StatementSync): void {
    this.#statements.trusted(() => statement.run());
  }

  #counts(): Counts {
    const [counters, page] = this.#statements.trusted(() => [
      this.#counters.get(),
      this.#pages.get(),
    ]) as unknown as [[number, number], [number]];
    return { changes: counters[0], lastRow: counters[1], size: page[0] * this.#pageSize };
  }

  #attempt<Done>(work: () => Done): Done {
    try {
      return work();
    } catch (error) {
      if (error instanceof StatementError) throw d1Error("D1_ERROR", error.message);
      const known = this.#path === null ? error : asDatabaseError(error, this.#path);
      if (known instanceof LocalStorageError) throw known;
      if ((error as { code?: string }).code !== "ERR_SQLITE_ERROR") throw error;
      throw d1Error("D1_ERROR", sqliteMessage(error));
    }
  }
}

/** A statement with its values; `bind` makes another. */
export class LocalD1Statement {
  readonly sql: string;
  readonly values: readonly Value[];
  readonly #database: LocalD1;

  constructor(database: LocalD1, sql: string, values: readonly Value[]) {
    this.#database = database;
    this.sql = sql;
    this.values = values;
  }

  bind(...values: unknown[]): LocalD1Statement {
    return new LocalD1Statement(this.#database, this.sql, values.map(cellIn));
  }

  async all(): Promise<unknown> {
    return this.#database.result(this);
  }

  async run(): Promise<unknown> {
    return this.#database.result(this);
  }

  async first(column?: string): Promise<unknown> {
    const { columns, rows } = this.#database.answer(this);
    const [row] = rows;
    if (row === undefined) return null;
    if (column === undefined) return asObject(columns, row);
    const index = columns.lastIndexOf(column);
    if (index < 0) throw d1Error("D1_COLUMN_NOTFOUND", `Column not found (${column})`);
    return cellOut(row[index]);
  }

  async raw(options: { columnNames?: boolean } = {}): Promise<unknown[][]> {
    const { columns, rows } = this.#database.answer(this);
    const shown: OutCell[][] = rows.map((row) => row.map(cellOut));
    return options.columnNames === true ? [[...columns], ...shown] : shown;
  }
}

/** A session of a database that has no replicas: whatever was written is there. */
export class LocalD1Session {
  readonly #database: LocalD1;
  #bookmark: string | null = null;

  constructor(database: LocalD1) {
    this.#database = database;
  }

  prepare(sql: string): LocalD1Statement {
    this.#bookmark = firstBookmark;
    return this.#database.prepare(sql);
  }

  batch(statements: readonly LocalD1Statement[]): Promise<unknown[]> {
    this.#bookmark = firstBookmark;
    return this.#database.batch(statements);
  }

  getBookmark(): string | null {
    return this.#bookmark;
  }
}
