// Performs a query or storage step, of a request or of an ORM call.

import { stepQuery, wordBeside, wordBytes, wordKind, wordLimit, wordText } from "../abi/step.js";
import type { AppCore, Step } from "./app-core.js";
import { asError } from "./as-error.js";
import { type Batch, type D1DatabaseLike, prepareBatch, runBatch } from "./d1.js";
import { type Host, storageOf } from "./host.js";
import type { SaveRunner } from "./saves.js";

/** Ends an answer that is not the last; no JSON text holds it. */
export const answerEnd = "\x1e";

/**
 * What the core wants to be resumed with after `step`. Throws where the env or the engine lacks something, rejects when the
 * work fails. `kept` takes bytes and streams out of storage, `batch` the statements of a query; `database` is used in place
 * of the env's binding, and `run` runs the batch.
 */
export function perform(
  host: Host,
  core: AppCore,
  step: Step,
  env: unknown,
  kept: unknown[],
  batch: Batch,
  database?: D1DatabaseLike | null,
  run: SaveRunner = runBatch,
): Promise<string> {
  const isQuery = core.word(step, wordKind) === stepQuery;
  // Of a query: what needs no row, and is read at the same time.
  const operations = core.textOf(step, isQuery ? wordBeside : wordBytes);
  const storage = operations === "" ? null : storageOf(host);
  const read = (): Promise<string> | undefined => storage?.perform(operations, core, env, kept);
  if (!isQuery) return read() as Promise<string>;
  const binding = core.textOf(step, wordText);
  const used = database ?? bindingOf<D1DatabaseLike>(env, binding);
  prepareBatch(core, step, used, batch);
  const wait = core.word(step, wordLimit);
  const answer =
    wait === 0
      ? run(used, batch)
      : new Promise((resolve) => setTimeout(resolve, wait)).then(() => run(used, batch));
  const rows = answer.catch((error: unknown) => {
    throw new Error(`D1 ${binding}: ${asError(error).message}`, { cause: error });
  });
  return storage === null
    ? rows
    : Promise.all([rows, read()]).then((answers) => answers.join(answerEnd));
}

/** The binding `name` of `env`; throws when there is none. */
export function bindingOf<Binding>(env: unknown, name: string): Binding {
  const binding = (env as Record<string, Binding | undefined> | null)?.[name];
  if (binding === undefined) throw new Error(`the env has no binding "${name}"`);
  return binding;
}
