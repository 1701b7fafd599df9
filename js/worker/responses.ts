// Results as HTTP responses.

import type { AppCore } from "./app-core.js";
import { asError } from "./as-error.js";
import { formOf, holdsBlob, jsonWithBase64 } from "./blobs.js";
import { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";
import { objectHeader } from "./r2-object.js";

/** Media type of RFC 9457 problem details. */
export const problemType = "application/problem+json";

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
  const { stack, message } = asError(error);
  return HttpResult.fail(500, `CLO1500: internal error${debug ? `\n${stack ?? message}` : ""}`);
}

/** A result as a response to `request`. `route` says how its data travels; null for results of no route. */
export function toResponse(
  result: HttpResult,
  request: Request,
  core: AppCore | null = null,
  route: Route | null = null,
): Response | Promise<Response> {
  const { ok, status, headers, data, encodeBody } = result;
  protect(headers, status);
  if (!ok) return failureResponse(result, request);
  if ([204, 205, 304].includes(status) || headers.has(objectHeader))
    return new Response(null, { status, headers });
  return valueResponse(data, request, core, route, { status, headers, encodeBody });
}

/** A successful value as a response: bytes as they are, JSON with base64, or a form when the caller asks for one. */
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
    if (request.headers.get("accept")?.includes("multipart/form-data"))
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
): Response {
  if (request.headers.get("accept")?.includes(problemType)) {
    headers.set("content-type", problemType);
    const code = /^CLO\d+/.exec(message)?.[0];
    return Response.json(
      { type: "about:blank", status, code, detail: message },
      { status, headers },
    );
  }
  if (!headers.has("content-type")) headers.set("content-type", "text/plain; charset=utf-8");
  return new Response(message, { status, headers });
}
