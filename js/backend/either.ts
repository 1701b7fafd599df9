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
}
