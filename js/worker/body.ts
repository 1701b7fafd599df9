// Reads a request's body with a limit on its bytes.

/**
 * The chunks of the body of `request`; null when it is longer than `limit`. Of what is too long another `limit` bytes are
 * taken and dropped: a client that is still sending when its connection closes sees the broken pipe rather than the
 * answer. The rest is cancelled.
 * A `declared` length (NaN without one) within the limit is read in one go; otherwise the chunks are counted as they
 * come.
 */
export async function readBody(
  request: Request,
  declared: number,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>[] | null> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  if (declared <= limit) {
    chunks[0] = new Uint8Array(await request.arrayBuffer());
    total = chunks[0].length;
  } else {
    for await (const chunk of request.body ?? []) {
      total += chunk.length;
      if (total <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (total > 2 * limit) break;
    }
  }
  return total > limit ? null : chunks;
}

/** The chunks of a body in one piece. */
export async function join(chunks: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1
    ? only
    : new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Up to so many bytes a body that is needed as a text too is cheaper had as one: the platform decodes as it reads. */
export const shortBytes = 64 * 1024;

/**
 * Whether `text` is what the body's `declared` bytes said. In what is no UTF-8 the platform puts U+FFFD, which has another
 * length than the bytes it stands for, but for one character cut short at its third byte. It leaves out a byte order mark.
 */
export function isFaithful(text: string, declared: number): boolean {
  if (!text.includes("\ufffd")) return true;
  const lacking = declared - new TextEncoder().encode(text).length;
  return lacking === 0 || lacking === byteOrderMark;
}

/** Bytes of a byte order mark. */
const byteOrderMark = 3;
