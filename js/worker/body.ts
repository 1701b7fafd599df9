// Reads a request's body with a limit on its bytes.

/**
 * The chunks of the body of `request`; null when it is longer than `limit`. Of what is too long another `limit` bytes are
 * taken and dropped: a client that is still sending when its connection closes sees the broken pipe rather than the
 * answer. The rest is cancelled.
 * A `declared` length (NaN without one) within the limit is read in one go; of one beyond it nothing is kept; without one
 * the chunks are counted as they come.
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
    // Many that say they are too long must not fill the isolate before they are refused.
    const refused = declared > limit;
    for await (const chunk of request.body ?? []) {
      total += chunk.length;
      if (total > limit) chunks.length = 0;
      else if (!refused) chunks.push(chunk);
      if (total > 2 * limit) break;
    }
    if (refused) return null;
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

const wholes = new TextDecoder();

/**
 * The text of a body that the core has taken: it is UTF-8. The platform's own way to a text would put U+FFFD where it is not, and
 * then nobody could tell what was sent.
 */
export function textOf(chunks: readonly Uint8Array[]): string {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return wholes.decode(only);
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}
