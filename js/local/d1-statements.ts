// Statements of D1 as node:sqlite prepares them: one by one of a text, with what they may do and how many values they
// take.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Value } from "./d1-values.js";
import { loadSqlite } from "./sqlite.js";

/** A statement that is ready to run. */
export interface Prepared {
  readonly statement: StatementSync;
  readonly sql: string;
  /** Whether it only reads; what is not known to is taken to write. */
  readonly reads: boolean;
  readonly altersSchema: boolean;
  /** Names of parameters by position; null where values go by position anyway. */
  readonly names: readonly (string | null)[] | null;
  /** How many values it takes, once that was asked. */
  parameters: number | null;
  /** Names of columns as of a generation of the schema. */
  columns: { generation: number; names: readonly string[] } | null;
}

/** A statement, and the text behind it; empty when there is nothing but white space. */
export interface First {
  readonly prepared: Prepared;
  readonly rest: string;
}

export const limits = {
  sqlLength: 100_000,
  column: 100,
  exprDepth: 100,
  compoundSelect: 5,
  functionArg: 127,
  likePatternLength: 50,
  variableNumber: 100,
  length: 2_000_000,
} as const;

/** How many statements a generation of the cache has. */
const cachedStatements = 100;

export const noStatements = "No SQL statements detected.";
export const noStatementBehind = "SQL code did not contain a statement.";
export const wrongCount = "Wrong number of parameter bindings for SQL query.";
const transactionsRefused =
  "To execute a transaction, please use the state.storage.transaction() or state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT statements. The JavaScript API is safer because it will automatically roll back on exceptions, and because it interacts correctly with Durable Objects' automatic atomic write coalescing.";

/** Pragmas that may be used: with or without an argument, with one alone, and without one alone, which FTS5 and R-tree ask. */
const pragmas = new Set(
  `table_list foreign_key_check foreign_keys quick_check optimize defer_foreign_keys case_sensitive_like
   legacy_alter_table recursive_triggers reverse_unordered_selects ignore_check_constraints`.split(
    /\s+/,
  ),
);
const pragmasOf = new Set(
  "table_info table_xinfo index_list index_info index_xinfo foreign_key_list".split(" "),
);
const pragmasAlone = new Set(["data_version", "page_size"]);
const modules = new Set(["fts5", "fts5vocab", "rtree", "rtree_i32"]);
const functions = new Set([
  "load_extension",
  "sqlite_version",
  "sqlite_source_id",
  "sqlite_compileoption_get",
]);

/** A text with a problem of ours, not of SQLite's. */
export class StatementError extends Error {}

export class Statements {
  /** Changes with every statement that may have changed the schema. */
  generation = 0;
  readonly #database: DatabaseSync;
  /** Two generations: what was asked for since the younger one began, and what was before that. */
  #young = new Map<string, First>();
  #old = new Map<string, First>();
  #trusted = false;
  #seen: { reads: boolean; altersSchema: boolean; transaction: boolean } = nothingSeen();

  constructor(database: DatabaseSync) {
    this.#database = database;
    Object.assign((database as unknown as { limits: object }).limits, limits);
    this.#guard();
  }

  /** The first statement of `sql`, and what stands behind it. @throws StatementError, or what SQLite throws */
  first(sql: string): First {
    const known = this.known(sql);
    if (known !== undefined) return known;
    const made = this.#prepare(sql);
    // One of several is not kept: those behind it may depend on what it does.
    if (made.rest === "" && !isPragma(sql)) this.#keep(sql, made);
    return made;
  }

  /** The same of a text that was prepared before: a single statement, and no pragma. */
  known(sql: string): First | undefined {
    const young = this.#young.get(sql);
    if (young !== undefined) return young;
    const old = this.#old.get(sql);
    if (old !== undefined) this.#keep(sql, old);
    return old;
  }

  #keep(sql: string, first: First): void {
    if (this.#young.size >= cachedStatements) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sql, first);
  }

