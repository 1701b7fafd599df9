// The ORM for user code: the core plans and maps, this class runs the batches.

import {
  type AppCore,
  asDeclared,
  type ClassConstructor,
  type D1DatabaseLike,
  type Host,
  prepareBatch,
  type Revival,
  revive,
  runBatch,
  type Step,
} from "../worker/index.js";
import { outcome, stepKind } from "../abi/step.js";
import { hostOf } from "./app.js";
import { Either } from "./either.js";
import type { DeepPartial, IncludeTree } from "./types.js";

/** A model class whose instances are `T`. */
export type ModelClass<T extends object> = abstract new (...values: never[]) => T;

/** Which relations an ORM call includes; null for none. */
export type IncludeChoice<T> = IncludeTree<T> | null | undefined;

/** A primary key: the value of a single column, or all columns by name. */
export type PrimaryKeyOf = string | number | Readonly<Record<string, string | number>>;

/** Options of {@link Orm.list} and {@link Orm.listQuery}. */
export interface ListOptions<T> {
  readonly includeTree?: IncludeChoice<T>;
  /** A SELECT under the relations, e.g. `SELECT * FROM "Horse" WHERE "name" = 'Roach'`. Its text is yours: bind nothing hostile into it. */
  readonly from?: string;
  /** Name of a common table expression to wrap the text of {@link Orm.listQuery} in. */
  readonly tagCte?: string;
}

/** Where batches go: a database, or the env with the model's binding in it. */
type Databases = (binding: string) => D1DatabaseLike;

/** Reads and writes models. Every call is one D1 batch; failures come back as the left of an {@link Either}. */
export class Orm {
  readonly #databases: Databases;

  private constructor(databases: Databases) {
    this.#databases = databases;
  }

  /** An ORM on one database, whatever the models' bindings are called. */
  static fromD1(database: unknown): Orm {
    return new Orm(() => database as D1DatabaseLike);
  }

  /** An ORM on the env of a request: each model's own binding. */
  static fromEnv(env: unknown): Orm {
    return new Orm((binding) => {
      const database = (env as Record<string, D1DatabaseLike | undefined>)[binding];
      if (database === undefined) throw new Error(`the env has no D1 binding "${binding}"`);
      return database;
    });
  }

