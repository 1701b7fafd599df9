// Reads a request's body with a limit on its bytes.

/** The chunks of a body and their length, or null when it is longer than the limit. */
export interface BodyBytes {
  readonly chunks: readonly Uint8Array[];
  readonly total: number;
}

/**
 * Reads the whole body of `request`, at most `limit` bytes: more answers null. Of what is too long another `limit`
 * bytes are taken and dropped: a client that is still sending when its connection closes sees the broken pipe rather
 * than the answer. The rest is cancelled.
 * A `declared` length (NaN without one) within the limit is read in one go; otherwise the chunks are counted as they
 * come.
 */
export async function readBody(
  request: Request,
  declared: number,
  limit: number,
): Promise<BodyBytes | null> {
  if (declared <= limit) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.byteLength > limit ? null : { chunks: [bytes], total: bytes.byteLength };
  }
  if (request.body === null) return { chunks: [], total: 0 };
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return total > limit ? null : { chunks, total };
    total += value.byteLength;
    if (total <= limit) {
      chunks.push(value);
      continue;
    }
    chunks.length = 0;
    if (total > 2 * limit) {
      await reader.cancel();
      return null;
    }
  }
}

/** The bytes of a body that was read, in one piece. */
export function bodyBytes(body: BodyBytes): Uint8Array<ArrayBuffer> {
  const only = body.chunks[0];
  if (body.chunks.length === 1 && only !== undefined) return only as Uint8Array<ArrayBuffer>;
  const whole = new Uint8Array(body.total);
  let at = 0;
  for (const chunk of body.chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Up to so many bytes a body that is needed as a text too is cheaper had as one: the platform decodes as it reads. */
export const shortBytes = 64 * 1024;

/**
 * Whether `text` is what the body's `declared` bytes said. In what is no UTF-8 the platform puts U+FFFD, which is longer
 * than the bytes it stands for, but for one character cut short at its third byte. (It leaves out a byte order mark.)
 */
export function isFaithful(text: string, declared: number): boolean {
  return !text.includes("\ufffd") || new TextEncoder().encode(text).byteLength <= declared;
}

const decoder = new TextDecoder();

/** The text of a body that was read. */
export function bodyText(body: BodyBytes): string {
  return decoder.decode(bodyBytes(body));
}
