// The S3 endpoint of a bucket, for signed URLs: what they were signed for and nothing else, until they expire.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { R2Bucket } from "@cloudflare/workers-types";
import type { S3Credentials } from "./bindings.js";

/** Where the endpoint lies; the bucket's name and the key follow. The same as wrangler dev's. */
export const s3Path = "/cdn-cgi/local/r2/s3";

export interface S3Bucket {
  readonly name: string;
  readonly bucket: R2Bucket;
  readonly credentials: S3Credentials | null;
}

const mostSeconds = 604_800;
/** Milliseconds by which a clock may be ahead. */
const skew = 15 * 60 * 1000;

/** Query parameters that set headers of a download. */
const overrides: Readonly<Record<string, string>> = {
  "response-content-type": "content-type",
  "response-content-language": "content-language",
  "response-expires": "expires",
  "response-cache-control": "cache-control",
  "response-content-disposition": "content-disposition",
  "response-content-encoding": "content-encoding",
};

class S3Failure extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "etag" };

/** Answers a request below {@link s3Path}; `target` is its path and query as they were sent. */
export async function serveS3(
  request: Request,
  target: string,
  buckets: readonly S3Bucket[],
  now: number,
): Promise<Response> {
  try {
    const [path = "", query = ""] = splitOnce(target, "?");
    const [name = "", escapedKey = ""] = splitOnce(path.slice(s3Path.length + 1), "/");
    if (request.method === "OPTIONS") return preflight(request);
    const found = buckets.find((one) => one.name === decodeURIComponent(name));
    if (found === undefined)
      throw new S3Failure(404, "NoSuchBucket", "The specified bucket does not exist.");
    verify(request, path, query, found.credentials, now);
    return await perform(
      request,
      found.bucket,
      decodeURIComponent(escapedKey),
      new URLSearchParams(query),
    );
  } catch (error) {
    if (error instanceof S3Failure) return failure(error, request.method);
    if (error instanceof URIError)
      return failure(
        new S3Failure(400, "InvalidURI", "The URI could not be decoded."),
        request.method,
      );
    throw error;
  }
}

