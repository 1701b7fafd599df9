// Progress of uploads, where the platform reports it.
import type { FetchImplementation } from "./api.js";

/** How far an upload is. */
export interface UploadProgress {
  /** Bytes that were sent. */
  readonly sent: number;
  /** Bytes in all; null when that is not known. */
  readonly total: number | null;
}

/**
 * A `fetch` that reports how far its upload is, to be given to a method of a generated client:
 * `await album.setCover(file, withUploadProgress(({ sent, total }) => …))`.
 *
 * In browsers the request goes through XMLHttpRequest, the only way to learn of progress there; the response is buffered.
 * Elsewhere, and for bodies that are streams, it is an ordinary `fetch` that counts the chunks of a stream as they are
 * taken, or reports the whole body once it was answered.
 */
export function withUploadProgress(
  onProgress: (progress: UploadProgress) => void,
  fetchImpl: FetchImplementation = fetch,
): FetchImplementation {
  return async (input, init) => {
    const body = init?.body ?? null;
    if (body instanceof ReadableStream) {
      return fetchImpl(input, { ...init, body: counted(body, onProgress) });
    }
    if (typeof XMLHttpRequest !== "undefined") return sendWithRequest(input, init, onProgress);
    const total = lengthOf(body);
    onProgress({ sent: 0, total });
    const response = await fetchImpl(input, init);
    onProgress({ sent: total ?? 0, total });
    return response;
  };
}

function counted(
  body: ReadableStream<Uint8Array>,
  onProgress: (progress: UploadProgress) => void,
): ReadableStream<Uint8Array> {
  let sent = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        sent += chunk.byteLength;
        onProgress({ sent, total: null });
        controller.enqueue(chunk);
      },
    }),
  );
}

function sendWithRequest(
  input: string,
  init: RequestInit | undefined,
  onProgress: (progress: UploadProgress) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    init?.signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open(init?.method ?? "GET", input);
    request.responseType = "arraybuffer";
    new Headers(init?.headers).forEach((value, name) => {
      request.setRequestHeader(name, value);
    });
    request.upload.onprogress = (event) => {
      onProgress({ sent: event.loaded, total: event.lengthComputable ? event.total : null });
    };
    request.onload = () => {
      resolve(responseOf(request));
    };
    const failed = (): void => {
      reject(new TypeError("Failed to fetch"));
    };
    request.onerror = failed;
    request.ontimeout = failed;
    request.onabort = () => {
      reject(new DOMException("The upload was aborted", "AbortError"));
    };
    init?.signal?.addEventListener("abort", () => {
      request.abort();
    });
    request.send((init?.body ?? null) as XMLHttpRequestBodyInit | null);
  });
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const empty = [204, 205, 304].includes(request.status);
  return new Response(empty ? null : (request.response as ArrayBuffer), {
    status: request.status,
    statusText: request.statusText,
    headers,
  });
}

/** The number of bytes of `body`; null when it is not known before it was sent. */
export function lengthOf(body: BodyInit | null): number | null {
  if (body === null) return 0;
  if (typeof body === "string") return new TextEncoder().encode(body).byteLength;
  if (body instanceof Blob) return body.size;
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : null;
}
