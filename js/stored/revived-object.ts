// R2 objects out of JSON, with the platform's methods again, and as the answer to a HEAD.

import {
  headHeaders,
  HttpResult,
  type R2HttpMetadata,
  type R2ObjectLike,
  writeHttpMetadata,
} from "../worker/index.js";

/** Checksums with the platform's face: buffers by name, and `toJSON` in hex. */
class Checksums {
  readonly #hex: Record<string, string>;

  constructor(hex: Record<string, string>) {
    this.#hex = hex;
    for (const [name, text] of Object.entries(hex)) {
      const bytes = Uint8Array.from(String(text).match(/../g) ?? [], (pair) => parseInt(pair, 16));
      (this as Record<string, unknown>)[name] = bytes.buffer;
    }
  }

  toJSON(): Record<string, string> {
    return this.#hex;
  }
}

/** An R2Object out of its JSON; with `url` and `expires` it is a download. */
class RevivedObject {
  declare httpMetadata: R2HttpMetadata | undefined;

  constructor(json: Record<string, unknown>) {
    Object.assign(this, json);
    const members = this as Record<string, unknown>;
    for (const name of ["uploaded", "expires"]) {
      if (typeof members[name] === "string") members[name] = new Date(members[name]);
    }
    if (json["checksums"]) {
      members["checksums"] = new Checksums(json["checksums"] as Record<string, string>);
    }
    const { httpMetadata } = this;
    if (httpMetadata?.cacheExpiry) httpMetadata.cacheExpiry = new Date(httpMetadata.cacheExpiry);
  }

  writeHttpMetadata(headers: Headers): void {
    writeHttpMetadata(this.httpMetadata, headers);
  }
}

/** What a method gets for an R2Object or R2Download. */
export function reviveObject(json: Record<string, unknown>): object {
  return new RevivedObject(json);
}

/** The answer to a HEAD out of an R2 object, or of a model that has one; null when `value` is neither. */
export function headResult(value: unknown): HttpResult | null {
  const candidate = value as (R2ObjectLike & { head?: R2ObjectLike }) | null | undefined;
  const object = candidate?.httpEtag === undefined ? candidate?.head : candidate;
  if (object?.httpEtag === undefined) return null;
  const result = HttpResult.ok(200);
  headHeaders(object, result.headers);
  return result;
}
