// Bytes on their way to and from user code: what arrived, in the type that was declared, and what goes out.

import type { AppCore } from "./app-core.js";
import type { Shape } from "./manifest.js";

/** The TypeScript type that a blob was declared with. */
export type BlobForm = "Uint8Array" | "ArrayBuffer" | "Blob";

/** A blob of a request: its bytes, or the file of a form with its name and type. */
export type ReceivedBlob = Uint8Array<ArrayBuffer> | Blob;

/** `blob` as `form`; bytes that become a Blob get `type`. Of a file only a Blob can be made without waiting. */
export function asDeclared(blob: ReceivedBlob, form: BlobForm, type: string): unknown {
  if (form === "Blob") return blob instanceof Blob ? blob : new Blob([blob], { type });
  const bytes = blob as Uint8Array<ArrayBuffer>;
  return form === "Uint8Array"
    ? bytes
    : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

/** Whether values of `shape` hold blobs for which `wanted` says yes, at any depth. */
export function holdsBlob(
  shape: number,
  shapes: readonly Shape[],
  wanted: (form: BlobForm) => boolean,
): boolean {
  const reached = new Set([shape]);
  for (const at of reached) {
    const description = shapes[at];
    if (description?.kind === "blob" && wanted(description.as)) return true;
    if (description?.kind === "array") reached.add(description.of);
    if (description?.kind === "object")
      for (const [, inner] of description.fields) reached.add(inner);
  }
  return false;
}

/** Bytes as user code may give them. */
export type BlobValue = Uint8Array | ArrayBuffer | Blob;

/** Whether `value` is bytes. */
export function isBlobValue(value: unknown): value is BlobValue {
  return value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof Blob;
}

/** The bytes of a blob value. */
export async function bytesOf(blob: BlobValue): Promise<Uint8Array<ArrayBuffer>> {
  return blob instanceof Uint8Array
    ? (blob as Uint8Array<ArrayBuffer>)
    : new Uint8Array(blob instanceof Blob ? await blob.arrayBuffer() : blob);
}

/** JSON of `value` with what `write` makes of a blob in its place, without the objects that `leaves` out. */
export function jsonOf(
  value: unknown,
  write: (blob: BlobValue) => unknown,
  leaves?: (member: object) => boolean,
): string {
  return JSON.stringify(value ?? null, function (this: Record<string, unknown>, name, member) {
    // Bytes may have a `toJSON`, whose answer `member` is.
    const given = this[name];
    // JSON would make null of it.
    if (given instanceof Date && member === null) throw new TypeError(`${name} is no date`);
    if (isBlobValue(given)) return write(given);
    if (leaves !== undefined && typeof given === "object" && given !== null && leaves(given))
      return undefined;
    return member as unknown;
  });
}

/** JSON of `value` with what `write` makes of a blob's index in its place, and the blobs by their indices. */
function jsonWithIndices(value: unknown, write: (index: number) => unknown): [string, BlobValue[]] {
  const indices = new Map<BlobValue, number>();
  const json = jsonOf(value, (blob) => {
    const index = indices.get(blob) ?? indices.size;
    indices.set(blob, index);
    return write(index);
  });
  return [json, [...indices.keys()]];
}

/**
 * JSON of `value` in UTF-8, its blobs in base64. Nothing but the result is as long as the blobs are: the isolate has
 * room for few copies of large ones.
 */
export async function jsonWithBase64(
  value: unknown,
  core: AppCore,
): Promise<Uint8Array<ArrayBuffer>> {
  // Stands for a blob where nothing else of the value can: it was not known when the value was made.
  const mark = crypto.randomUUID();
  const [json, blobs] = jsonWithIndices(value, (index) => `${mark}${index}.`);
  const encoder = new TextEncoder();
  // Texts, and blobs at the odd places.
  const pieces = await Promise.all(
    json
      .split(new RegExp(`${mark}(\\d+)\\.`))
      .map((text, at) =>
        at % 2 === 0 ? encoder.encode(text) : bytesOf(blobs[Number(text)] as BlobValue),
      ),
  );
  const sizeOf = ({ length }: Uint8Array, at: number): number =>
    at % 2 === 0 ? length : Math.ceil(length / 3) * 4;
  const out = new Uint8Array(pieces.reduce((sum, piece, at) => sum + sizeOf(piece, at), 0));
  let written = 0;
  for (const [at, piece] of pieces.entries()) {
    if (at % 2 === 0) out.set(piece, written);
    else core.writeBase64(piece, out.subarray(written));
    written += sizeOf(piece, at);
  }
  return out;
}

/** The form of `value`: part `json` with an index for every blob, and the `blob` parts in their order. */
export function formOf(value: unknown): FormData {
  const [json, blobs] = jsonWithIndices(value, (index) => index);
  const form = new FormData();
  form.append("json", json);
  for (const blob of blobs)
    form.append("blob", blob instanceof Blob ? blob : new Blob([blob as BlobPart]), "blob");
  return form;
}
