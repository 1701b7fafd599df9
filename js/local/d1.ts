// D1Database over a SQLite file that is this store's alone.

import { mkdirSync } from "node:fs";
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
  valuesFor,
  wrongCount,
  type First,
} from "./d1-statements.js";
import { LocalStorageError, onFile } from "./failures.js";
import { wellFormed } from "./rules.js";
import { asDatabaseError, openDatabase, tune } from "./sqlite.js";
import type { StorePlace } from "./store.js";

type Value = null | number | string | Uint8Array;
type OutCell = null | number | string | number[];

interface Step {
  columns: readonly string[];
  rows: unknown[][];
  altered: boolean;
}

interface Ran {
  columns: readonly string[];
  rows: OutCell[][];
  meta: Record<string, unknown>;
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
  readonly #facts: StatementSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;

  constructor(place: StorePlace) {
    const { folder } = place;
    this.#path = folder === null ? null : join(folder, "database.sqlite");
    if (folder !== null) {
      try {
        mkdirSync(folder, { recursive: true });
      } catch (error) {
        throw onFile(error, folder);
      }
    }
    this.#database = openDatabase(this.#path, { enableDoubleQuotedStringLiterals: true });
    try {
      tune(this.#database, place.durability);
      const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
      this.#facts = prepare(
        `select total_changes(), last_insert_rowid(),
           (select page_count from pragma_page_count) * (select page_size from pragma_page_size)`,
      );
      this.#facts.setReturnArrays(true);
      this.#begin = prepare("begin immediate");
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
      return this.#transaction(() => statements.map((one) => asResult(this.#run(one))));
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
          this.#run(this.prepare(line));
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

  /** Runs one statement alone. @internal */
  single(statement: LocalD1Statement): Ran {
    return this.#attempt(() => this.#run(statement));
  }

  close(): void {
    this.#statements.forget();
    if (this.#database.isOpen) this.#database.close();
  }

  #run(asked: LocalD1Statement): Ran {
    const started = performance.now();
    const before = this.#now();
    const inside = this.#database.isTransaction;
    const run = (first: First): Step => this.#steps(first, asked.values);
    let step: Step;
    if (!inside && isPragma(asked.sql)) {
      // Some do their work while they are prepared; in a transaction those that must not do none.
      step = this.#transaction(() => run(this.#statements.first(asked.sql)));
    } else {
      const first = this.#statements.first(asked.sql);
      const alone = !inside && (first.rest !== "" || !first.prepared.reads);
      step = alone ? this.#transaction(() => run(first)) : run(first);
    }
    const { columns, rows, altered } = step;
    const after = this.#now();
    const changes = after.changes - before.changes;
    return {
      columns,
      rows: rows.map((row) => row.map(cellOut)),
      meta: {
        served_by: "cloesce.local",
        served_by_primary: true,
        total_attempts: 1,
        timings: { sql_duration_ms: performance.now() - started },
        duration: performance.now() - started,
        changes,
        last_row_id: after.lastRow,
        changed_db: changes > 0 || after.size !== before.size || altered,
        size_after: after.size,
        // node:sqlite has no such counters: rows as the statement shows them.
        rows_read: rows.length,
        rows_written: changes,
      },
    };
  }

  /** Runs the statements of a text, each prepared when those before it are done; the last answers. */
  #steps(first: First, values: readonly Value[]): Step {
    let altered = false;
    for (let { prepared, rest } = first; ;) {
      const last = rest === "";
      if (!this.#statements.takes(prepared, last ? values.length : 0))
        throw new StatementError(last ? wrongCount : multipleWithParameters);
      const given = last ? valuesFor(prepared, values) : [];
      const rows = prepared.statement.all(...given) as unknown as unknown[][];
      if (prepared.altersSchema) {
        altered = true;
        this.#statements.generation += 1;
      }
      if (last) return { columns: this.#statements.columns(prepared), rows, altered };
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
  #transaction<Answer>(work: () => Answer): Answer {
    this.#trusted(this.#begin);
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

  #now(): { changes: number; lastRow: number; size: number } {
    const row = this.#statements.trusted(() => this.#facts.get()) as unknown as number[];
    return { changes: row[0] as number, lastRow: row[1] as number, size: row[2] as number };
  }

  #attempt<Answer>(work: () => Answer): Answer {
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
    return asResult(this.#database.single(this));
  }

  async run(): Promise<unknown> {
    return asResult(this.#database.single(this));
  }

  async first(column?: string): Promise<unknown> {
    const { columns, rows } = this.#database.single(this);
    const [row] = rows;
    if (row === undefined) return null;
    if (column === undefined) return asObject(columns, row);
    const index = columns.lastIndexOf(column);
    if (index < 0) throw d1Error("D1_COLUMN_NOTFOUND", `Column not found (${column})`);
    return row[index] ?? null;
  }

  async raw(options: { columnNames?: boolean } = {}): Promise<unknown[][]> {
    const { columns, rows } = this.#database.single(this);
    return options.columnNames === true ? [[...columns], ...rows] : rows;
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

function asResult({ columns, rows, meta }: Ran): unknown {
  return { success: true, meta, results: rows.map((row) => asObject(columns, row)) };
}

function asObject(columns: readonly string[], row: readonly OutCell[]): Record<string, OutCell> {
  const object: Record<string, OutCell> = {};
  for (const [index, name] of columns.entries()) object[name] = row[index] ?? null;
  return object;
}

/** Integers beyond 2^53 are rounded, infinities are null, blobs are lists of bytes: so D1's JSON has them. */
function cellOut(cell: unknown): OutCell {
  if (typeof cell === "bigint") return Number(cell);
  if (cell instanceof Uint8Array) return Array.from(cell);
  if (typeof cell === "number" && !Number.isFinite(cell)) return null;
  return cell as OutCell;
}

function cellIn(value: unknown): Value {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value + 0 : null;
    case "string":
      return wellFormed(value);
    case "boolean":
      return value ? 1 : 0;
    case "object":
      if (value === null) return null;
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      if (ArrayBuffer.isView(value) && !(value instanceof DataView))
        return Uint8Array.from(value as unknown as ArrayLike<number>);
      if (value instanceof DataView) return new Uint8Array();
      if (Array.isArray(value) && value.every(isByte)) return Uint8Array.from(value as number[]);
      break;
    default:
  }
  throw d1Error(
    "D1_TYPE_ERROR",
    `Type '${typeof value}' not supported for value '${String(value)}'`,
  );
}

function isByte(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
