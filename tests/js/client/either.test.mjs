// Either: the side it was made as decides, not the value.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Either } from "../../../dist/client/index.js";

test("either: a right gives its value", () => {
  const right = Either.right(0);
  assert.equal(right.isRight(), true);
  assert.equal(right.isLeft(), false);
  assert.equal(right.value, 0);
  assert.equal(right.unwrap(), 0);
  assert.throws(() => right.unwrapLeft());
  assert.equal(right.map((value) => value + 1).unwrap(), 1);
  assert.equal(right.mapLeft(() => "changed").unwrap(), 0);
});

test("either: a left gives its error, also as the cause of a failed unwrap", () => {
  const left = Either.left("broken");
  assert.equal(left.isLeft(), true);
  assert.equal(left.unwrapLeft(), "broken");
  assert.throws(
    () => left.unwrap(),
    (error) => error.cause === "broken",
  );
  assert.equal(left.map(() => "changed").unwrapLeft(), "broken");
  assert.equal(left.mapLeft((value) => value.length).unwrapLeft(), 6);
});