/** Checks the signature of a URL (AWS Signature Version 4 in the query). @throws S3Failure */
function verify(
  request: Request,
  path: string,
  query: string,
  credentials: S3Credentials | null,
  now: number,
): void {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [key = "", value = ""] = splitOnce(pair, "=");
      return [decodeURIComponent(key), decodeURIComponent(value)] as const;
    });
  const one = (name: string): string => {
    const values = pairs.filter(([key]) => key === name);
    if (values.length !== 1)
      throw new S3Failure(
        400,
        "AuthorizationQueryParametersError",
        `Query-string authentication requires ${name} once.`,
      );
    return values[0]?.[1] ?? "";
  };
  if (one("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256")
    throw new S3Failure(
      400,
      "AuthorizationQueryParametersError",
      'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256".',
    );
  const scope = one("X-Amz-Credential").split("/");
  const [keyId = "", day = "", region = "", service = "", end = ""] = scope;
  const date = one("X-Amz-Date");
  const seconds = Number(one("X-Amz-Expires"));
  const signature = one("X-Amz-Signature");
  const headers = one("X-Amz-SignedHeaders").split(";");
  const parsed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  const signed =
    parsed === null
      ? NaN
      : Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (
    Number.isNaN(signed) ||
    scope.length !== 5 ||
    service !== "s3" ||
    end !== "aws4_request" ||
    day !== date.slice(0, 8)
  )
    throw new S3Failure(
      400,
      "AuthorizationQueryParametersError",
      "The credential or the date is malformed.",
    );
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > mostSeconds)
    throw new S3Failure(
      400,
      "AuthorizationQueryParametersError",
      "X-Amz-Expires must be between 1 and 604800 seconds.",
    );
  if (!headers.includes("host"))
    throw new S3Failure(
      400,
      "AuthorizationQueryParametersError",
      "The host header must be signed.",
    );
  if (credentials === null || keyId !== credentials.accessKeyId)
    throw new S3Failure(
      403,
      "InvalidAccessKeyId",
      "The access key id you provided does not exist in our records.",
    );
  if (now > signed + seconds * 1000)
    throw new S3Failure(403, "AccessDenied", "Request has expired");
  if (signed > now + skew) throw new S3Failure(403, "AccessDenied", "Request is not valid yet");

  const canonicalQuery = pairs
    .filter(([key]) => key !== "X-Amz-Signature")
    .map(([key, value]) => [encode(key), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
  const canonical = [
    request.method,
    path
      .split("/")
      .map((part) => encode(decodeURIComponent(part)))
      .join("/"),
    canonicalQuery,
    ...headers.map(
      (name) => `${name}:${(request.headers.get(name) ?? "").trim().replace(/ +/g, " ")}`,
    ),
    "",
    headers.join(";"),
    request.headers.get("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD",
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, scope.slice(1).join("/"), sha256(canonical)].join("\n");
  const key = [day, region, service, end].reduce<string | Buffer>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  const expected = createHmac("sha256", key).update(text).digest();
  const given = Buffer.from(/^[0-9a-f]{64}$/.test(signature) ? signature : "", "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Failure(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your secret access key and signing method.",
    );
  }
}

async function perform(
  request: Request,
  bucket: R2Bucket,
  key: string,
  query: URLSearchParams,
): Promise<Response> {
  switch (request.method) {
    case "GET":
    case "HEAD":
      return read(request, bucket, key, query);
    case "PUT": {
      const metadata = [...request.headers].filter(([name]) => name.startsWith("x-amz-meta-"));
      const stored = await bucket.put(key, (request.body ?? "") as never, {
        httpMetadata: request.headers as never,
        customMetadata: Object.fromEntries(
          metadata.map(([name, value]) => [name.slice("x-amz-meta-".length), value]),
        ),
      });
      return new Response(null, { status: 200, headers: { ...cors, etag: stored.httpEtag } });
    }
    case "DELETE":
      await bucket.delete(key);
      return new Response(null, { status: 204, headers: cors });
    default:
      throw new S3Failure(
        405,
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
      );
  }
}

async function read(
  request: Request,
  bucket: R2Bucket,
  key: string,
  query: URLSearchParams,
): Promise<Response> {
  const object = await bucket.get(key, {
    range: request.headers as never,
    onlyIf: request.headers as never,
  });
  if (object === null) throw new S3Failure(404, "NoSuchKey", "The specified key does not exist.");
  const headers = new Headers(cors);
  object.writeHttpMetadata(headers as never);
  headers.set("etag", object.httpEtag);
  headers.set("last-modified", object.uploaded.toUTCString());
  headers.set("accept-ranges", "bytes");
  for (const [name, value] of Object.entries(object.customMetadata ?? {}))
    headers.set(`x-amz-meta-${name}`, value);
  if (!("body" in object)) {
    const unmet = request.headers.has("if-match") || request.headers.has("if-unmodified-since");
    return new Response(null, { status: unmet ? 412 : 304, headers });
  }
  for (const [name, header] of Object.entries(overrides)) {
    const value = query.get(name);
    if (value !== null) headers.set(header, value);
  }
  const { offset, length } = object.range as { offset: number; length: number };
  const partial = request.headers.has("range") && length < object.size;
  if (partial)
    headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${object.size}`);
  headers.set("content-length", String(length));
  if (request.method === "HEAD") {
    await object.body.cancel();
    return new Response(null, { status: partial ? 206 : 200, headers });
  }
  return new Response(object.body as unknown as ReadableStream, {
    status: partial ? 206 : 200,
    headers,
  });
}

function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...cors,
      "access-control-allow-methods": "GET, HEAD, PUT, DELETE",
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
    },
  });
}

function failure({ status, code, message }: S3Failure, method: string): Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(method === "HEAD" ? null : body, {
    status,
    headers: { ...cors, "content-type": "application/xml" },
  });
}

/** As RFC 3986 has it: letters, digits and `-._~` alone stay as they are. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}
