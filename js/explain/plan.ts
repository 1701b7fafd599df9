// SQLite's query plan (EXPLAIN QUERY PLAN) as a tree, with the tables' names for their aliases.
import type { DatabaseLike } from "./recorder.js";

/** A step of a plan, with those inside it. */
export interface PlanStep {
  /** `SEARCH t1 USING INDEX "Track_albumId" (albumId=?)`, as the database says it. */
  readonly detail: string;
  readonly steps: readonly PlanStep[];
}

interface PlanRow {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** The plan of a statement, which does not run for it. */
export async function planOf(
  database: DatabaseLike,
  sql: string,
  values: readonly unknown[],
): Promise<readonly PlanStep[]> {
  const { results = [] } = await database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...values)
    .all();
  return below(0, results as readonly PlanRow[]);
}

const below = (parent: number, rows: readonly PlanRow[]): readonly PlanStep[] =>
  rows
    .filter((row) => row.parent === parent)
    .map(({ id, detail }) => ({ detail, steps: below(id, rows) }));

/** Tables by their alias, of a text in which both are quoted; a table without one is its own. */
export function tablesOf(sql: string): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  const names =
    /\b(?:from|join|update|into)\s+"((?:[^"]|"")+)"(?:\s+(?:as\s+)?"((?:[^"]|"")+)")?/gi;
  for (const [, table = "", alias = table] of sql.matchAll(names)) tables.set(alias, table);
  return tables;
}
