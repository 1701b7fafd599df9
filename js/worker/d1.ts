// Runs a query step on a D1 database: one batch, rows handed on as the JSON texts that SQLite built.

import { statementWords, wordBytes, wordCount, wordStatus } from "../abi/step.js";
import type { AppCore, Step } from "./app-core.js";

/** The part of Cloudflare's D1Database that is used; the real one and test doubles of its shape both fit. */
export interface D1DatabaseLike {
  prepare(sql: string): D1StatementLike;
  batch(statements: D1StatementLike[]): Promise<readonly D1ResultLike[]>;
}
export interface D1StatementLike {
  bind(...values: unknown[]): D1StatementLike;
  raw(): Promise<readonly (readonly unknown[])[]>;
}
export interface D1ResultLike {
  readonly success?: boolean;
  readonly error?: string;
  readonly results?: readonly unknown[];
}

/** What the host keeps of a query until the next step: the core does not. */
export interface Batch {
  statements: D1StatementLike[];
  /** The text of the last statement. */
  sql: string;
  /** Its parameters. */
  parameters: unknown[];
  /** The rows of the last statement: of a save those of its root, when they come one by one. */
  root: string;
}

/** @internal No batch yet. */
export const newBatch = (): Batch => ({ statements: [], sql: "", parameters: [], root: "" });

/** The rows of the last statement alone, as a reply in which the others have none. */
export function rootOf({ statements, root }: Batch): string {
  return `[${"[],".repeat(statements.length - 1)}[${root}]]`;
}

/**
 * Makes `batch` the statements of `step`, bound and ready: behind those of the batch before that the step repeats. Must be
 * called before anything else goes into the core.
 */
export function prepareBatch(
  core: AppCore,
  step: Step,
  database: D1DatabaseLike,
  batch: Batch,
): void {
  const records = core.word(step, wordBytes) >>> 2;
  const repeated = batch.statements.slice(0, core.word(step, wordStatus));
  // Parameters first: asking for a statement may be a call into the core.
  const added = Array.from({ length: core.word(step, wordCount) }, (_, index) => {
    const at = records + index * statementWords;
    const parameters = core.textOf(at, 1);
    if (parameters !== "") batch.parameters = JSON.parse(parameters) as unknown[];
    return [core.word(at, 0), batch.parameters] as const;
  });
  batch.statements = repeated.concat(
    added.map(([statement, parameters]) =>
      database.prepare((batch.sql = core.statement(statement))).bind(...parameters),
    ),
  );
}

/**
 * Runs the statements atomically and answers `[[row,…],…]`; those that go `before` and `after` them answer nothing. Rejects
 * as D1 does.
 */
export async function runBatch(
  database: D1DatabaseLike,
  batch: Batch,
  before: readonly D1StatementLike[] = [],
  after: readonly D1StatementLike[] = [],
): Promise<string> {
  const { statements } = batch;
  const all = [...before, ...statements, ...after];
  const [first] = all;
  // The texts alone: cheaper than objects with one member each.
  const lists =
    all.length === 1 && first !== undefined
      ? [(await first.raw()).map(([text]) => text)]
      : (await database.batch(all))
          .map(({ success, error, results = [] }) => {
            if (success === false) throw new Error(error ?? "a statement failed");
            return results.map((row) => (row as { readonly j?: string }).j);
          })
          .slice(before.length, before.length + statements.length);
  batch.root = String(lists.at(-1) ?? "");
  return `[[${lists.join("],[")}]]`;
}
