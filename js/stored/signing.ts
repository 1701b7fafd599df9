// Signed URLs for R2 objects: with which keys, for what, and how long.

import { signedSeconds } from "../abi/limits.js";
import type {
  Manifest,
  SignedUpload,
  SigningVariables,
  Store,
  UploadOptions,
} from "../worker/index.js";
import { escaped, signedAddress } from "./signature.js";
import { checkKey } from "./writes.js";

/** What a URL is signed with. */
export interface SigningKeys {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a signed URL lets its holder do. */
export interface SignedRequest {
  readonly method: string;
  /** Empty when the endpoint is that of a bucket. */
  readonly bucket: string;
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Seconds, 1 to 604800; 3600 when it is left out. */
  readonly expiresIn?: number | string | undefined;
  /** Headers that the request must carry with exactly these values. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly region?: string;
  /** Time of signing in milliseconds; that of now when it is left out. */
  readonly now?: number;
}

/** The keys in `env`. Throws an error that names the variable that is missing, never a value. */
export function signingKeys(env: unknown, variables: SigningVariables): SigningKeys {
  const read = (name: string | null, type: string): string => {
    const value = name === null ? undefined : (env as Record<string, unknown>)[name];
    if (typeof value === "string" && value !== "") return value;
    throw new Error(
      name === null
        ? `signed URLs need a variable of type ${type} in the env class`
        : `signed URLs need the variable ${name} (${type}), which is not set`,
    );
  };
  return {
    endpoint: read(variables.endpoint, "R2Endpoint"),
    accessKeyId: read(variables.accessKeyId, "R2AccessKeyId"),
    secretAccessKey: read(variables.secretAccessKey, "R2SecretAccessKey"),
  };
}

/** An option of the app's own that cannot be served: its message names it, and may be told. */
export class OptionRefused extends RangeError {}

/** The whole number that `options` have under `name`; throws when it is none from 1 to `most`. */
export function wholeOption(
  options: Readonly<Record<string, unknown>>,
  name: string,
  missing: number,
  most: number,
): number {
  const value = Number(options[name] ?? missing);
  if (value >= 1 && value <= most && Number.isInteger(value)) return value;
  throw new OptionRefused(`${name}: expected a whole number from 1 to ${most}`);
}

/** The signed URL for `request`, and when it expires; null when no URL can hold the key. */
export async function signUrl(
  keys: SigningKeys,
  request: SignedRequest,
): Promise<{ url: string; expires: string } | null> {
  const { method, bucket, key, query, headers = {}, region = "auto" } = request;
  const expiresIn = wholeOption({ ...request }, "expiresIn", 3600, signedSeconds);
  // A URL takes `.` and `..` for steps in a path, however they are written.
  if (key.split("/").some((segment) => /^\.\.?$/.test(segment))) return null;
  const path = `${bucket && `${bucket}/`}${key}`.split("/").map(escaped).join("/");
  // Seconds are as fine as signatures go.
  const now = Math.floor((request.now ?? Date.now()) / 1000) * 1000;
  const url = await signedAddress({
    ...keys,
    method,
    url: new URL(`${keys.endpoint.replace(/\/+$/, "")}/${path}`),
    query: { ...query, "X-Amz-Expires": String(expiresIn) },
    headers,
    region,
    now,
  });
  return { url, expires: new Date(now + expiresIn * 1000).toISOString() };
}

/** Signs an upload to `key` in the bucket of `store`; rejects when that has none, or takes no such key. */
export async function signUpload(
  env: unknown,
  { signing }: Manifest,
  store: Store | undefined,
  key: string,
  { contentType, contentLength, expiresIn }: UploadOptions,
): Promise<SignedUpload> {
  if (store?.value !== null) throw new Error("uploads go to R2 models");
  checkKey(store, key);
  const headers: Record<string, string> = {};
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (contentLength !== undefined) headers["content-length"] = String(contentLength);
  const { bucket } = store;
  const keys = signingKeys(env, signing);
  const signed = await signUrl(keys, { method: "PUT", bucket, key, expiresIn, headers });
  if (signed === null) throw new Error("key: a signed URL has no segment . or ..");
  return { url: signed.url, method: "PUT", headers, expires: new Date(signed.expires) };
}
