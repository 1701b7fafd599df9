// The ORM for user code: the core plans and maps, this class runs the batches.

import {
  answerEnd,
  type AppCore,
  bindingOf,
  checkKey,
  type ClassConstructor,
  type D1DatabaseLike,
  deleteKey,
  type Host,
  performStorage,
  prepareBatch,
  putObject,
  revive,
  runBatch,
  saveEntry,
  signingKeys,
  signUrl,
  type Step,
  storageContext,
  type Store,
  storedRevival,
} from "../worker/index.js";
import { outcome, stepKind } from "../abi/step.js";
import { hostOf } from "./app.js";
import { Either } from "./either.js";
import type { Page, PageOptions } from "./stored.js";
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

/** What a signed upload is bound to. */
export interface UploadOptions {
  /** The only content type that is taken. */
  readonly contentType?: string;
  /** The only number of bytes that is taken. */
  readonly contentLength?: number;
  /** Seconds, 1 to 604800; default 3600. */
  readonly expiresIn?: number;
}

/** A request that may be sent to R2 directly, by whoever holds it. */
export interface SignedUpload {
  readonly url: string;
  readonly method: "PUT";
  /** What the request must carry. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expires: Date;
}

/** The members of a KV model's instance. */
interface EntryLike {
  key: string;
  value: unknown;
  metadata: unknown;
}

/** Reads and writes models. Every call on D1 is one batch; failures come back as the left of an {@link Either}. */
export class Orm {
  readonly #env: unknown;
  readonly #database: D1DatabaseLike | null;

  private constructor(env: unknown, database: D1DatabaseLike | null) {
    this.#env = env;
    this.#database = database;
  }

  /** An ORM on one database, whatever the models' bindings are called. It reads nothing from KV and R2. */
  static fromD1(database: unknown): Orm {
    return new Orm({}, database as D1DatabaseLike);
  }

  /** An ORM on the env of a request: each model's own binding. */
  static fromEnv(env: unknown): Orm {
    return new Orm(env, null);
  }

