// Runs a query step on a D1 database: one batch, rows handed on as the JSON texts that SQLite built.

import { statementWords, wordBytes, wordCount } from "../abi/step.js";
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
  readonly results?: readonly unknown[];
}

/** The statements of `step`, bound and ready; must be called before anything else goes into the core. */
export function prepareBatch(
  core: AppCore,
  step: Step,
  database: D1DatabaseLike,
): D1StatementLike[] {
  const records = core.word(step, wordBytes) >>> 2;
  // Parameters first: asking for a statement may be a call into the core.
  return Array.from({ length: core.word(step, wordCount) }, (_, index) => {
    const at = records + index * statementWords;
    return [core.word(at, 0), JSON.parse(core.textOf(at, 1)) as unknown[]] as const;
  }).map(([statement, parameters]) =>
    database.prepare(core.statement(statement)).bind(...parameters),
  );
}

/** Runs the statements atomically and answers `[[row,…],…]`. Rejects as D1 does. */
export async function runBatch(
  database: D1DatabaseLike,
  statements: D1StatementLike[],
): Promise<string> {
  const [first] = statements;
  // The texts alone: cheaper than objects with one member each.
  const lists =
    statements.length === 1 && first !== undefined
      ? [(await first.raw()).map(([text]) => text)]
      : (await database.batch(statements)).map(({ results = [] }) =>
          results.map((row) => (row as { readonly j?: string }).j),
        );
  return `[[${lists.join("],[")}]]`;
}
