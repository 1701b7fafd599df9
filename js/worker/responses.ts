// Results as HTTP responses.

import { internal, storageFailed } from "../abi/codes.js";
import type { AppCore } from "./app-core.js";
import { asError } from "./as-error.js";
import { formOf, holdsBlob, jsonWithBase64 } from "./blobs.js";
import { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";
import { objectHeader } from "./r2-object.js";

/** What an HttpResult says of its response. */
interface ResultInit {
  readonly status: number;
  readonly headers: Headers;
  readonly encodeBody: "automatic" | "manual";
}

/** What every answer says: nobody guesses what it is, and nobody keeps a failure. */
export function protect(headers: Headers, status: number): Headers {
  if (!headers.has("x-content-type-options")) headers.set("x-content-type-options", "nosniff");
  if (status >= 400 && !headers.has("cache-control")) headers.set("cache-control", "no-store");
  return headers;
}

const bareAnswer: ResultInit = {
  status: 200,
  headers: protect(new Headers(), 200),
  encodeBody: "automatic",
};

/**
 * What the caller sees of what was thrown: a thrown result as it is. Else the failure is one inside the framework or user
 * code and is logged; details are only for `debug`.
 */
export function failureOf(error: unknown, debug: boolean): HttpResult {
  if (error instanceof HttpResult) return error;
  console.error(error);
  const { stack, message, said } = asError(error);
  const shown = said === undefined ? `${internal}: internal error` : `${storageFailed}: ${said}`;
  return HttpResult.fail(500, `${shown}${debug ? `\n${stack ?? message}` : ""}`);
}

/**
 * A result as a response to `request`. `route` says how its data travels; null for results of no route. Without a core
 * failures are plain texts.
 */
export function toResponse(
  result: HttpResult,
  request: Request,
  core: AppCore | null = null,
  route: Route | null = null,
): Response | Promise<Response> {
  const { ok, status, headers, data, encodeBody } = result;
  protect(headers, status);
  if ([204, 205, 304].includes(status) || headers.has(objectHeader))
    return new Response(null, { status, headers });
  if (!ok) return failureResponse(result, request, core);
  return valueResponse(data, request, core, route, { status, headers, encodeBody });
}

/** A successful value as a response: bytes as they are, JSON with base64, or a form when the caller wants one. */
export function valueResponse(
  value: unknown,
  request: Request,
  core: AppCore | null,
  route: Route | null,
  init: ResultInit = bareAnswer,
): Response | Promise<Response> {
  const kind = route?.returns.kind;
  if (kind === "Stream" || kind === "Blob" || value instanceof ReadableStream)
    return bytesResponse(value as BodyInit, "application/octet-stream", init);
  if (kind === "Void" && value === undefined) return new Response(null, init);
  if (core !== null && route !== null && answersBlobs(core, route)) {
    if (core.prefersForm(request.headers.get("accept") ?? ""))
      return new Response(formOf(value), init);
    return jsonWithBase64(value, core).then((text) =>
      bytesResponse(text, "application/json", init),
    );
  }
  return Response.json(value ?? null, init);
}

/** Whether there are blobs inside what `route` answers. */
function answersBlobs({ manifest: { shapes } }: AppCore, { returns }: Route): boolean {
  return (returns.holdsBlobs ??= holdsBlob(returns.shape, shapes, () => true));
}

/** A long body in pieces, each of which is let go of when it is sent. */
export function streamOf(pieces: Uint8Array<ArrayBuffer>[]): ReadableStream {
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

/** `body` as it is, of the type that the user set, else of `type`. */
function bytesResponse(body: BodyInit, type: string, init: ResultInit): Response {
  const response = new Response(body, init);
  const { headers } = response;
  // A text brings text/plain along.
  if (
    !init.headers.has("content-type") &&
    (headers.get("content-type")?.startsWith("text/plain") ?? true)
  )
    headers.set("content-type", type);
  return response;
}

function failureResponse(
  { status, headers, message = "" }: HttpResult,
  request: Request,
  core: AppCore | null,
): Response {
  const accept = request.headers.get("accept") ?? "";
  const [type, body] = core?.failure(status, accept, message) ?? [plainType, message];
  // A text may be of another type that the user set.
  if (type !== plainType || !headers.has("content-type")) headers.set("content-type", type);
  return new Response(body, { status, headers });
}

const plainType = "text/plain;charset=utf-8";