  /**
   * The row with primary key `key` and what `tree` includes; of a KV or R2 model the entry or object under `key`; of a
   * model of keys what `tree` includes. Null when there is none.
   */
  async get<T extends object>(
    model: ModelClass<T>,
    key: PrimaryKeyOf,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T | null>> {
    return this.#run<T | null>(model, { operation: "get", key, tree: tree ?? null });
  }

  /** A page of the entries of a KV model, or of the objects of an R2 model, in order of their keys. */
  async page<T extends object>(
    model: ModelClass<T>,
    options: PageChoice = {},
  ): Promise<Either<Error, Page<T>>> {
    return this.#run(model, { operation: "list", ...options });
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

  /** Writes an entry of a KV model: its `key`, `value` and `metadata`. */
  async save<T extends EntryLike>(
    model: ModelClass<T>,
    entry: Pick<T, "key" | "value"> & { readonly metadata?: unknown },
    options?: EntryOptions,
  ): Promise<Either<Error, T>>;
  /** Uploads an object of an R2 model. */
  async save<T extends { head: unknown }>(
    model: ModelClass<T>,
    object: ObjectUpload,
  ): Promise<Either<Error, T>>;
  /** Like {@link Orm.upsert}, but answers the saved object as it now is, with what `tree` includes. */
  async save<T extends object>(
    model: ModelClass<T>,
    value: DeepPartial<NoInfer<T>>,
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T>>;
  async save<T extends object>(
    model: ModelClass<T>,
    value: object,
    tree?: unknown,
  ): Promise<Either<Error, T>> {
    const host = hostOf(model);
    const core = host.engine.current();
    const name = nameOf(model);
    const store = storeOf(core, name);
    if (store !== undefined) {
      return attempt(async () => {
        const entry = { ...(value as EntryLike & ObjectUpload), ...(tree as EntryOptions) };
        const saved =
          store.value === null
            ? await putObject(this.#env, store, entry)
            : await saveEntry(this.#env, store, entry);
        return Object.assign(new (model as unknown as new () => T)(), saved);
      });
    }
    return this.#run<T>(model, { operation: "save", value, tree: tree ?? null });
  }

  /**
   * Deletes the row with primary key `key`; answers whether there was one. KV and R2 do not tell whether there was
   * something under a key: the answer is true.
   */
  async delete<T extends object>(
    model: ModelClass<T>,
    key: PrimaryKeyOf,
  ): Promise<Either<Error, boolean>> {
    const store = storeOf(hostOf(model).engine.current(), nameOf(model));
    if (store !== undefined) {
      return attempt(async () => {
        await deleteKey(this.#env, store, String(key));
        return true;
      });
    }
    return this.#run<boolean>(model, { operation: "delete", key });
  }

  /** `value`, an object of the model or a list of them, with the fields from KV and R2 that `tree` names. */
  async hydrate<T extends object, Value extends DeepPartial<T> | readonly DeepPartial<T>[]>(
    model: ModelClass<T>,
    value: Value,
    tree: IncludeChoice<T>,
  ): Promise<Either<Error, Value extends readonly unknown[] ? T[] : T>> {
    return this.#run(model, { operation: "hydrate", value, tree: tree ?? null });
  }

  /** Like {@link Orm.mapSql} of the class, and fills the fields from KV and R2 that `tree` names. */
  async mapSql<T extends object>(
    model: ModelClass<T>,
    rows: readonly object[],
    tree?: IncludeChoice<T>,
  ): Promise<Either<Error, T[]>> {
    return this.#run<T[]>(model, { operation: "mapSql", rows, tree: tree ?? null });
  }

  /** Signs an upload to `key` in the bucket of an R2 model: whoever holds it can upload without the Worker. */
  async signUpload<T extends object>(
    model: ModelClass<T>,
    key: string,
    options: UploadOptions = {},
  ): Promise<Either<Error, SignedUpload>> {
    const core = hostOf(model).engine.current();
    const store = storeOf(core, nameOf(model));
    return attempt(async () => {
      if (store?.value !== null) throw new Error("uploads go to R2 models");
      checkKey(key, 1024);
      const { contentType, contentLength, expiresIn } = options;
      const headers = {
        ...(contentType === undefined ? {} : { "content-type": contentType }),
        ...(contentLength === undefined ? {} : { "content-length": String(contentLength) }),
      };
      const { bucket } = store;
      const keys = signingKeys(this.#env, core.manifest.signing);
      const signed = await signUrl(keys, { method: "PUT", bucket, key, expiresIn, headers });
      if (signed === null) throw new Error("key: a signed URL has no segment . or ..");
      return { url: signed.url, method: "PUT", headers, expires: new Date(signed.expires) };
    });
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
    const kept: unknown[] = [];
    let step = core.operate(operationText(core, { ...description, model: nameOf(model) }));
    let exchange = step.exchange;
    try {
      while (step.kind === stepKind.query || step.kind === stepKind.storage) {
        try {
          step = core.resumeText(exchange, outcome.done, await this.#perform(core, step, kept));
        } catch (error) {
          step = core.resume(
            exchange,
            outcome.failed,
            error instanceof Error ? error.message : String(error),
          );
        }
      }
      exchange = 0;
      return settle<Value>(host, core, step, kept);
    } finally {
      if (exchange !== 0) core.end(exchange);
    }
  }

  async #perform(core: AppCore, step: Step, kept: unknown[]): Promise<string> {
    const query = step.kind === stepKind.query;
    const operations = query
      ? core.core.text(step.blobs, step.limit)
      : core.core.text(step.bytes, step.bytesLength);
    const context = storageContext(core, this.#env, kept);
    if (!query) return performStorage(operations, context);
    const name = core.core.text(step.text, step.textLength);
    const database = this.#database ?? bindingOf<D1DatabaseLike>(this.#env, name);
    const rows = runBatch(database, prepareBatch(core, step, database));
    if (operations === "") return rows;
    return (await Promise.all([rows, performStorage(operations, context)])).join(answerEnd);
  }
}

/** The value of `work`, or its failure. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Either<Error, Value>> {
  try {
    return Either.right(await work());
  } catch (error) {
    return Either.left(error instanceof Error ? error : new Error(String(error)));
  }
}

function storeOf(core: AppCore, name: string): Store | undefined {
  return core.manifest.stores[name];
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
function settle<Value>(
  host: Host,
  core: AppCore,
  step: Step,
  kept: readonly unknown[] = [],
): Either<Error, Value> {
  const text = core.core.text(step.bytes, step.bytesLength);
  if (step.kind !== stepKind.return) return Either.left(new Error(text));
  const revival = storedRevival(core, host.classes, kept);
  const value = JSON.parse(text) as unknown;
  // The step's status is the shape of one object plus one; lists are arrays of it, pages hold them.
  const shape = step.status - 1;
  const page = value as { items?: unknown; cursor?: unknown } | null;
  if (shape >= 0 && Array.isArray(page?.items) && page.cursor !== undefined) {
    // R2 lists the heads of what its models are.
    const items = page.items.map((item: { head?: unknown; httpEtag?: string }) =>
      revive(item.httpEtag === undefined ? item : { head: item }, shape, revival),
    );
    return Either.right({ ...page, items } as Value);
  }
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
