// Reads a multipart body with limits, and describes its parts to the core.

import type { ReceivedBlob } from "./blobs.js";

/** The parts of a form in the order sent. */
export interface ReceivedForm {
  /** For the core: `[[name, bytes], …]`, a line feed, and the text of the `json` part if there is one. */
  readonly description: string;
  /** The `blob` parts in their order. */
  readonly blobs: readonly ReceivedBlob[];
}

class TooLarge extends Error {}

/**
 * Reads the form of `request`, at most `limit` bytes of it; null when it is longer.
 * Rejects when the body is no form, or ended early.
 */
export async function readForm(request: Request, limit: number): Promise<ReceivedForm | null> {
  const declared = Number(request.headers.get("content-length") ?? "NaN");
  if (declared > limit) return null;
  let form: FormData;
  try {
    form = Number.isNaN(declared) ? await countedForm(request, limit) : await request.formData();
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
  return describe(form);
}

/** Without a declared length the bytes are counted before the platform buffers them. */
function countedForm(request: Request, limit: number): Promise<FormData> {
  let total = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      total += chunk.byteLength;
      if (total > limit) controller.error(new TooLarge());
      else controller.enqueue(chunk);
    },
  });
  const body = (request.body as ReadableStream<Uint8Array> | null)?.pipeThrough(counter) ?? null;
  return new Response(body, {
    headers: { "content-type": request.headers.get("content-type") ?? "" },
  }).formData();
}

async function describe(form: FormData): Promise<ReceivedForm> {
  const parts: [string, number][] = [];
  const blobs: ReceivedBlob[] = [];
  let json = "";
  const encoder = new TextEncoder();
  for (const [name, part] of form as unknown as Iterable<[string, string | File]>) {
    if (name === "json") {
      json = typeof part === "string" ? part : await part.text();
      parts.push([name, json.length]);
      continue;
    }
    // A part without a file name is a text; its bytes are what was sent.
    const bytes = typeof part === "string" ? encoder.encode(part) : null;
    parts.push([name, bytes?.byteLength ?? (part as File).size]);
    if (name === "blob") {
      blobs.push(
        typeof part === "string"
          ? { bytes, file: null, type: "" }
          : { bytes: null, file: part, type: part.type },
      );
    }
  }
  return { description: `${JSON.stringify(parts)}\n${json}`, blobs };
}
