// Describes the parts of a multipart body to the core.

import type { ReceivedBlob } from "./blobs.js";

/** The parts of a form in the order sent. */
export interface ReceivedForm {
  /** For the core: `[[name, bytes], …]`, a line feed, and the text of the `json` part if there is one. */
  readonly description: string;
  /** The `blob` parts in their order. */
  readonly blobs: readonly ReceivedBlob[];
}

/** The parts of `form`. */
export async function describeForm(form: FormData): Promise<ReceivedForm> {
  const parts: [string, number][] = [];
  const blobs: ReceivedBlob[] = [];
  let json = "";
  for (const [name, part] of form) {
    if (name === "json") {
      json = typeof part === "string" ? part : await part.text();
      parts.push([name, json.length]);
      continue;
    }
    // A part without a file name is a text; its bytes are what was sent.
    const blob = typeof part === "string" ? new TextEncoder().encode(part) : part;
    parts.push([name, blob instanceof Blob ? blob.size : blob.length]);
    if (name === "blob") blobs.push(blob);
  }
  return { description: `${JSON.stringify(parts)}\n${json}`, blobs };
}
