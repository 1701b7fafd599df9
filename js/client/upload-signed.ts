// Uploads past the Worker: a body goes to the URL that the Worker signed for it.
import type { FetchImplementation } from "./api.js";
import { sendable } from "./body.js";
import { HttpResult } from "./http-result.js";
import type { StreamSource } from "./types.js";
import { lengthOf, type UploadProgress, withUploadProgress } from "./upload-progress.js";

/** What `Orm.signUpload` answered in the Worker, or an object with the same members. */
export interface SignedUpload {
  readonly url: string;
  /** PUT when it is left out. */
  readonly method?: string;
  /** Texts by name, which the upload is bound to. */
  readonly headers?: unknown;
}

/** How to upload. */
export interface SignedUploadOptions {
  /** Told how far the upload is, like that of {@link withUploadProgress}. */
  readonly onProgress?: (progress: UploadProgress) => void;
  /** Calls the upload off. */
  readonly signal?: AbortSignal;
  /** Used instead of the global `fetch`, and by browsers only while nobody asks for progress. */
  readonly fetch?: FetchImplementation;
}

/**
 * Uploads `body` with a signed URL: `await uploadSigned(signed, file, { onProgress: ({ sent, total }) => … })`. The result's
 * `message` is what the storage said: `SignatureDoesNotMatch: …`, `ExpiredRequest: …`. R2 takes a stream when the
 * upload was signed for a length, and none of unknown length.
 *
 * @throws RangeError when the upload was signed for another number of bytes.
 */
export async function uploadSigned(
  signed: SignedUpload,
  body: StreamSource,
  options: SignedUploadOptions = {},
): Promise<HttpResult<void>> {
  const headers = new Headers(signed.headers as HeadersInit | undefined);
  const content = await sendable(body);
  const wanted = headers.get("content-length");
  const length = lengthOf(content);
  if (wanted !== null && length !== null && Number(wanted) !== length) {
    throw new RangeError(`the upload was signed for ${wanted} bytes, not for ${length}`);
  }
  // The platform writes the length that it knows; browsers forbid anybody else to. Of a stream it knows none.
  if (length !== null) headers.delete("content-length");
  const init: RequestInit & { duplex?: "half" } = {
    method: signed.method ?? "PUT",
    headers,
    body: content,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(content instanceof ReadableStream ? { duplex: "half" } : {}),
  };
  const send = options.fetch ?? fetch;
  const { onProgress } = options;
  const response = await (onProgress === undefined ? send : withUploadProgress(onProgress, send))(
    signed.url,
    init,
  );
  const { status, ok } = response;
  const text = await response.text();
  return ok
    ? new HttpResult<void>(true, status, response.headers, undefined)
    : new HttpResult(false, status, response.headers, undefined, reason(text));
}

/** `SignatureDoesNotMatch: …` out of the XML that S3 answers; other texts as they are. */
function reason(text: string): string {
  const of = (tag: string): string => new RegExp(`<${tag}>([^<]*)`).exec(text)?.[1] ?? "";
  const code = of("Code");
  return code === "" ? text : `${code}: ${of("Message")}`;
}
