// Call: what a hook is told of the call that it stands in front of.

import type { Route, Shape } from "./manifest.js";

/** A method of HTTP. */
export type Verb = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Values by their names. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * The call that a hook stands in front of. What is not looked at is not made; all of it is to be looked at before the hook
 * is over. The values are the hook's own: what it changes in them does not reach the method, `self` apart.
 */
export interface Call<Key = Values, Arguments = Values | undefined, Self = unknown> {
  /** The model or service. */
  readonly namespace: string;
  readonly method: string;
  readonly verb: Verb;
  /** The key in the URL by the names of its columns; empty of static methods and services. */
  readonly key: Key;
  /**
   * The validated arguments by their names, dates, bytes and instances revived, without what is injected. A stream is left
   * out, for only the method can read it. Undefined in `onNamespace`, which runs before there is a body.
   */
  readonly arguments: Arguments;
  /** In `onInstance`: the object that the method is called on. */
  readonly self: Self;
}

/** How the members of a call are made. */
type Making = { readonly [Member in "key" | "arguments" | "self"]: () => unknown };

/** The call of `route`. Each member is made when it is first looked at. */
export function callOf({ namespace, method }: Route, verb: string, making: Making): Call {
  const made: Partial<Record<keyof Making, unknown>> = {};
  const of = (member: keyof Making): unknown =>
    member in made ? made[member] : (made[member] = making[member]());
  return {
    namespace,
    method,
    verb: verb as Verb,
    get key() {
      return of("key") as Values;
    },
    get arguments() {
      return of("arguments") as Values;
    },
    get self() {
      return of("self");
    },
  };
}

/** The key that `text`, a JSON array, holds of a model whose shape is `shape`, by the names of its columns. */
export function keyOf(text: string, shape: Shape | undefined): Values {
  if (text === "" || shape?.kind !== "object") return {};
  const values = JSON.parse(text) as unknown[];
  const isDate = new Map(shape.fields);
  return Object.fromEntries(
    values.map((value, index) => {
      const name = shape.keys?.[index] as string;
      // What needs reviving in a key is a date.
      return [name, isDate.has(name) ? new Date(value as string) : value];
    }),
  );
}
