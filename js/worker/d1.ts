// Runs a query step on a D1 database: one batch, rows handed on as the JSON texts that SQLite built.

import { statementWord } from "../abi/step.js";
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
  const words = core.core.words();
  const calls: { readonly statement: number; readonly parameters: unknown[] }[] = [];
  for (let index = 0; index < step.count; index++) {
    const at = (step.bytes >>> 2) + index * statementWord.size;
    const text = core.core.text(
      words[at + statementWord.parameters] as number,
      words[at + statementWord.parametersLength] as number,
    );
    calls.push({
      statement: words[at + statementWord.statement] as number,
      parameters: JSON.parse(text) as unknown[],
    });
  }
  return calls.map(({ statement, parameters }) => {
    const prepared = database.prepare(core.statement(statement));
    return parameters.length === 0 ? prepared : prepared.bind(...parameters);
  });
}

/** Runs the statements atomically and answers `[[row,…],…]`. Rejects as D1 does. */
export async function runBatch(
  database: D1DatabaseLike,
  statements: D1StatementLike[],
): Promise<string> {
  const [first] = statements;
  if (statements.length === 1 && first !== undefined) {
    // The texts alone: cheaper than objects with one member each.
    return `[[${(await first.raw()).map(([text]) => text).join()}]]`;
  }
  const results = await database.batch(statements);
  const lists = results.map(({ results: rows = [] }) =>
    rows.map((row) => (row as { readonly j?: string }).j).join(),
  );
  return `[[${lists.join("],[")}]]`;
}