  /** The row with primary key `key` and what `tree` includes; null when there is none. */
  async get<T extends object>(
    model: ModelClass<T>,
    key: PrimaryKeyOf,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T | null>> {
    return this.#run<T | null>(model, { operation: "get", key, tree: tree ?? null });
  }

  /** All rows, or those of `options.from`, in order of their primary key, with what the tree includes. */
  async list<T extends object>(
    model: ModelClass<T>,
    options?: IncludeChoice<T> | ListOptions<T>,
  ): Promise<Either<Error, T[]>> {
    const { includeTree, from } = listOptions(options);
    return this.#run<T[]>(model, {
      operation: "list",
      tree: includeTree ?? null,
      from: from ?? null,
    });
  }

  /**
   * Inserts or updates `value` and the relations in it that `tree` names, atomically; answers the primary key.
   * Without a primary key a row is inserted; with it and some attributes those are updated; with all, inserted or replaced.
   */
  async upsert<T extends object, Key = number>(
    model: ModelClass<T>,
    value: DeepPartial<NoInfer<T>>,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, Key>> {
    return this.#run<Key>(model, { operation: "upsert", value, tree: tree ?? null });
  }

  /** Like {@link Orm.upsert}, but answers the saved object as it now is, with what `tree` includes. */
  async save<T extends object>(
    model: ModelClass<T>,
    value: DeepPartial<NoInfer<T>>,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T>> {
    return this.#run<T>(model, { operation: "save", value, tree: tree ?? null });
  }

  /** Deletes the row with primary key `key`; answers whether there was one. */
  async delete<T extends object>(
    model: ModelClass<T>,
    key: PrimaryKeyOf,
  ): Promise<Either<Error, boolean>> {
    return this.#run<boolean>(model, { operation: "delete", key });
  }

  /** Objects from the flat rows of {@link Orm.listQuery} or {@link Orm.getQuery}, with their dotted column aliases. */
  static mapSql<T extends object>(
    model: ModelClass<T>,
    rows: readonly object[],
    tree?: IncludeChoice<T>,
  ): Either<Error, T[]> {
    return answer<T[]>(hostOf(model), {
      operation: "map",
      model: nameOf(model),
      rows,
      tree: tree ?? null,
    });
  }

  /** The text of a SELECT over the model and its relations, one joined row per combination. */
  static listQuery<T extends object>(model: ModelClass<T>, options?: ListOptions<T>): string {
    const { includeTree, from, tagCte } = options ?? {};
    const operation = {
      operation: "listQuery",
      model: nameOf(model),
      tree: includeTree ?? null,
      from: from ?? null,
      tagCte: tagCte ?? null,
    };
    return answer<string>(hostOf(model), operation).unwrap();
  }

  /** Like {@link Orm.listQuery} with a condition on the primary key, whose columns are bound as `?1`, `?2`, …. */
  static getQuery<T extends object>(model: ModelClass<T>, tree?: IncludeChoice<T>): string {
    return answer<string>(hostOf(model), {
      operation: "getQuery",
      model: nameOf(model),
      tree: tree ?? null,
    }).unwrap();
  }

  async #run<Value>(
    model: ClassConstructor,
    description: Record<string, unknown>,
  ): Promise<Either<Error, Value>> {
    const host = hostOf(model);
    const core = host.engine.current();
    let step = core.operate(operationText(core, { ...description, model: nameOf(model) }));
    let exchange = step.exchange;
    try {
      while (step.kind === stepKind.query) {
        const database = this.#databases(core.core.text(step.text, step.textLength));
        try {
          const rows = await runBatch(database, prepareBatch(core, step, database));
          step = core.resumeText(exchange, outcome.done, rows);
        } catch (error) {
          step = core.resume(
            exchange,
            outcome.failed,
            error instanceof Error ? error.message : String(error),
          );
        }
      }
      exchange = 0;
      return settle<Value>(host, core, step);
    } finally {
      if (exchange !== 0) core.end(exchange);
    }
  }
}

function answer<Value>(host: Host, description: Record<string, unknown>): Either<Error, Value> {
  const core = host.engine.current();
  return settle<Value>(host, core, core.operate(operationText(core, description)));
}

/** Bytes travel as base64, dates as ISO text: both are what the columns of a model take. */
function operationText(core: AppCore, description: Record<string, unknown>): string {
  return JSON.stringify(description, (_name, value: unknown) => {
    if (value instanceof ArrayBuffer) return core.encodeBase64(new Uint8Array(value));
    return value instanceof Uint8Array ? core.encodeBase64(value) : value;
  });
}

/** The result of an ORM call: a `return` step's value, or the failure that a `respond` step carries. */
function settle<Value>(host: Host, core: AppCore, step: Step): Either<Error, Value> {
  const text = core.core.text(step.bytes, step.bytesLength);
  if (step.kind !== stepKind.return) return Either.left(new Error(text));
  const revival: Revival = {
    shapes: core.manifest.shapes,
    classes: host.classes,
    blob: (value, form) =>
      asDeclared({ bytes: core.decodeBase64(String(value)), file: null, type: "" }, form),
    stream: () => undefined,
  };
  const value = JSON.parse(text) as unknown;
  // The step's status is the shape of one object plus one; lists are arrays of it.
  const shape = step.status - 1;
  if (Array.isArray(value))
    return Either.right(value.map((item) => revive(item, shape, revival)) as Value);
  return Either.right(revive(value, shape, revival) as Value);
}

function nameOf(model: ClassConstructor): string {
  const host = hostOf(model);
  for (const [name, constructor] of Object.entries(host.classes))
    if (constructor === model) return name;
  return model.name;
}

function listOptions<T>(options: IncludeChoice<T> | ListOptions<T>): ListOptions<T> {
  if (options === null || options === undefined) return {};
  if ("includeTree" in options || "from" in options) return options as ListOptions<T>;
  return { includeTree: options as IncludeChoice<T> };
}
