// Describes the parts of a multipart body to the core.

/**
 * For the core: `[[name, bytes], …]` of all parts in the order sent, a line feed, and the text of the `json` part if there is
 * one. The `blob` parts go into `blobs`.
 */
export async function describeForm(form: FormData, blobs: unknown[]): Promise<string> {
  const parts: [string, number][] = [];
  let json = "";
  for (const [name, part] of form) {
    // A part without a file name is a text; its bytes are what was sent.
    const isText = typeof part === "string";
    if (name === "json") {
      json = isText ? part : await part.text();
      parts.push([name, json.length]);
      continue;
    }
    const blob = isText ? new TextEncoder().encode(part) : part;
    parts.push([name, blob instanceof Blob ? blob.size : blob.length]);
    if (name === "blob") blobs.push(blob);
  }
  return `${JSON.stringify(parts)}\n${json}`;
}
