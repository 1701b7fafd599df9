// Results as HTTP responses.

import type { AppCore } from "./app-core.js";
import { formOf, holdsBlob, jsonWithBase64 } from "./blobs.js";
import { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";
import { objectHeader } from "./r2-object.js";

/** Media type of RFC 9457 problem details. */
export const problemType = "application/problem+json";

/** The default answer for a failure inside the framework or user code; details only when `debug` is on. */
export function internalFailure(error: unknown, debug: boolean): HttpResult {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return HttpResult.fail(
    500,
    debug ? `CLO1500: internal error\n${detail}` : "CLO1500: internal error",
  );
}

/** A result as a response. `route` says how its data travels; null for results of no route. */
export function toResponse(
  result: HttpResult,
  route: Route | null,
  accept: string | null,
  core: AppCore | null,
): Response | Promise<Response> {
  if (!result.ok) return failureResponse(result, accept);
  const { status, headers, data } = result;
  if (status === 204 || status === 205 || status === 304 || headers.has(objectHeader))
    return new Response(null, { status, headers });
  if (result.encodeBody === "manual")
    return new Response(
      data as BodyInit,
      { status, headers, encodeBody: "manual" } as ResponseInit,
    );
  return valueResponse(data, route, status, headers, accept, core);
}

/** A successful value as a response: bytes as they are, JSON with base64, or a form when the caller asks for one. */
export function valueResponse(
  value: unknown,
  route: Route | null,
  status: number,
  headers: Headers | null,
  accept: string | null,
  core: AppCore | null,
): Response | Promise<Response> {
  const kind = route?.returns.kind ?? "Json";
  const init: ResponseInit = headers === null ? { status } : { status, headers };
  if (kind === "Void" && value === undefined) return new Response(null, init);
  if (route !== null && core !== null && kind === "Json") {
    const { shape } = route.returns;
    const { shapes } = core.manifest;
    if (shape >= 0 && holdsBlob(shape, shapes, () => true)) {
      if (accept?.includes("multipart/form-data"))
        return new Response(formOf(value, shape, shapes), init);
      return jsonWithBase64(value, shape, core).then((text) =>
        withType(new Response(text, init), "application/json"),
      );
    }
  }
  if (kind === "Stream" || kind === "Blob") {
    return withType(new Response(value as BodyInit, init), "application/octet-stream");
  }
  if (headers === null && status === 200) return Response.json(value ?? null);
  return withType(new Response(JSON.stringify(value ?? null), init), "application/json");
}

function withType(response: Response, type: string): Response {
  // A string body brings text/plain along; only a type that the user set is kept.
  const current = response.headers.get("content-type");
  if (current === null || current.startsWith("text/plain"))
    response.headers.set("content-type", type);
  return response;
}

function failureResponse(result: HttpResult, accept: string | null): Response {
  const { status, headers } = result;
  const message = result.message ?? "";
  if (accept?.includes(problemType)) {
    headers.set("content-type", problemType);
    const code = /^CLO\d+/.exec(message)?.[0];
    return new Response(JSON.stringify({ type: "about:blank", status, code, detail: message }), {
      status,
      headers,
    });
  }
  if (!headers.has("content-type")) headers.set("content-type", "text/plain; charset=utf-8");
  return new Response(message, { status, headers });
}
