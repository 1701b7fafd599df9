// The decorators. They mark classes for `cloesce compile` and do nothing at run time,
// so they accept both the older and the standard calling convention, with and without a call.

import type { Version as KeptVersion } from "../worker/index.js";
import type { OrderBy, Where } from "./query.js";
import type { ColumnPath, CrudKind, IncludeTree, ListRules, WriteTreeOf } from "./types.js";

/** Decorates a class, a property, a method or a parameter, in either calling convention. */
export type Decorator = (...decorated: unknown[]) => void;

/** A decorator that may be written bare (`@D1`) or called (`@D1()`, `@Model("db")`). */
export interface Marker<Given extends readonly unknown[] = []> {
  (...given: Given): Decorator;
  (...decorated: unknown[]): void;
}

const decorate: Decorator = () => undefined;

/**
 * Every marker is this one function. A call gives nothing, a text, a list or one plain object of options; what is decorated
 * comes first otherwise. A bare class decorator must answer nothing: what it answers would replace the class.
 */
function mark(...given: unknown[]): Decorator | undefined {
  const [first] = given;
  const isCall =
    given.length === 0 ||
    typeof first === "string" ||
    Array.isArray(first) ||
    (given.length === 1 && typeof first === "object");
  return isCall ? decorate : undefined;
}

// One constant, which bundlers see through: a call for each marker would be kept in every bundle.
const marker = mark as (...given: unknown[]) => Decorator;

/** A class over a D1 table. */
export const D1: Marker<[binding?: string]> = marker;
/**
 * A class over a D1 table, optionally of a named binding: `@Model("db")`. Without columns, only with `@KeyParam` and stored
 * fields, a class that has no table.
 */
export const Model: Marker<[binding?: string]> = marker;
/** A primary key column; on several properties: a composite key. */
export const PrimaryKey: Marker = marker;
/** A column whose values are unique; in front of a class columns that are so together: `@Unique("tenantId", "name")`. */
export const Unique: Marker<[...columns: string[]]> = marker;
/** A column with an index; in front of a class an index over columns in this order: `@Index("tenantId", "created")`. */
export const Index: Marker<[...columns: string[]]> = marker;
/** An Integer that counts the saves of its row: a save that brings another one than the row has is 409. */
export const Version: Marker = marker;
/** As a type, a value that a bucket kept of a key: what `Orm.history` answers. */
export type Version<T> = KeptVersion<T>;
/** A member that never leaves the Worker, and that no caller can give. The Worker's own code reads and writes it. */
export const Hidden: Marker = marker;
/** A member that callers read and never give. Columns that hold a key of KV or R2 are so by themselves. */
export const ReadOnly: Marker = marker;
/** A column that holds a key of KV or R2, and that callers may give: any key of the namespace or bucket, then. */
export const Writable: Marker = marker;
/** A navigation property over the foreign key property of this name. */
export const OneToOne: Marker<[foreignKey: string]> = marker;
/** A navigation property over the other model's foreign key property of this name. */
export const OneToMany: Marker<[foreignKey: string]> = marker;
/** A navigation property through the junction table of this name. */
export const ManyToMany: Marker<[junction: string]> = marker;
/** A static include tree, or a {@link DataSource} with a query, that callers can choose by its name. */
export const DataSource: Marker = marker;
/**
 * What a `@DataSource` reads: `include` of each object; of a list also which rows, in which order, and how many on a page.
 * `orm.list` takes it as it is.
 */
export interface DataSource<T> {
  readonly include?: IncludeTree<T>;
  /** Holds beside what the caller asks for. */
  readonly where?: Where<T>;
  /** The order where the caller asks for none: columns of the model itself. */
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[];
  /** Rows on a page, at most. */
  readonly limit?: number;
}
/** `@CRUD` as it may be written; grants are checked against the class that is decorated. */
export interface CrudMarker extends Marker<[kinds?: readonly CrudKind[]]> {
  <Writes extends object = object, const Path extends string = never>(
    kinds: readonly CrudKind[],
    options: { readonly writes?: Writes; readonly list?: ListRules<Path> },
  ): <Decorated extends abstract new (...values: never[]) => object>(
    decorated: Writes extends WriteTreeOf<InstanceType<Decorated>, Writes>
      ? [Path] extends [ColumnPath<InstanceType<Decorated>>]
        ? Decorated
        : { readonly list: ColumnPath<InstanceType<Decorated>> }
      : { readonly writes: WriteTreeOf<InstanceType<Decorated>, Writes> },
    context?: unknown,
  ) => void;
}

/**
 * Ready-made methods: `@CRUD(["SAVE", "GET", "LIST", "DELETE"])`; all of them when none is named. R2 models have HEAD, GET,
 * PUT, LIST and DELETE, models of keys GET. A caller's SAVE writes a nested row where its own model has SAVE too, or where
 * `writes` grants its relation: `@CRUD(["SAVE"], { writes: { lines: {} } })`. What is nested elsewhere can only be a key.
 * Callers of LIST filter and order by what `list` opens: `{ list: { where: ["title"], orderBy: ["title"], limit: 50 } }`.
 */
export const CRUD: CrudMarker = marker;
/** A namespace of methods with injected attributes. */
export const Service: Marker = marker;
/** A plain class that travels as JSON. */
export const PlainOldObject: Marker = marker;
/** The class that describes the Worker's env. */
export const WranglerEnv: Marker = marker;
/** A parameter that comes from the DI container, not from the caller. */
export const Inject: Marker = marker;
/**
 * How a KV class stores and reads: seconds until an entry ends (from 60), seconds that a read may be old (from 30), and how
 * many values of a key are kept (from 1 to 64), which needs a bucket with history in cloesce.config.json.
 */
export interface KVOptions {
  readonly expirationTtl?: number;
  readonly cacheTtl?: number;
  readonly history?: number;
}

/**
 * On a class that extends `KVModel`: `@KV("NAMESPACE")`, `@KV("NAMESPACE", { expirationTtl: 3600 })`. On a property of a D1
 * model or of a model of keys: `@KV("users/{id}/settings", "NAMESPACE")`, `@KV({ namespace: "NAMESPACE", keyColumn: "key" })`.
 */
export const KV: Marker<
  [
    namespaceOrKey?:
      string | { readonly namespace: string; readonly keyColumn?: string } | KVOptions,
    namespaceOrOptions?: string | KVOptions,
  ]
> = marker;
/**
 * On a class that extends `R2Model`: `@R2("BUCKET")`. On a property of a D1 model or of a model of keys:
 * `@R2("pics/{id}.png", "BUCKET")`, `@R2({ bucket: "BUCKET", keyColumn: "pictureKey" })`.
 */
export const R2: Marker<
  [bucketOrKey?: string | { readonly bucket: string; readonly keyColumn?: string }, bucket?: string]
> = marker;
/** A string that comes from the URL, a segment after the primary key, and fills key templates. */
export const KeyParam: Marker = marker;

/** HTTP verbs; a decorated method is a route. */
export const GET: Marker = marker;
export const HEAD: Marker = marker;
export const POST: Marker = marker;
export const PUT: Marker = marker;
export const PATCH: Marker = marker;
export const DELETE: Marker = marker;
export { GET as Get, HEAD as Head, POST as Post, PUT as Put, PATCH as Patch, DELETE as Delete };

/** A foreign key column: `@ForeignKey(Other)`, `@ForeignKey("Other")` or `@ForeignKey<Other>((other) => other.key)`. */
export function ForeignKey<Other = unknown>(
  _other: string | (abstract new (...values: never[]) => unknown) | ((other: Other) => unknown),
): Decorator {
  return decorate;
}
