// Either: the result of an ORM call, a value or an error.

import { asError } from "../worker/index.js";

/**
 * A value (right) or an error (left). ORM calls answer it instead of throwing.
 * `value` is whichever of the two there is.
 */
export class Either<Left, Right> {
  readonly value: Left | Right;
  /** Whether it is a success. */
  readonly ok: boolean;

  private constructor(value: Left | Right, ok: boolean) {
    this.value = value;
    this.ok = ok;
  }

  /** A success. */
  static right<Right, Left = never>(value: Right): Either<Left, Right> {
    return new Either<Left, Right>(value, true);
  }

  /** A failure. */
  static left<Left, Right = never>(error: Left): Either<Left, Right> {
    return new Either<Left, Right>(error, false);
  }

  isLeft(): boolean {
    return !this.ok;
  }

  isRight(): boolean {
    return this.ok;
  }

  /** The value; throws the error when it is a failure. */
  unwrap(): Right {
    if (this.ok) return this.value as Right;
    throw asError(this.value);
  }

  /** The error; throws when it is a success. */
  unwrapLeft(): Left {
    if (!this.ok) return this.value as Left;
    throw new Error("the result is a value, not an error");
  }

  /** The same failure, or the success with `change` applied. */
  map<Other>(change: (value: Right) => Other): Either<Left, Other> {
    return this.ok ? Either.right(change(this.value as Right)) : Either.left(this.value as Left);
  }

  /** The same success, or the failure with `change` applied. */
  mapLeft<Other>(change: (error: Left) => Other): Either<Other, Right> {
    return this.ok ? Either.right(this.value as Right) : Either.left(change(this.value as Left));
  }
}

const eitherMembers = [
  "value",
  "ok",
  "isLeft",
  "isRight",
  "unwrap",
  "unwrapLeft",
  "mapLeft",
] as const;

/** A list that can be used as it is, and also asked as the {@link Either} that it comes from. */
export type EitherList<Item> = Item[] & Pick<Either<Error, Item[]>, (typeof eitherMembers)[number]>;

/** `result` as a list. A failure is not an empty one: whoever uses it as a list gets its error thrown. */
export function eitherList<Item>(result: Either<Error, Item[]>): EitherList<Item> {
  const list = result.ok ? result.unwrap() : [];
  for (const name of eitherMembers) {
    const member: unknown = result[name];
    const value: unknown = typeof member === "function" ? member.bind(result) : member;
    Object.defineProperty(list, name, { value });
  }
  const guarded = new Proxy(list, {
    get: (target, name) =>
      name !== "length" && Object.hasOwn(target, name)
        ? Reflect.get(target, name)
        : result.unwrap(),
  });
  return (result.ok ? list : guarded) as EitherList<Item>;
}
