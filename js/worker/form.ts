// Describes the parts of a multipart body to the core.

/**
 * For the core: `[[name, bytes], …]` of all parts in the order sent, a line feed, and the text of the `json` part if there is
 * one. The `blob` parts go into `blobs`. Rejects where a part did not arrive as it was sent.
 */
export async function describeForm(form: FormData, blobs: unknown[]): Promise<string> {
  const parts: [string, number][] = [];
  let json = "";
  for (const [escaped, part] of form) {
    const name = unescaped(escaped);
    const isText = typeof part === "string";
    // The platform makes a text of a part without a file name, with U+FFFD in the place of bytes that are none.
    if (isText && part.includes("\ufffd"))
      throw new Error(`part ${parts.length}, ${name}, is no UTF-8 and has no file name`);
    if (name === "json") {
      json = isText ? part : textOf(await part.arrayBuffer());
      parts.push([name, json.length]);
      continue;
    }
    const blob = isText ? new TextEncoder().encode(part) : named(part);
    parts.push([name, blob instanceof Blob ? blob.size : blob.length]);
    if (name === "blob") blobs.push(blob);
  }
  return `${JSON.stringify(parts)}\n${json}`;
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("the part json is no UTF-8");
  }
}

/** `file` with the name that its sender gave it. */
function named(file: File): File {
  const name = unescaped(file.name);
  return name === file.name ? file : new File([file], name, { type: file.type });
}

/** Undoes what the encoding of forms does to a quote and to line ends: the platform leaves names as they came. */
function unescaped(name: string): string {
  return name.replace(/%(?:22|0D|0A)/g, decodeURIComponent);
}
