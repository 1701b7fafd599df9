// The ORM for user code: the core plans and maps, this class runs the batches.

import {
  abandoned,
  type AppCore,
  asError,
  failureText,
  type ClassConstructor,
  coreOf,
  type D1DatabaseLike,
  type DependencyContainer,
  type HistoryPart,
  type Host,
  jsonOf,
  nameOfKey,
  newBatch,
  partOf,
  perform,
  registryOf,
  revive,
  rootOf,
  type SignedUpload,
  type Step,
  storageOf,
  type Store,
  tellHooks,
  undefinedIn,
  type UploadOptions,
  type Version,
  type WatchChoice,
} from "../worker/index.js";
import {
  outcomeDone,
  flagIncomplete,
  outcomeFailed,
  stepQuery,
  stepMiddleware,
  stepReturn,
  stepStorage,
  wordExchange,
  wordFlags,
  wordKind,
  wordStatus,
  wordText,
} from "../abi/step.js";
import { hostOf } from "./app.js";
import { Either, eitherList, type EitherList } from "./either.js";
import type { Changes, ModelQuery, Rows, Where } from "./query.js";
import type { Sql } from "./sql.js";
import type { Page, PageOptions } from "./stored.js";
import type { DeepPartial, IncludeTree, Stream } from "./types.js";

/** A model class whose instances are `T`. */
export type ModelClass<T extends object> = abstract new (...values: never[]) => T;

/** Which relations an ORM call includes; null for none. */
export type IncludeChoice<T> = IncludeTree<T> | null | undefined;

/** A primary key: the value of a single column, or all columns by name. */
export type PrimaryKeyOf = string | number | Readonly<Record<string, string | number>>;

/** Options of {@link Orm.list} and {@link Orm.listQuery}. */
export interface ListOptions<T> extends ModelQuery<T> {
  readonly includeTree?: IncludeChoice<T>;
  /** The same by a shorter name. */
  readonly include?: IncludeChoice<T>;
  /**
   * A SELECT under the relations, e.g. `` sql`SELECT * FROM "Horse" WHERE "name" = ${name}` `` ({@link sql}). As a plain text it holds no
   * values: what is pasted into it becomes SQL.
   */
  readonly from?: string | Sql;
  /** Name of a common table expression to wrap the text of {@link Orm.listQuery} in. */
  readonly tagCte?: string;
}

/** Which entries of a KV model or objects of an R2 model {@link Orm.page} answers. */
export interface PageChoice extends PageOptions {
  /** What the keys begin with. */
  readonly prefix?: string;
}

/** How {@link Orm.save} writes an entry of a KV model. */
export interface EntryOptions {
  /** Seconds that the entry lives, at least 60. */
  readonly expirationTtl?: number;
  /** When it ends, in seconds since 1970, at least 60 from now. */
  readonly expiration?: number;
}

/** What is uploaded to an R2 model. */
export interface ObjectUpload {
  readonly key: string;
  /** Bytes, a text, or a stream whose length is known. */
  readonly value: unknown;
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The members of a KV model's instance. */
interface EntryLike {
  key: string;
  value: unknown;
  metadata: unknown;
}

/** How the calls of an {@link Orm} end early, and which rows there are for them. */
export interface OrmOptions {
  /**
   * Ends the calls that are under way, each with its reason as the left: `request.signal`, say, so that nothing is held for
   * a caller who went away. A write that the database had already been given may have been done.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Narrows every call on D1 to the scopes of the app ({@link CloesceApp.scope}), as they are for the request whose container
   * this is. A scope that refuses rejects the call, which ends the request. `from` is a SELECT of your own: what it answers
   * is narrowed, what it reads is not; nor are `mapSql`, `listQuery` and `getQuery`.
   */
  readonly scope?: DependencyContainer | undefined;
}

/** Reads and writes models. Every call on D1 is one batch; failures come back as the left of an {@link Either}. */
export class Orm {
  readonly #env: unknown;
  readonly #database: D1DatabaseLike | null;
  readonly #signal: AbortSignal | undefined;
  readonly #di: DependencyContainer | undefined;
  /** By model, those that were asked for; undefined where there are none. */
  #scopes: Readonly<Record<string, unknown>> | undefined;

