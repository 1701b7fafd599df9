// The words of the source language: types that the compiler knows by name.
import type { OrderBy, Where } from "./query.js";
import type { R2DownloadOptions, StoredForm, storedForm, PageOptions } from "./stored.js";

/** A whole number; column type INTEGER, exact within ±(2^53 − 1). */
export type Integer = number;

/** Bytes that pass by unbuffered. */
export type Stream = ReadableStream<Uint8Array>;

/** Any JSON value. */
export type Json = unknown;

/** Any part of `T`, at every depth. */
export type DeepPartial<T> = T extends
  Date | Uint8Array | ArrayBuffer | ReadableStream | ((...values: never[]) => unknown)
  ? T
  : T extends (infer Item)[]
    ? DeepPartial<Item>[]
    : T extends object
      ? { [Member in keyof T]?: DeepPartial<T[Member]> }
      : T;

type Related<T> = NonNullable<T> extends (infer Item)[] ? NonNullable<Item> : NonNullable<T>;
type IsRelation<T> =
  Related<T> extends Date | Uint8Array | ArrayBuffer | ((...values: never[]) => unknown)
    ? false
    : Related<T> extends object
      ? true
      : false;

/** `{}`: read it along, as it is. */
type NoOptions = Readonly<Record<string, never>>;

/** What an include tree may say below a property: the options of what is stored, or the tree of a relation. */
type IncludeOf<T> = typeof storedForm extends keyof T
  ? T extends StoredForm<"download">
    ? R2DownloadOptions
    : T extends StoredForm<"page">
      ? PageOptions
      : NoOptions
  : IncludeTree<T>;

/**
 * Which relations and stored fields of `T` to read along: `{ likes: { horse2: {} }, cover: { expiresIn: 600 } }`. A relation
 * takes the tree of its model, one to many rows also `where`, `orderBy` and `limit` (of each object): `{ likes: { limit: 5 } }`;
 * a download takes {@link R2DownloadOptions}, a page {@link PageOptions}, other stored fields `{}`.
 */
export type IncludeTree<T> = {
  [Member in keyof T as IsRelation<T[Member]> extends true ? Member : never]?: IncludeOf<
    Related<T[Member]>
  > &
    (NonNullable<T[Member]> extends readonly unknown[] ? RowsOf<Related<T[Member]>> : unknown);
};

/** Which of the rows that a relation leads to are read along: those that meet conditions, in an order, so many of each object. */
type RowsOf<T> = typeof storedForm extends keyof T
  ? unknown
  : {
      readonly [
        Name in keyof RowsQuery<T> as Name extends keyof T ? never : Name
      ]?: RowsQuery<T>[Name];
    };

interface RowsQuery<T> {
  readonly where: Where<T>;
  readonly orderBy: OrderBy<T> | readonly OrderBy<T>[];
  readonly limit: number;
}

/**
 * Relations of `T` that a caller's save may write: `{ lines: { product: {} }, tags: {} }`. As an include tree, without stored
 * fields.
 */
export type WriteTree<T> = {
  [
    Member in keyof T as IsRelation<T[Member]> extends true
      ? typeof storedForm extends keyof Related<T[Member]>
        ? never
        : Member
      : never
  ]?: WriteTree<Related<T[Member]>>;
};

type ColumnsOf<T> = {
  [Member in keyof T]: NonNullable<T[Member]> extends
    string | number | boolean | Date | Uint8Array | ArrayBuffer
    ? Member
    : never;
}[keyof T] &
  string;

type RelationsOf<T> = keyof WriteTree<T> & keyof T & string;

/** Columns of `T`, and of what its relations lead to on up to four levels: `"title"`, `"album.artist.name"`. */
export type ColumnPath<T, Levels extends readonly unknown[] = [1, 1, 1, 1]> =
  | ColumnsOf<T>
  | (Levels extends readonly [unknown, ...infer Below]
      ? {
          [Member in RelationsOf<T>]: `${Member}.${ColumnPath<Related<T[Member]>, Below>}`;
        }[RelationsOf<T>]
      : never);

/** What callers may ask of a LIST. */
export interface ListRules<Path extends string = string> {
  /** Columns that callers may filter by, of related rows too. */
  readonly where?: readonly Path[];
  /** Columns that callers may order by, of rows that a relation to one leads to too. */
  readonly orderBy?: readonly Path[];
  /** Rows of a page for who asks no number, 100 by default. `false`: all rows, but for who asks for pages. */
  readonly limit?: number | false;
  /** Rows that a caller may ask for at most, 1,000 by default. */
  readonly maximum?: number;
}

/** `Tree` with `never` in the place of what is no relation of `T`: what is wrong with it then stands in the message. */
export type WriteTreeOf<T, Tree> = {
  [Member in keyof Tree]: Member extends keyof WriteTree<T>
    ? Member extends keyof T
      ? WriteTreeOf<Related<T[Member]>, Tree[Member]>
      : never
    : never;
};

/** The name of a data source of `T`, chosen by the caller; `"none"` includes nothing. */
export type DataSourceOf<_T> = string;

/** The methods that `@CRUD` can make; which of them depends on the storage of the model. */
export type CrudKind = "SAVE" | "GET" | "LIST" | "DELETE" | "HEAD" | "PUT";

/** The S3 endpoint of the account, `https://<account>.r2.cloudflarestorage.com`: a variable of the environment. */
export type R2Endpoint = string;

/** The id of an R2 API token, which signs download and upload URLs: a secret of the environment. */
export type R2AccessKeyId = string;

/** The secret of an R2 API token: a secret of the environment. */
export type R2SecretAccessKey = string;
