// Either: one of two values, for results that carry their error instead of throwing it.

/** A `left` (by custom the error) or a `right` (the value). */
export class Either<Left, Right> {
  readonly #side: "left" | "right";
  /** Whichever of the two it holds. */
  readonly value: Left | Right;

  private constructor(side: "left" | "right", value: Left | Right) {
    this.#side = side;
    this.value = value;
  }

  static left<Left, Right = never>(value: Left): Either<Left, Right> {
    return new Either<Left, Right>("left", value);
  }

  static right<Right, Left = never>(value: Right): Either<Left, Right> {
    return new Either<Left, Right>("right", value);
  }

  isLeft(): boolean {
    return this.#side === "left";
  }

  isRight(): boolean {
    return this.#side === "right";
  }

  /**
   * The right value.
   * @throws Error when this is a left; the left value is its cause.
   */
  unwrap(): Right {
    if (this.isLeft()) throw new Error("unwrap of a left Either", { cause: this.value });
    return this.value as Right;
  }

  /**
   * The left value.
   * @throws Error when this is a right.
   */
  unwrapLeft(): Left {
    if (this.isRight()) throw new Error("unwrapLeft of a right Either");
    return this.value as Left;
  }

  map<Mapped>(change: (value: Right) => Mapped): Either<Left, Mapped> {
    return this.isLeft()
      ? Either.left(this.value as Left)
      : Either.right(change(this.value as Right));
  }

  mapLeft<Mapped>(change: (value: Left) => Mapped): Either<Mapped, Right> {
    return this.isLeft()
      ? Either.left(change(this.value as Left))
      : Either.right(this.value as Right);
  }
}
