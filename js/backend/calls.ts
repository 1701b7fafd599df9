// What the hooks of a class are told of its calls, typed by the class. Types only.

import type { Call, Values } from "../worker/index.js";
import type { KVModel, R2Model } from "./stored.js";
import type { DeepPartial } from "./types.js";

/** A model or service. */
export type NamespaceClass<T extends object = object> = abstract new (...values: never[]) => T;

type AnyMethod = (...values: never[]) => unknown;

type MethodsOf<T> = {
  [Name in keyof T]: T[Name] extends AnyMethod ? Name : never;
}[keyof T] &
  string;

/** What `@CRUD` makes. */
type ReadyMade = "save" | "get" | "list" | "delete" | "head" | "put";

/** The methods of a class: of its instances, static ones, and those that `@CRUD` makes. */
export type MethodName<C extends NamespaceClass> =
  MethodsOf<InstanceType<C>> | MethodsOf<C> | ReadyMade;

/** Columns that may be part of a key. */
type Scalar = string | number | boolean | Date;

/** The key in the URL; which columns it has is not told by the class. */
export type KeyOf<T> = T extends KVModel<unknown> | R2Model
  ? { readonly key?: string }
  : { readonly [Name in keyof T as T[Name] extends Scalar ? Name : never]?: T[Name] };

/** What is in the arguments for a parameter: a stream is left out. */
type Argument<T> = T extends ReadableStream ? undefined : T;

type ReadyMadeArguments<T> = {
  save: T extends KVModel<infer Value>
    ? {
        readonly key: string;
        readonly value: Argument<Value>;
        readonly metadata?: unknown;
        readonly expirationTtl?: number | null;
      }
    : { readonly model: DeepPartial<T> };
  get: KeyOf<T>;
  head: { readonly key: string };
  delete: Values;
  put: Values & { readonly key: string };
  list: Values;
};

type FunctionOf<C extends NamespaceClass, Name> = Name extends keyof InstanceType<C>
  ? InstanceType<C>[Name]
  : Name extends keyof C
    ? C[Name]
    : never;

/** The arguments of a method by their names. TypeScript does not tell the names of parameters: each may be any of them. */
export type ArgumentsOf<C extends NamespaceClass, Name> =
  FunctionOf<C, Name> extends (...values: infer Given) => unknown
    ? [FunctionOf<C, Name>] extends [never]
      ? Name extends keyof ReadyMadeArguments<unknown>
        ? ReadyMadeArguments<InstanceType<C>>[Name]
        : Values
      : Readonly<Record<string, Argument<Given[number]>>>
    : Values;

/** The call of one method. */
export type MethodCall<C extends NamespaceClass, Name> = Call<
  KeyOf<InstanceType<C>>,
  ArgumentsOf<C, Name>,
  undefined
>;

/** A call of any method of a class, before its arguments are read. */
export type NamespaceCall<C extends NamespaceClass> = Call<
  KeyOf<InstanceType<C>>,
  undefined,
  undefined
>;

/** A call on an instance. */
export type InstanceCall<C extends NamespaceClass> = Call<
  KeyOf<InstanceType<C>>,
  Values,
  InstanceType<C>
>;
