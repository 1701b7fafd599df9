// The words of the source language: types that the compiler knows by name.

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

/** Which relations of `T` to include, and which of theirs: `{ likes: { horse2: {} } }`. */
export type IncludeTree<T> = {
  [Member in keyof T as IsRelation<T[Member]> extends true ? Member : never]?: IncludeTree<
    Related<T[Member]>
  >;
};

/** The name of a data source of `T`, chosen by the caller; `"none"` includes nothing. */
export type DataSourceOf<_T> = string;

/** The methods that `@CRUD` can make. */
export type CrudKind = "SAVE" | "GET" | "LIST" | "DELETE" | "HEAD";