  private constructor(
    env: unknown,
    database: D1DatabaseLike | null,
    { signal, scope }: OrmOptions = {},
  ) {
    this.#env = env;
    this.#database = database;
    this.#signal = signal;
    this.#di = scope;
    if (scope !== undefined) this.#scopes = {};
  }

  /** An ORM on one database, whatever the models' bindings are called. It reads nothing from KV and R2. */
  static fromD1(database: unknown, options?: OrmOptions): Orm {
    return new Orm({}, database as D1DatabaseLike, options);
  }

  /** An ORM on the env of a request: each model's own binding. */
  static fromEnv(env: unknown, options?: OrmOptions): Orm {
    return new Orm(env, null, options);
  }

  /**
   * The row with primary key `key` and what `tree` includes; of a KV or R2 model the entry or object under `key`; of a
   * model of keys what `tree` includes. Null when there is none.
   */
  get<T extends object>(
    model: ModelClass<T>,
    key: PrimaryKeyOf,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T | null>> {
    return this.#ask(model, "get", { key, tree });
  }

  /** A page of the entries of a KV model, or of the objects of an R2 model, in order of their keys. */
  page<T extends object>(
    model: ModelClass<T>,
    options?: PageChoice,
  ): Promise<Either<Error, Page<T>>> {
    return this.#run(model, "list", options);
  }

  /**
   * All rows, or those that the options ask for, with what the tree includes, in order of their primary key where no other
   * is said. Of a page, `cursor` is where the next begins: `after` takes it.
   */
  list<T extends object>(
    model: ModelClass<T>,
    options?: IncludeChoice<T> | ListOptions<T>,
  ): Promise<Either<Error, Rows<T>>> {
    const { includeTree, include: tree = includeTree, from, ...query } = listOptions(options);
    const select = typeof from === "object" ? { from: from.text, bound: from.bound } : { from };
    return this.#ask(model, "list", { ...query, ...select, tree }, query.limit !== undefined);
  }

  /** How many rows meet the conditions. */
  count<T extends object>(model: ModelClass<T>, where?: Where<T>): Promise<Either<Error, number>> {
    return this.#ask(model, "count", { where });
  }

  /** Whether a row meets the conditions. */
  exists<T extends object>(
    model: ModelClass<T>,
    where?: Where<T>,
  ): Promise<Either<Error, boolean>> {
    return this.#ask(model, "exists", { where });
  }

  /** Sets columns of all rows that meet the conditions, in one statement; answers how many they are. `{}` stands for all rows. */
  updateMany<T extends object>(
    model: ModelClass<T>,
    where: Where<T>,
    values: Changes<NoInfer<T>>,
  ): Promise<Either<Error, number>> {
    return this.#ask(model, "updateMany", { where, value: values });
  }

  /** Deletes all rows that meet the conditions, in one statement; answers how many they were. `{}` stands for all rows. */
  deleteMany<T extends object>(
    model: ModelClass<T>,
    where: Where<T>,
  ): Promise<Either<Error, number>> {
    return this.#ask(model, "deleteMany", { where });
  }

  /**
   * Inserts or updates `value` and the relations in it that `tree` names, atomically; answers the primary key.
   * Without a primary key a row is inserted; with it and some attributes those are updated; with all, inserted or replaced.
   */
  upsert<T extends object, Key = number>(
    model: ModelClass<T>,
    value: DeepPartial<NoInfer<T>>,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, Key>> {
    return this.#run(model, "upsert", { value, tree });
  }

  /** Writes an entry of a KV model: its `key`, `value` and `metadata`. */
  save<T extends EntryLike>(
    model: ModelClass<T>,
    entry: Pick<T, "key" | "value"> & { readonly metadata?: unknown },
    options?: EntryOptions,
  ): Promise<Either<Error, T>>;
  /** Uploads an object of an R2 model. */
  save<T extends { head: unknown }>(
    model: ModelClass<T>,
    object: ObjectUpload,
  ): Promise<Either<Error, T>>;
  /** Like {@link Orm.upsert}, but answers the saved object as it now is, with what `tree` includes. */
  save<T extends object>(
    model: ModelClass<T>,
    value: DeepPartial<NoInfer<T>>,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T>>;
  async save<T extends object>(
    model: ModelClass<T>,
    value: object,
    tree?: object | null,
  ): Promise<Either<Error, T>> {
    const { host, store } = placeOf(model);
    if (store === undefined) return this.#run(model, "save", { value, tree });
    return attempt(async () =>
      Object.assign(
        new (model as new () => T)(),
        await storageOf(host).save(this.#env, store, { ...value, ...tree }),
      ),
    );
  }

  /**
   * Deletes the row with primary key `key`; answers whether there was one. KV and R2 do not tell whether there was
   * something under a key: the answer is true.
   */
  async delete<T extends object>(
    model: ModelClass<T>,
    key: PrimaryKeyOf,
  ): Promise<Either<Error, boolean>> {
    const { host, store } = placeOf(model);
    if (store === undefined) return this.#run(model, "delete", { key });
    return attempt(() =>
      storageOf(host)
        .delete(this.#env, store, String(key))
        .then(() => true),
    );
  }

  /** What the key of a KV model with a history has and had, oldest first; deletions are among it. */
  history<T extends EntryLike>(
    model: ModelClass<T>,
    key: string,
  ): Promise<Either<Error, Version<T>[]>> {
    return this.#past(model, "history", key);
  }

  /**
   * What is done to a KV model with a history, as it is done: a line of JSON for each entry or deletion, with its `revision`,
   * and one `null` where the present begins. It goes on until whoever reads it leaves.
   */
  watch<T extends EntryLike>(
    model: ModelClass<T>,
    choice?: WatchChoice,
  ): Promise<Either<Error, Stream>> {
    return this.#past(model, "watch", choice);
  }

  /** `value`, an object of the model or a list of them, with the fields from KV and R2 that `tree` names. */
  hydrate<T extends object, Value extends DeepPartial<T> | readonly DeepPartial<T>[]>(
    model: ModelClass<T>,
    value: Value,
    tree: IncludeChoice<T>,
  ): Promise<Either<Error, Value extends readonly unknown[] ? T[] : T>> {
    return this.#run(model, "hydrate", { value, tree });
  }

  /** Like {@link Orm.mapSql} of the class, and fills the fields from KV and R2 that `tree` names. */
  mapSql<T extends object>(
    model: ModelClass<T>,
    rows: readonly object[],
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T[]>> {
    return this.#run(model, "mapSql", { rows, tree });
  }

  /** Signs an upload to `key` in the bucket of an R2 model: whoever holds it can upload without the Worker. */
  async signUpload<T extends object>(
    model: ModelClass<T>,
    key: string,
    options?: UploadOptions,
  ): Promise<Either<Error, SignedUpload>> {
    const { host, core, store } = placeOf(model);
    return attempt(() =>
      storageOf(host).signUpload(this.#env, core.manifest, store, key, options ?? {}),
    );
  }

  /**
   * Objects from the flat rows of {@link Orm.listQuery} or {@link Orm.getQuery}, with their dotted column aliases: a list
   * that also answers as an {@link Either}.
   */
  static mapSql<T extends object>(
    model: ModelClass<T>,
    rows: readonly object[],
    tree?: IncludeChoice<T>,
  ): EitherList<T> {
    return eitherList(plan<T[]>(model, "map", { rows, tree }));
  }

  /**
   * The text of a SELECT over the model and its relations, one joined row per combination. Conditions and an order over its
   * columns can follow: `WHERE "name" = ?`, `WHERE "likes.id" = ?`.
   */
  static listQuery<T extends object>(
    model: ModelClass<T>,
    options: ListOptions<T> & { readonly from?: string } = {},
  ): string {
    const { includeTree: tree, from, tagCte } = options;
    return plan<string>(model, "listQuery", { tree, from, tagCte }).unwrap();
  }

  /** Like {@link Orm.listQuery} with a condition on the primary key, whose columns are bound as `?1`, `?2`, …. */
  static getQuery<T extends object>(model: ModelClass<T>, tree?: IncludeChoice<T>): string {
    return plan<string>(model, "getQuery", { tree }).unwrap();
  }

  #past<Value>(
    model: ClassConstructor,
    operation: keyof HistoryPart,
    given: unknown,
  ): Promise<Either<Error, Value>> {
    return attempt(() => {
      const place = placeOf(model);
      return partOf(place.host, "history")[operation](
        this.#env,
        place,
        given as never,
      ) as Promise<Value>;
    });
  }

  /** What is undefined in a condition would ask for all rows: it is refused. */
  async #ask<Value>(
    model: ClassConstructor,
    operation: string,
    given: Readonly<Record<string, unknown>>,
    paged?: boolean,
  ): Promise<Either<Error, Value>> {
    const name = undefinedIn(given.where) ?? undefinedWithin(given.tree);
    if (name === undefined) return this.#run(model, operation, given, paged);
    return Either.left(failure(`where: ${name} is undefined: leave it out, or ask for null`));
  }

  /** Finds out the scopes that `step` asks for. What asked for them begins again. */
  async #learn({ host, core }: Place, step: Step): Promise<void> {
    const names = core.textOf(step, wordText);
    core.end(core.word(step, wordExchange));
    const learnt = await partOf(host, "scopes")(
      host.hooks,
      core,
      names,
      this.#di as DependencyContainer,
    );
    this.#scopes = { ...this.#scopes, ...(JSON.parse(learnt) as object) };
  }

  async #run<Value>(
    model: ClassConstructor,
    operation: string,
    given?: object,
    paged = false,
  ): Promise<Either<Error, Value>> {
    const place = placeOf(model);
    const { host, core } = place;
    const signal = this.#signal;
    if (signal?.aborted) return Either.left(reasonOf(signal));
    const kept: unknown[] = [];
    const batch = newBatch();
    let cause: unknown;
    // A call that did not know of the scopes would not ask for them.
    if (this.#di !== undefined) tellHooks(host, core);
    let step = begin(place, operation, given, this.#scopes);
    while (core.word(step, wordKind) === stepMiddleware) {
      await this.#learn(place, step);
      step = begin(place, operation, given, this.#scopes);
    }
    const exchange = core.word(step, wordExchange);
    const waiting = core.wait(exchange);
    abandoned?.register(batch, { core, waiting }, batch);
    try {
      for (;;) {
        const kind = core.word(step, wordKind);
        if (kind !== stepQuery && kind !== stepStorage) {
          waiting.exchange = 0;
          if ((core.word(step, wordFlags) & flagIncomplete) !== 0) console.error(cause);
          return settle(place, step, kept, cause, paged);
        }
        let outcome = outcomeDone;
        let text: string;
        try {
          const reply = perform(host, core, step, this.#env, kept, batch, this.#database);
          text = await (signal === undefined ? reply : untilAborted(reply, signal));
        } catch (error) {
          if (signal?.aborted) return Either.left(reasonOf(signal));
          // What a tree asks for and nobody can do is told; what a database says of itself is not.
          if (error instanceof RangeError) return Either.left(error);
          outcome = outcomeFailed;
          cause = error;
          text = failureText(error);
        }
        step = core.resume(exchange, outcome, text, () => rootOf(batch));
      }
    } finally {
      abandoned?.unregister(batch);
      core.leave(waiting);
    }
  }
}

const reasonOf = (signal: AbortSignal): Error => asError(signal.reason);

/** `reply`, or a rejection as soon as `signal` is aborted. */
async function untilAborted<Value>(reply: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let end = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    end = () => reject(reasonOf(signal));
    signal.addEventListener("abort", end);
  });
  try {
    return await Promise.race([reply, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Where a model is at home. */
interface Place {
  readonly host: Host;
  readonly core: AppCore;
  /** The model's name in the CIDL. */
  readonly model: string;
  /** Of a KV or R2 model. */
  readonly store: Store | undefined;
}

function placeOf(constructor: ClassConstructor): Place {
  const host = hostOf(constructor);
  const core = coreOf(host);
  const model = nameOfKey(registryOf(host, core), constructor);
  return { host, core, model, store: core.manifest.stores[model] };
}

/**
 * Bytes travel as base64, dates as ISO text: both are what the columns of a model take. What of KV and R2 was read along
 * with a row stays where it is, unless it was changed, which the core refuses.
 */
function begin(
  { host, core, model }: Place,
  operation: string,
  given?: object,
  scopes?: object,
): Step {
  return core.operate(
    jsonOf(
      { ...given, operation, model, scopes },
      (blob) =>
        blob instanceof Blob
          ? blob
          : core.encodeBase64(blob instanceof ArrayBuffer ? new Uint8Array(blob) : blob),
      host.engine.storage?.isAsRead,
    ),
  );
}

/** The answer of an operation that reads nothing. */
function plan<Value>(
  model: ClassConstructor,
  operation: string,
  given: object,
): Either<Error, Value> {
  const place = placeOf(model);
  return settle(place, begin(place, operation, given), []);
}

/** The result of an ORM call: a `return` step's value, or the failure that a `respond` step carries. */
function settle<Value>(
  { host, core, store }: Place,
  step: Step,
  kept: readonly unknown[],
  cause?: unknown,
  paged = false,
): Either<Error, Value> {
  const text = core.answerOf(step);
  if (core.word(step, wordKind) !== stepReturn) return Either.left(failure(text, cause));
  // The step's status is the shape of one object plus one; lists are arrays of it, pages hold them.
  const shape = core.word(step, wordStatus) - 1;
  const one = (item: unknown): unknown => revive(item, shape, { host, core, kept });
  const value = JSON.parse(text) as unknown;
  const page = value as { items?: unknown } | null;
  if (store !== undefined && Array.isArray(page?.items)) {
    // R2 lists the heads of what its models are.
    const items = page.items.map((item: { httpEtag?: string }) =>
      one(item.httpEtag === undefined ? item : { head: item }),
    );
    return Either.right({ ...page, items } as Value);
  }
  const rows = paged ? (value as { items: unknown[] }).items : value;
  if (!Array.isArray(rows)) return Either.right(one(value) as Value);
  // Not enumerable: the rows are what is compared, copied and written.
  const cursor = paged ? (value as { cursor: unknown }).cursor : null;
  return Either.right(Object.defineProperty(rows.map(one), "cursor", { value: cursor }) as Value);
}

/** The same of the conditions in an include tree, at any level of it. */
function undefinedWithin(tree: unknown): string | undefined {
  if (typeof tree !== "object" || tree === null) return undefined;
  for (const [name, below] of Object.entries(tree)) {
    const found = name === "where" ? undefinedIn(below) : undefinedWithin(below);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What tells options from an include tree. */
const listWords = "includeTree include from where orderBy limit after offset".split(" ");

function listOptions<T>(options: IncludeChoice<T> | ListOptions<T> = {}): ListOptions<T> {
  return options === null || listWords.some((word) => word in options)
    ? ((options ?? {}) as ListOptions<T>)
    : { includeTree: options as IncludeChoice<T> };
}

/** An error without a name: its text, as in `${result.value}`, is the message alone. */
function failure(text: string, cause?: unknown): Error {
  return Object.assign(new Error(text, { cause }), { name: "" });
}

/** The value of `work`, or its failure. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Either<Error, Value>> {
  try {
    return Either.right(await work());
  } catch (error) {
    return Either.left(failure(asError(error).message, error));
  }
}
