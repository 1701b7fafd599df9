// AWS Signature Version 4 of a URL, in its query: what S3 and R2 take as a signed URL.

/** What is signed; the body is not. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Time of signing in milliseconds. */
  readonly now: number;
}

const utf8 = new TextEncoder();
// Derived keys by secret, day and region: four rounds, which one day's URLs share.
const derivedKeys = new Map<string, ArrayBuffer>();

/** `text` with all escaped that a signature escapes, which is more than URLs do in a path. */
export function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The address for `request`, signed. */
export async function signedAddress(request: UnsignedRequest): Promise<string> {
  const { method, url, accessKeyId, region } = request;
  const time = new Date(request.now).toISOString().replace(/[:-]|\.\d+/g, "");
  const scope = [time.slice(0, 8), region, "s3", "aws4_request"];
  const headers = byName({ ...Object.fromEntries(new Headers(request.headers)), host: url.host });
  const signedHeaders = headers.map(([name]) => name).join(";");
  const query = byName({
    ...request.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": [accessKeyId, ...scope].join("/"),
    "X-Amz-Date": time,
    "X-Amz-SignedHeaders": signedHeaders,
  })
    .map((pair) => pair.map(escaped).join("="))
    .join("&");
  const canonical = [
    method,
    // What the endpoint has for a path is in the URL's own form.
    escaped(decodeURIComponent(url.pathname)).replace(/%2F/g, "/"),
    query,
    ...headers.map(([name, value]) => `${name}:${value.replace(/\s+/g, " ")}`),
    "",
    signedHeaders,
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const digest = await crypto.subtle.digest("SHA-256", utf8.encode(canonical));
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), hexadecimal(digest)].join("\n");
  const signature = await hmac(await derivedKey(request.secretAccessKey, scope), text);
  return `${url.origin}${url.pathname}?${query}&X-Amz-Signature=${hexadecimal(signature)}`;
}

/** In the order of names, in which signatures have headers and parameters. */
function byName(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}

async function derivedKey(secret: string, scope: readonly string[]): Promise<ArrayBuffer> {
  const name = [secret, ...scope].join();
  let key = derivedKeys.get(name);
  if (key === undefined) {
    key = utf8.encode(`AWS4${secret}`).buffer;
    for (const part of scope) key = await hmac(key, part);
    if (derivedKeys.size > 64) derivedKeys.clear();
    derivedKeys.set(name, key);
  }
  return key;
}

async function hmac(secret: ArrayBuffer, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  return crypto.subtle.sign("HMAC", key, utf8.encode(text));
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
