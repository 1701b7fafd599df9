// The body of a request as the result of a method.

import { HttpResult } from "./http-result.js";

/**
 * `value`, unless it is the body of `request`: wrangler's development proxy refuses that, so it goes through a pipe. The
 * platform moves the bytes; none of them enters JavaScript.
 */
export function passedOn(value: unknown, request: Request): unknown {
  const given = value instanceof HttpResult ? value.data : value;
  if (!(given instanceof ReadableStream) || given !== request.body) return value;
  const Pipe =
    (globalThis as { IdentityTransformStream?: typeof TransformStream }).IdentityTransformStream ??
    TransformStream;
  const piped = given.pipeThrough(new Pipe());
  if (!(value instanceof HttpResult)) return piped;
  value.data = piped;
  return value;
}
