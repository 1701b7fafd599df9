// What in a plan costs more than it must: scans that a condition could spare, sorts, and indexes that are made for one statement.
import { type PlanStep, tablesOf } from "./plan.js";

/** Something that an index would serve. */
export interface Finding {
  readonly kind: "scan" | "sort" | "automatic-index";
  readonly table: string;
  /** The columns that an index would need, in their order; empty where none would help. */
  readonly columns: readonly string[];
  /** The whole of it as a sentence. */
  readonly message: string;
}

export function findingsIn(sql: string, steps: readonly PlanStep[]): readonly Finding[] {
  const tables = tablesOf(sql);
  const found: Finding[] = [];
  const walk = (level: readonly PlanStep[]): void => {
    for (const step of level) {
      const finding =
        scanIn(step, sql, tables) ?? automaticIn(step, tables) ?? sortIn(step, level, sql, tables);
      if (finding !== null && !found.some(({ message }) => message === finding.message))
        found.push(finding);
      walk(step.steps);
    }
  };
  walk(steps);
  return found;
}

type Tables = ReadonlyMap<string, string>;

/** All rows are read although the statement compares a column of them. */
function scanIn({ detail }: PlanStep, sql: string, tables: Tables): Finding | null {
  const [, alias = ""] = /^SCAN (\S+)/.exec(detail) ?? [];
  const table = tables.get(alias);
  if (table === undefined) return null;
  const columns = comparedIn(sql, alias);
  if (columns.length === 0) return null;
  return finding("scan", table, columns, `reads all rows of ${table}`);
}

function automaticIn({ detail }: PlanStep, tables: Tables): Finding | null {
  const [, alias = "", made = ""] =
    /^SEARCH (\S+) USING AUTOMATIC .*INDEX \((.*)\)$/.exec(detail) ?? [];
  const table = tables.get(alias);
  if (table === undefined) return null;
  const columns = [...made.matchAll(/(\w+)[=<>]/g)].map(([, column = ""]) => column);
  return finding(
    "automatic-index",
    table,
    columns,
    `makes an index of ${table} for this statement`,
  );
}

/** Rows are sorted that an index would have in order. */
function sortIn(
  { detail }: PlanStep,
  level: readonly PlanStep[],
  sql: string,
  tables: Tables,
): Finding | null {
  if (!/^USE TEMP B-TREE FOR .*ORDER BY$/.test(detail)) return null;
  const aliases = level.flatMap((step) => /^(?:SCAN|SEARCH) (\S+)/.exec(step.detail)?.[1] ?? []);
  for (const [, terms = ""] of sql.matchAll(/ order by ((?:"[^"]+"\."[^"]+"(?: desc)?,?)+)/gi)) {
    const columns = [...terms.matchAll(/"([^"]+)"\."([^"]+)"/g)];
    const alias = columns[0]?.[1] ?? "";
    const table = tables.get(alias);
    if (table === undefined || !aliases.includes(alias)) continue;
    // An order over rows of several tables is in no index.
    const own = columns.every(([, other]) => other === alias);
    const ordered = columns.map(([, , column = ""]) => column);
    const equal = comparedIn(sql, alias, "=|is|in").filter((column) => !ordered.includes(column));
    return finding("sort", table, own ? [...equal, ...ordered] : [], `sorts rows of ${table}`);
  }
  return null;
}

function finding(
  kind: Finding["kind"],
  table: string,
  columns: readonly string[],
  what: string,
): Finding {
  const names = columns.map((column) => `"${column}"`).join(", ");
  const index = columns.length === 1 ? `@Index on ${names}` : `@Index(${names}) on ${table}`;
  const served =
    columns.length === 0
      ? "its order is one of several tables, which no index has"
      : `${index} would serve it`;
  return { kind, table, columns, message: `${what}: ${served}` };
}

/** The columns of an alias that the text compares with something. */
function comparedIn(sql: string, alias: string, operators = "=|<=?|>=?|is|in"): readonly string[] {
  const text = new RegExp(
    `"${alias.replace(/\W/g, "\\$&")}"\\."([^"]+)" (?:${operators})(?= |$)`,
    "g",
  );
  // A key that only says that a joined row is there is no condition to look rows up by.
  const columns = [...sql.matchAll(text)]
    .filter(({ index, 0: whole }) => !/^ (?:not )?null/.test(sql.slice(index + whole.length)))
    .map(([, column = ""]) => column);
  return [...new Set(columns)];
}
