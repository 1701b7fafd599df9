// Several ranges of a blob as one multipart/byteranges body.

import { randomBytes } from "node:crypto";
import type { BlobStore } from "./blobs.js";
import type { ByteRange } from "./rules.js";

export interface MultipartBody {
  readonly contentType: string;
  readonly contentLength: number;
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Always multipart, also for one range or none. Null when there is no such blob. `contentType` is what each part says it
 * is.
 */
export function multipartBody(
  blobs: BlobStore,
  id: string,
  size: number,
  ranges: readonly ByteRange[],
  contentType: string | null,
): MultipartBody | null {
  const boundary = `cloesce-${randomBytes(16).toString("hex")}`;
  const streams = ranges.map((range) => blobs.get(id, size, range));
  const opened = streams.filter((stream) => stream !== null);
  if (
    opened.length < streams.length ||
    (ranges.length === 0 && blobs.read(id, size, { start: 0, end: -1 }) === null)
  ) {
    for (const stream of opened) void stream.cancel();
    return null;
  }
  const type = contentType === null ? "" : `Content-Type: ${contentType}\r\n`;
  const heads = ranges.map(
    ({ start, end }, index) =>
      `${index === 0 ? "" : "\r\n"}--${boundary}\r\n${type}Content-Range: bytes ${start}-${end}/${size}\r\n\r\n`,
  );
  const tail = `${ranges.length === 0 ? "" : "\r\n"}--${boundary}--`;
  const bytesOfRanges = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  const contentLength =
    heads.reduce((sum, head) => sum + Buffer.byteLength(head), bytesOfRanges) + tail.length;

  async function* parts(): AsyncGenerator<Uint8Array> {
    for (const [index, stream] of opened.entries()) {
      yield Buffer.from(heads[index] as string);
      yield* stream as unknown as AsyncIterable<Uint8Array>;
    }
    yield Buffer.from(tail);
  }
  const pieces = parts();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return(undefined);
      for (const stream of opened) if (!stream.locked) await stream.cancel();
    },
  });
  return { contentType: `multipart/byteranges; boundary=${boundary}`, contentLength, body };
}
