// Base64 of bytes, with the platform's own codec where it has one.

interface Base64Bytes {
  toBase64?(): string;
}
interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

// `String.fromCharCode` takes its input as arguments, and engines limit how many there may be.
const chunkBytes = 0x8000;

export function encodeBase64(bytes: Uint8Array): string {
  const native = bytes as Base64Bytes;
  if (native.toBase64 !== undefined) return native.toBase64();
  let binary = "";
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    binary += String.fromCharCode(...bytes.subarray(at, at + chunkBytes));
  }
  return btoa(binary);
}

/** @throws when `text` is not base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as Base64Constructor;
  if (native.fromBase64 !== undefined) return native.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
