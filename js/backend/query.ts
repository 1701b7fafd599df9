// What may be asked of a model: types made of the model's own.
import type { storedForm } from "./stored.js";

/** What may be asked of a column. A null value asks whether there is none. */
export interface Comparison<Value> {
  readonly equals?: Value | null;
  readonly not?: Value | null | Comparison<Value>;
  readonly in?: readonly (Value | null)[];
  readonly notIn?: readonly (Value | null)[];
  readonly lt?: Value;
  readonly lte?: Value;
  readonly gt?: Value;
  readonly gte?: Value;
  readonly isNull?: boolean;
}

/** The same of a text, whose order is that of its bytes. */
export interface TextComparison extends Comparison<string> {
  readonly not?: string | null | TextComparison;
  readonly contains?: string;
  readonly startsWith?: string;
  readonly endsWith?: string;
  /** Whether the letters A to Z are those from a to z. */
  readonly mode?: "default" | "insensitive";
}

type Scalar = string | number | boolean | Date | Uint8Array | ArrayBuffer | Blob;
type One<Member> = NonNullable<Member>;

type ConditionOn<Member> =
  One<Member> extends Scalar
    ? One<Member> | null | (One<Member> extends string ? TextComparison : Comparison<One<Member>>)
    : One<Member> extends readonly (infer Item)[]
      ? RowsCondition<NonNullable<Item>>
      : Where<One<Member>> | null;

/** Members that are neither methods nor of KV and R2. */
type Asked<T> = keyof {
  [
    Member in keyof T as One<T[Member]> extends (...given: never[]) => unknown
      ? never
      : typeof storedForm extends keyof One<T[Member]>
        ? never
        : Member
  ]: true;
};

/** The rows that a relation leads to. */
export interface RowsCondition<T> {
  readonly some?: Where<T>;
  readonly every?: Where<T>;
  readonly none?: Where<T>;
}

/** Rows for which all of it holds. Conditions on a relation to one row are those of its model; null: it leads to none. */
export type Where<T> = { readonly [Member in Asked<T>]?: ConditionOn<T[Member]> } & {
  readonly AND?: Where<T> | readonly Where<T>[];
  readonly OR?: readonly Where<T>[];
  readonly NOT?: Where<T> | readonly Where<T>[];
};

/** Columns with what they are set to. The key of a row stays what it is. */
export type Changes<T> = {
  readonly [
    Member in Asked<T> as One<T[Member]> extends Scalar ? Member : never
  ]?: undefined extends T[Member] ? T[Member] | null : T[Member];
};

/** One column, of the model or of a row that it leads to. Nulls come first in an ascending order. */
export type OrderBy<T> = {
  readonly [Member in Asked<T>]?: One<T[Member]> extends Scalar
    ? "asc" | "desc"
    : One<T[Member]> extends readonly unknown[]
      ? never
      : OrderBy<One<T[Member]>>;
};

/** Which rows, in which order, how many, and behind which. */
export interface ModelQuery<T> {
  readonly where?: Where<T> | undefined;
  /** The primary key is added at the end. */
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[] | undefined;
  /** Rows at most; without it all of them. */
  readonly limit?: number | undefined;
  /** The cursor of the page before, in the same order. */
  readonly after?: string | undefined;
  /** Rows to pass over. The database reads them all the same: `after` does not. */
  readonly offset?: number | undefined;
}

/** Rows, and where the page behind them begins: null when there is none. */
export type Rows<T> = T[] & { readonly cursor: string | null };
