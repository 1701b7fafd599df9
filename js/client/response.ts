// From a Response to an HttpResult, by what the method is known to answer.
import { HttpResult, type Issue } from "./http-result.js";
import { MediaType } from "./media-type.js";
import { objectOfHeaders } from "./stored.js";
import { revive, type Wire } from "./wire.js";

/** What a method answers when it succeeds. */
export interface Expectation {
  /** `Horse.like`, for messages. */
  readonly method: string;
  readonly verb: string;
  readonly media: MediaType;
  readonly wire: Wire | undefined;
}

/**
 * The result that `response` stands for.
 * @throws TypeError when a success has a body of another media type or another shape than expected.
 */
export async function readResponse<T>(
  response: Response,
  expected: Expectation,
): Promise<HttpResult<T>> {
  const { status, headers } = response;
  if (status < 200 || status >= 400) {
    const { message, issues } = await failureOf(response);
    return new HttpResult(false, status, headers, undefined, message, issues);
  }
  const data = await readData(response, expected);
  return new HttpResult(true, status, headers, data as T);
}

async function readData(response: Response, expected: Expectation): Promise<unknown> {
  if (expected.verb === "HEAD") {
    const described = expected.wire === "r2object" ? objectOfHeaders(response.headers) : null;
    if (described !== null) return revived(described, expected);
    // Of an object's headers a browser shows this one to every origin.
    if (expected.wire === "r2object" && response.headers.has("last-modified"))
      throw new TypeError(
        `${expected.method}: the headers of the object are not shown to this origin. ` +
          "Give the CloesceApp the option `cors`, or expose them to it.",
      );
    return undefined;
  }
  if (response.status === 204 || response.status === 205 || response.status === 304) {
    return undefined;
  }
  const type = mediaTypeOf(response);
  // An object out of a bucket has the type that was stored with it.
  if (
    type !== expected.media &&
    !(expected.wire === "stream" && response.headers.has("last-modified"))
  ) {
    // Nothing is of no type: that is how a method without a return value answers.
    if (await isEmpty(response)) return undefined;
    throw new TypeError(
      `${expected.method}: expected a response of type ${expected.media}, got ${type || "one without a type"}. ` +
        "The base URL does not lead to the worker, or client and worker were compiled from different sources.",
    );
  }
  if (expected.media === MediaType.Octet) {
    if (expected.wire === "stream") return response.body ?? new Blob().stream();
    if (expected.wire === "file") return response.blob();
    return new Uint8Array(await response.arrayBuffer());
  }
  const text = await response.text();
  return text === "" ? undefined : revived(text, expected);
}

/** What JSON, or a text of it, stands for. */
function revived(json: unknown, { method, verb, wire }: Expectation): unknown {
  try {
    return revive(typeof json === "string" ? JSON.parse(json) : json, wire);
  } catch (error) {
    throw new TypeError(
      `${verb} ${method}: the answer has another shape than the client expects: ${error instanceof Error ? error.message : String(error)}. ` +
        "Client and worker were compiled from different sources, or the method returns what it does not declare.",
      { cause: error },
    );
  }
}

/** Whether there is no byte in the body. Reads no further than the first one, and drops the rest. */
async function isEmpty(response: Response): Promise<boolean> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return true;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    if (value.byteLength === 0) continue;
    await reader.cancel();
    return false;
  }
}

interface Problem {
  readonly detail?: unknown;
  readonly title?: unknown;
  readonly issues?: unknown;
}

/** What the body says: a text, or problem details (RFC 9457) with the sentence meant for people. */
async function failureOf(response: Response): Promise<{ message: string; issues: Issue[] }> {
  const text = await response.text();
  let problem: Problem | null = null;
  if (mediaTypeOf(response) === "application/problem+json") {
    try {
      problem = JSON.parse(text) as Problem | null;
    } catch {
      // Not what it says it is: a text like any other.
    }
  }
  const sentence = problem?.detail ?? problem?.title;
  const issues = problem?.issues;
  return {
    message: typeof sentence === "string" ? sentence : text,
    issues: Array.isArray(issues) ? (issues as Issue[]) : [],
  };
}

/** The type without its parameters, in lower case; empty when the response names none. */
function mediaTypeOf(response: Response): string {
  const [type = ""] = (response.headers.get("Content-Type") ?? "").split(";");
  return type.trim().toLowerCase();
}
