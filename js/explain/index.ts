// `cloesce/explain`: what code asks of its bindings, how the database answers, and what that costs.

import { findingsIn, type Finding } from "./findings.js";
import { planOf, tablesOf, type PlanStep } from "./plan.js";
import { type BindingCall, recordedEnv, type Recording } from "./recorder.js";

export type { BindingCall, Finding, PlanStep };

/** A statement that ran, with its plan. */
export interface ExplainedStatement {
  /** The D1 binding. */
  readonly binding: string;
  readonly sql: string;
  readonly values: readonly unknown[];
  /** The round trip that it was part of, from 1 on. */
  readonly trip: number;
  /** Rows that the database read and wrote, which it bills; null where it does not say. */
  readonly rowsRead: number | null;
  readonly rowsWritten: number | null;
  /** Rows that it answered. The ORM's statements answer one, with all rows in it. */
  readonly rows: number;
  readonly plan: readonly PlanStep[];
  readonly findings: readonly Finding[];
}

export interface Explanation<Result = unknown> {
  /** What the code answered. */
  readonly result: Result;
  readonly statements: readonly ExplainedStatement[];
  /** Calls of KV and R2, in their order. */
  readonly calls: readonly BindingCall[];
  /** Of all statements. */
  readonly findings: readonly Finding[];
  /** All of it for people. */
  readonly text: string;
}

export interface ExplainOptions {
  /** Whether the database counts the rows that it reads; local storage (`cloesce/local`) counts what it answers. */
  readonly counts?: boolean;
}

/**
 * Runs `work` with bindings that write down what goes through them, and then asks the databases for the plans of the
 * statements: `explain(env, (env) => Orm.fromEnv(env).list(Track, { where: { genre: "x" } }))`. The work is done, writes
 * included. Fails as the work does.
 */
export async function explain<Env extends object, Result>(
  env: Env,
  work: (env: Env) => Result | Promise<Result>,
  { counts = true }: ExplainOptions = {},
): Promise<Explanation<Awaited<Result>>> {
  const recording: Recording = { statements: [], calls: [], trips: 0 };
  const result = await work(recordedEnv(env, recording));
  const statements: ExplainedStatement[] = [];
  for (const { binding, database, sql, values, trip, meta, rows } of recording.statements) {
    const plan = await planOf(database, sql, values);
    statements.push({
      binding,
      sql,
      values,
      trip,
      rowsRead: (counts ? meta?.rows_read : null) ?? null,
      rowsWritten: (counts ? meta?.rows_written : null) ?? null,
      rows,
      plan,
      findings: findingsIn(sql, plan),
    });
  }
  const { calls } = recording;
  const findings = statements.flatMap((statement) => statement.findings);
  return { result, statements, calls, findings, text: textOf(statements, calls, findings) };
}

function textOf(
  statements: readonly ExplainedStatement[],
  calls: readonly BindingCall[],
  findings: readonly Finding[],
): string {
  const lines = statements.flatMap((statement) => {
    const { binding, sql, trip, rowsRead, rowsWritten } = statement;
    const rows = [
      ...(rowsRead === null ? [] : [`${rowsRead} rows read`]),
      ...(rowsWritten ? [`${rowsWritten} written`] : []),
    ];
    return [
      `${binding}, round trip ${trip}${rows.length > 0 ? `: ${rows.join(", ")}` : ""}`,
      ...sql.split("\n").map((line) => `  ${line}`),
      ...planLines(statement.plan, "  ", tablesOf(sql)),
      ...statement.findings.map(({ message }) => `  ! ${message}`),
      "",
    ];
  });
  const called = calls.map(
    ({ binding, operation, keys }) =>
      `${binding}.${operation} ${keys.map((key) => `"${key}"`).join(" ")}`,
  );
  const trips = new Set(statements.map(({ trip }) => trip)).size;
  const sum = [
    counted(statements.length, "statement"),
    `in ${counted(trips, "round trip")}`,
    ...(calls.length > 0 ? [`and ${counted(calls.length, "call")} of KV and R2`] : []),
  ].join(" ");
  const end =
    findings.length === 0
      ? "nothing that an index would serve"
      : counted(findings.length, "finding");
  return [...lines, ...called, ...(called.length > 0 ? [""] : []), `${sum}: ${end}`].join("\n");
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;

function planLines(
  steps: readonly PlanStep[],
  indent: string,
  tables: ReadonlyMap<string, string>,
): string[] {
  return steps.flatMap(({ detail, steps: inner }, index) => {
    const last = index === steps.length - 1;
    const [, before = "", alias = "", after = ""] =
      /^((?:SCAN|SEARCH) )(\S+)(.*)$/.exec(detail) ?? [];
    const table = tables.get(alias);
    const named =
      table === undefined || table === alias ? detail : `${before}${table} ${alias}${after}`;
    return [
      `${indent}${last ? "└" : "├"} ${named}`,
      ...planLines(inner, `${indent}${last ? " " : "│"} `, tables),
    ];
  });
}
