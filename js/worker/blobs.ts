// Bytes on their way to and from user code: what arrived, in the type that was declared, and what goes out.

import type { AppCore } from "./app-core.js";
import type { Shape } from "./manifest.js";

/** The TypeScript type that a blob was declared with. */
export type BlobForm = "Uint8Array" | "ArrayBuffer" | "Blob";

/** A blob of a request: its bytes, or the file of a form with its name and type. */
export interface ReceivedBlob {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly file: Blob | null;
  /** Media type that the caller gave, empty when there was none. */
  readonly type: string;
}

/** `blob` as `form`. A file must have been read when its bytes are wanted (see {@link readFiles}). */
export function asDeclared(blob: ReceivedBlob, form: BlobForm): unknown {
  if (form === "Blob") return blob.file ?? new Blob([blob.bytes ?? ""], { type: blob.type });
  const bytes = blob.bytes ?? new Uint8Array();
  return form === "Uint8Array"
    ? bytes
    : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** Reads the files among `blobs` into memory. */
export function readFiles(blobs: readonly ReceivedBlob[]): Promise<ReceivedBlob[]> {
  return Promise.all(
    blobs.map(async (blob) =>
      blob.bytes === null && blob.file !== null
        ? { ...blob, bytes: new Uint8Array(await blob.file.arrayBuffer()) }
        : blob,
    ),
  );
}

/** Whether values of `shape` hold blobs for which `wanted` says yes, at any depth. */
export function holdsBlob(
  shape: number,
  shapes: readonly Shape[],
  wanted: (form: BlobForm) => boolean,
): boolean {
  const seen = new Set<number>();
  const open = [shape];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const description = shapes[at];
    if (at < 0 || seen.has(at) || description === undefined) continue;
    seen.add(at);
    if (description.kind === "blob" && wanted(description.as)) return true;
    if (description.kind === "array") open.push(description.of);
    if (description.kind === "object") for (const [, inner] of description.fields) open.push(inner);
  }
  return false;
}

/** Bytes as user code may give them. */
export type BlobValue = Uint8Array | ArrayBuffer | Blob;

/** Whether `value` is bytes. */
export function isBlobValue(value: unknown): value is BlobValue {
  return value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof Blob;
}

/** `value` with `replace` applied to every blob in it, by shape. What holds no blob is not copied. */
export function replaceBlobs(
  value: unknown,
  shape: number,
  shapes: readonly Shape[],
  replace: (blob: BlobValue) => unknown,
): unknown {
  const description = shapes[shape];
  if (description === undefined || value === null || value === undefined) return value;
  switch (description.kind) {
    case "blob":
      return isBlobValue(value) ? replace(value) : value;
    case "array":
      return Array.isArray(value)
        ? value.map((item) => replaceBlobs(item, description.of, shapes, replace))
        : value;
    case "object": {
      const copy: Record<string, unknown> = { ...(value as object) };
      for (const [name, inner] of description.fields) {
        if (copy[name] !== undefined) copy[name] = replaceBlobs(copy[name], inner, shapes, replace);
      }
      return copy;
    }
    default:
      return value;
  }
}

/** The bytes of a blob value. */
export async function bytesOf(blob: BlobValue): Promise<Uint8Array> {
  if (blob instanceof Uint8Array) return blob;
  return new Uint8Array(blob instanceof ArrayBuffer ? blob : await blob.arrayBuffer());
}

/** JSON of `value`, with what `write` makes of a blob's index in its place, and the blobs by their indices. */
function jsonWithIndices(
  value: unknown,
  shape: number,
  shapes: readonly Shape[],
  write: (index: number) => unknown,
): { json: string; blobs: BlobValue[] } {
  const indices = new Map<BlobValue, number>();
  const replaced = replaceBlobs(value, shape, shapes, (blob) => {
    const index = indices.get(blob) ?? indices.size;
    indices.set(blob, index);
    return write(index);
  });
  return { json: JSON.stringify(replaced ?? null), blobs: [...indices.keys()] };
}

/**
 * JSON of `value` in UTF-8, its blobs in base64. Nothing but the result is as long as the blobs are: the isolate has
 * room for few copies of large ones.
 */
export async function jsonWithBase64(
  value: unknown,
  shape: number,
  core: AppCore,
): Promise<Uint8Array<ArrayBuffer>> {
  // Stands for a blob where nothing else of the value can: it was not known when the value was made.
  const mark = crypto.randomUUID();
  const { json, blobs } = jsonWithIndices(
    value,
    shape,
    core.manifest.shapes,
    (index) => `${mark}${index}.`,
  );
  const encoder = new TextEncoder();
  const [first = "", ...others] = json.split(mark);
  const pieces: Uint8Array[] = [encoder.encode(first)];
  let total = 0;
  for (const other of others) {
    const end = other.indexOf(".");
    pieces.push(
      await bytesOf(blobs[Number(other.slice(0, end))] as BlobValue),
      encoder.encode(other.slice(end + 1)),
    );
  }
  pieces.forEach(({ byteLength }, at) => {
    total += at % 2 === 0 ? byteLength : base64Length(byteLength);
  });
  const out = new Uint8Array(total);
  let written = 0;
  pieces.forEach((piece, at) => {
    if (at % 2 === 0) out.set(piece, written);
    else core.writeBase64(piece, out.subarray(written));
    written += at % 2 === 0 ? piece.byteLength : base64Length(piece.byteLength);
  });
  return out;
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** The form of `value`: part `json` with an index for every blob, and the `blob` parts in their order. */
export function formOf(value: unknown, shape: number, shapes: readonly Shape[]): FormData {
  const { json, blobs } = jsonWithIndices(value, shape, shapes, (index) => index);
  const form = new FormData();
  form.append("json", json);
  for (const blob of blobs) {
    form.append("blob", blob instanceof Blob ? blob : new Blob([blob as BlobPart]), "blob");
  }
  return form;
}
