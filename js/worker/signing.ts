// Signed URLs for R2 objects: AWS Signature Version 4 in the query string, by aws4fetch.

import { AwsV4Signer } from "aws4fetch";

/** The variables of the env that signing needs, by their names. */
export interface SigningVariables {
  readonly endpoint: string | null;
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
}

/** What a URL is signed with. */
export interface SigningKeys {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a signed URL lets its holder do. */
export interface SignedRequest {
  readonly method: string;
  /** Bucket and key, percent-encoded segment by segment. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly expiresIn: number;
  /** Headers that the request must carry with exactly these values. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly region?: string;
  /** Time of signing in milliseconds; that of now when it is left out. */
  readonly now?: number;
}

// Derived keys by secret and day; aws4fetch fills it.
const derivedKeys = new Map<string, ArrayBuffer>();

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

/** The signed URL for `request`, and when it expires. */
export async function signUrl(
  keys: SigningKeys,
  request: SignedRequest,
): Promise<{ url: string; expires: string }> {
  const { method, path, query, expiresIn, headers, region = "auto" } = request;
  const url = new URL(`${keys.endpoint.replace(/\/+$/, "")}/${path}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  url.searchParams.set("X-Amz-Expires", String(expiresIn));
  // Seconds are as fine as signatures go.
  const begin = Math.floor((request.now ?? Date.now()) / 1000) * 1000;
  if (derivedKeys.size > 64) derivedKeys.clear();
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    service: "s3",
    region,
    datetime: new Date(begin).toISOString().replace(/[:-]|\.\d+/g, ""),
    cache: derivedKeys,
    signQuery: true,
    ...(headers === undefined ? {} : { headers, allHeaders: true }),
  });
  const signed = await signer.sign();
  return { url: signed.url.href, expires: new Date(begin + expiresIn * 1000).toISOString() };
}
