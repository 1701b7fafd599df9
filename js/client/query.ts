// What callers ask of a list: types that generated clients fill with what each model opens.
import type { CallSettings } from "./api.js";
import type { HttpResult } from "./http-result.js";

/** What may be asked of a column. Where a value is null, it is asked whether there is none. */
export interface Comparison<Value> {
  readonly equals?: Value | undefined;
  readonly not?: Value | Comparison<Value> | undefined;
  readonly in?: readonly Value[] | undefined;
  readonly notIn?: readonly Value[] | undefined;
  readonly lt?: NonNullable<Value> | undefined;
  readonly lte?: NonNullable<Value> | undefined;
  readonly gt?: NonNullable<Value> | undefined;
  readonly gte?: NonNullable<Value> | undefined;
  readonly isNull?: boolean | undefined;
}

/** The same of a text, whose order is that of its bytes. */
export interface TextComparison<Value> extends Comparison<Value> {
  readonly not?: Value | TextComparison<Value> | undefined;
  readonly contains?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly endsWith?: string | undefined;
  /** Whether the letters A to Z are those from a to z. */
  readonly mode?: "default" | "insensitive" | undefined;
}

/** A column in a {@link Conditions}. */
export type ColumnCondition<Value> =
  Value | (NonNullable<Value> extends string ? TextComparison<Value> : Comparison<Value>);

/** All of these, and what AND, OR and NOT say of others of the same kind. A member that is undefined asks nothing. */
export type Conditions<Members> = {
  readonly [Member in keyof Members]?: Members[Member] | undefined;
} & {
  readonly AND?: Conditions<Members> | readonly Conditions<Members>[] | undefined;
  readonly OR?: readonly Conditions<Members>[] | undefined;
  readonly NOT?: Conditions<Members> | readonly Conditions<Members>[] | undefined;
};

/** The one row that a relation leads to; null where it leads to none. */
export type RowCondition<Members> = Conditions<Members> | null;

/** The rows that a relation leads to. */
export interface RowsCondition<Members> {
  readonly some?: Conditions<Members> | undefined;
  readonly every?: Conditions<Members> | undefined;
  readonly none?: Conditions<Members> | undefined;
}

/** Nulls come first in an ascending order. */
export type Direction = "asc" | "desc";

/** Which rows of a list, in which order, how many, and behind which. */
export interface ListQuery<Where = never, Order = never> {
  readonly where?: Where | undefined;
  readonly orderBy?: Order | readonly Order[] | undefined;
  /** Rows of a page. */
  readonly limit?: number | undefined;
  /** The cursor of a page before: what `Link` says of the next one. */
  readonly after?: string | undefined;
}

/** What one call of a list does differently, and what it asks. */
export type ListSettings<Where = never, Order = never> =
  | Extract<CallSettings, (...given: never[]) => unknown>
  | (Exclude<CallSettings, (...given: never[]) => unknown> & ListQuery<Where, Order>);

/** A page of a list. `for await (const row of page)` goes over its rows and those of all pages behind it. */
export interface ListPages<T> extends AsyncIterable<T> {
  /** Asks for the page behind this one; null when this is the last. */
  next(): Promise<ListResult<T>> | null;
}

/** What a list answers. */
export type ListResult<T> = HttpResult<T[]> & ListPages<T>;