  /** Runs `work` on a text of any length, for migrations: their statements alone are limited. */
  unlimited<Answer>(work: () => Answer): Answer {
    const own = (this.#database as unknown as { limits: { sqlLength: number } }).limits;
    own.sqlLength = 1_000_000_000;
    try {
      return work();
    } finally {
      own.sqlLength = limits.sqlLength;
    }
  }

  /** Runs our own SQL, which may do anything. */
  trusted<Answer>(work: () => Answer): Answer {
    this.#trusted = true;
    try {
      return work();
    } finally {
      this.#trusted = false;
    }
  }

  /** Whether `prepared` takes exactly so many values: too few would become NULL without a word. */
  takes(prepared: Prepared, count: number): boolean {
    if (prepared.parameters !== null) return prepared.parameters === count;
    const { sql } = prepared;
    const explain = this.#database.prepare(/^\s*explain\b/i.test(sql) ? sql : `explain ${sql}`);
    const accepts = (values: number): boolean => {
      try {
        explain.all(...new Array<null>(values).fill(null));
        return true;
      } catch (error) {
        if ((error as { errcode?: number }).errcode === 25) return false;
        throw error;
      }
    };
    if (prepared.names !== null) {
      prepared.parameters = prepared.names.length;
      return prepared.parameters === count;
    }
    if (!accepts(count) || accepts(count + 1)) return false;
    prepared.parameters = count;
    return true;
  }

  /** Runs `prepared` to its end. */
  rows(prepared: Prepared, values: readonly Value[]): unknown[][] {
    const { statement, names } = prepared;
    const given = names === null ? values : valuesFor(names, values);
    try {
      return statement.all(...given) as unknown as unknown[][];
    } catch (error) {
      // An integer that is no number: read once more, as what it takes. What writes reads so from the beginning.
      if (!prepared.reads || (error as { code?: string }).code !== "ERR_OUT_OF_RANGE") throw error;
      statement.setReadBigInts(true);
      return statement.all(...given) as unknown as unknown[][];
    }
  }

  /** The columns a statement answers, which may change with the schema: `width` is how many there are in a row. */
  columns(prepared: Prepared, width?: number): readonly string[] {
    const { columns } = prepared;
    if (
      columns?.generation !== this.generation ||
      // Another process has changed it.
      (width !== undefined && width !== columns.names.length)
    ) {
      const names = prepared.statement.columns().map(({ name }) => name);
      prepared.columns = { generation: this.generation, names };
      return names;
    }
    return columns.names;
  }

  forget(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #prepare(sql: string): First {
    this.#seen = nothingSeen();
    let statement: StatementSync;
    try {
      statement = this.#database.prepare(sql);
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_INVALID_ARG_VALUE")
        throw new StatementError(noStatements);
      if ((error as { errcode?: number }).errcode === 18)
        throw new StatementError("statement too long: SQLITE_TOOBIG");
      if (this.#seen.transaction) throw new StatementError(transactionsRefused);
      throw error;
    }
    const text = statement.sourceSQL;
    statement.setReturnArrays(true);
    const { altersSchema } = this.#seen;
    const reads = this.#seen.reads && !/^\s*vacuum\b/i.test(text) && !isPragma(text);
    statement.setReadBigInts(!reads);
    const rest = sql.slice(text.length);
    return {
      prepared: {
        statement,
        sql: text,
        reads,
        altersSchema,
        names: namedParameters(text),
        parameters: null,
        columns: null,
      },
      rest: rest.trim() === "" ? "" : rest,
    };
  }

  /** Refuses what D1 refuses, and notes what a statement is about while it is prepared. */
  #guard(): void {
    const { constants } = loadSqlite();
    const c = constants;
    const reading = new Set([
      c.SQLITE_SELECT,
      c.SQLITE_READ,
      c.SQLITE_FUNCTION,
      c.SQLITE_RECURSIVE,
    ]);
    const schema = new Set([
      c.SQLITE_CREATE_INDEX,
      c.SQLITE_CREATE_TABLE,
      c.SQLITE_CREATE_TRIGGER,
      c.SQLITE_CREATE_VIEW,
      c.SQLITE_CREATE_VTABLE,
      c.SQLITE_DROP_INDEX,
      c.SQLITE_DROP_TABLE,
      c.SQLITE_DROP_TRIGGER,
      c.SQLITE_DROP_VIEW,
      c.SQLITE_DROP_VTABLE,
      c.SQLITE_ALTER_TABLE,
      c.SQLITE_REINDEX,
      c.SQLITE_ANALYZE,
    ]);
    const temporary = new Set([
      c.SQLITE_CREATE_TEMP_INDEX,
      c.SQLITE_CREATE_TEMP_TABLE,
      c.SQLITE_CREATE_TEMP_TRIGGER,
      c.SQLITE_CREATE_TEMP_VIEW,
    ]);
    const allowed = (action: number, first: string | null, second: string | null): boolean => {
      if (action === c.SQLITE_TRANSACTION || action === c.SQLITE_SAVEPOINT) {
        this.#seen.transaction = true;
        return false;
      }
      if (action === c.SQLITE_ATTACH || action === c.SQLITE_DETACH) return false;
      if (temporary.has(action)) return false;
      if (action === c.SQLITE_PRAGMA) {
        const pragma = (first ?? "").toLowerCase();
        return pragmas.has(pragma) || (second === null ? pragmasAlone : pragmasOf).has(pragma);
      }
      if (action === c.SQLITE_CREATE_VTABLE && !modules.has((second ?? "").toLowerCase()))
        return false;
      if (action === c.SQLITE_FUNCTION) return !functions.has((second ?? "").toLowerCase());
      const named = action !== c.SQLITE_SELECT && action !== c.SQLITE_RECURSIVE;
      return !(named && (first ?? "").toLowerCase().startsWith("_cf_"));
    };
    this.#database.setAuthorizer((action, first, second) => {
      if (this.#trusted) return c.SQLITE_OK;
      if (!reading.has(action)) this.#seen.reads = false;
      if (schema.has(action)) this.#seen.altersSchema = true;
      return allowed(action, first, second) ? c.SQLITE_OK : c.SQLITE_DENY;
    });
  }
}

/** Whether a text begins with a pragma, behind whatever comments. */
export function isPragma(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*pragma\b/i.test(sql);
}

function nothingSeen(): { reads: boolean; altersSchema: boolean; transaction: boolean } {
  return { reads: true, altersSchema: false, transaction: false };
}

const notCode = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The names of parameters by position, when any has one: D1 gives those values by position too. */
function namedParameters(sql: string): readonly (string | null)[] | null {
  if (!/[:@$]\w/.test(sql)) return null;
  const code = sql.replace(notCode, " ");
  const names: (string | null)[] = [];
  let named = false;
  for (const [text] of code.matchAll(/(?<![\w$])[:@$]\w+|\?\d*/g)) {
    if (text.startsWith("?")) {
      const position = text.length > 1 ? Number(text.slice(1)) : names.length + 1;
      while (names.length < Math.min(position, limits.variableNumber)) names.push(null);
    } else {
      named = true;
      if (!names.includes(text)) names.push(text);
    }
  }
  return named ? names : null;
}

/** Values as node:sqlite takes them: those of named parameters by their names, ahead of the others. */
function valuesFor(names: readonly (string | null)[], values: readonly Value[]): readonly Value[] {
  const byName: Record<string, Value> = {};
  const byPosition: Value[] = [];
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? null;
    if (name === null) byPosition.push(value);
    else byName[name] = value;
  }
  return [byName as unknown as Value, ...byPosition];
}
