// What a caller of R2 says, checked and put into the form the rules take.

import type { R2Conditional, R2HTTPMetadata, R2PutOptions } from "@cloudflare/workers-types";
import { momentOf, present, textOf } from "./conversions.js";
import { rule, wellFormed } from "./rules.js";

export const hashNames = {
  md5: ["MD5", 32],
  sha1: ["SHA-1", 40],
  sha256: ["SHA-256", 64],
  sha384: ["SHA-384", 96],
  sha512: ["SHA-512", 128],
} as const;
export type HashName = keyof typeof hashNames;

type Etags = readonly (readonly [string, boolean])[];

/** A condition as the rule has it. */
export interface WireCondition {
  etagMatches?: Etags;
  etagDoesNotMatch?: Etags;
  uploadedBefore?: number;
  uploadedAfter?: number;
  secondsGranularity?: boolean;
}

/** `onlyIf`, of an object or of a request's headers. */
export function conditionOf(given: unknown): WireCondition | null {
  if (given === undefined || given === null) return null;
  if (isHeaders(given)) return conditionOfHeaders(given);
  const asked = given as R2Conditional;
  const condition: WireCondition = {};
  if (asked.etagMatches !== undefined)
    condition.etagMatches = bareEtags(asked.etagMatches, "etagMatches");
  if (asked.etagDoesNotMatch !== undefined)
    condition.etagDoesNotMatch = bareEtags(asked.etagDoesNotMatch, "etagDoesNotMatch");
  if (asked.uploadedBefore !== undefined)
    condition.uploadedBefore = momentOf(asked.uploadedBefore, "uploadedBefore", "Conditional");
  if (asked.uploadedAfter !== undefined)
    condition.uploadedAfter = momentOf(asked.uploadedAfter, "uploadedAfter", "Conditional");
  if (asked.secondsGranularity !== undefined)
    condition.secondsGranularity = asked.secondsGranularity;
  return condition;
}

function conditionOfHeaders(headers: Headers): WireCondition {
  const condition: WireCondition = { secondsGranularity: true };
  const match = etagsOf(headers, "if-match");
  const noneMatch = etagsOf(headers, "if-none-match");
  const before = Date.parse(headers.get("if-unmodified-since") ?? "");
  const after = Date.parse(headers.get("if-modified-since") ?? "");
  if (match !== null) condition.etagMatches = match;
  if (noneMatch !== null) condition.etagDoesNotMatch = noneMatch;
  if (!Number.isNaN(before)) condition.uploadedBefore = before;
  if (!Number.isNaN(after)) condition.uploadedAfter = after;
  return condition;
}

function etagsOf(headers: Headers, name: string): Etags | null {
  const header = headers.get(name);
  if (header === null) return null;
  const tags = rule<Etags | null>("read_etags", header);
  if (tags === null) throw new Error(`Invalid ETag in ${name} header`);
  return tags;
}

function bareEtags(given: unknown, field: string): Etags {
  const text = textOf(present(given, field, "Conditional", "string"));
  if (/^".*"$/s.test(text))
    throw new TypeError(`Conditional ETag should not be wrapped in quotes (${text}).`);
  return [[text, false]];
}

/** `range` as the rule has it: a header's text, or numbers. */
export function rangeOf(given: unknown): string | object | null {
  if (given === undefined || given === null) return null;
  if (isHeaders(given)) return given.get("range");
  const { offset, length, suffix } = given as Record<string, unknown>;
  const numbers = Object.entries({ offset, length, suffix }).filter(([, one]) => one !== undefined);
  return Object.fromEntries(numbers.map(([name, one]) => [name, finite(name, Number(one))]));
}

/** JSON, in which the rule is asked, has no words for the others. */
function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  const member = { offset: "Starting offset", length: "Length", suffix: "Suffix" }[name] ?? name;
  throw new RangeError(
    `Invalid range. ${member} (${value}) must be an integer, not floating point.`,
  );
}

/** Metadata as it is stored; a date is milliseconds there. */
export type StoredHttpMetadata = Omit<R2HTTPMetadata, "cacheExpiry"> & { cacheExpiry?: number };

const httpFields = {
  contentType: "content-type",
  contentLanguage: "content-language",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  cacheControl: "cache-control",
} as const;

export function httpMetadataOf(given: unknown): StoredHttpMetadata {
  const stored: StoredHttpMetadata = {};
  if (given === undefined || given === null) return stored;
  const headers = isHeaders(given) ? given : null;
  for (const [field, header] of Object.entries(httpFields)) {
    const name = field as keyof typeof httpFields;
    const value = headers === null ? (given as R2HTTPMetadata)[name] : headers.get(header);
    if (value !== undefined && (value !== null || headers === null)) stored[name] = textOf(value);
  }
  if (headers === null) {
    const { cacheExpiry } = given as R2HTTPMetadata;
    if (cacheExpiry !== undefined)
      stored.cacheExpiry = momentOf(cacheExpiry, "cacheExpiry", "HttpMetadata");
    return stored;
  }
  const expires = headers.get("expires");
  // No date is the beginning of time, which is long over.
  if (expires !== null) stored.cacheExpiry = Date.parse(expires) || 0;
  return stored;
}

/** Writes stored metadata as headers. */
export function writeHttpMetadata(stored: StoredHttpMetadata, headers: Headers): void {
  for (const [field, header] of Object.entries(httpFields)) {
    const value = stored[field as keyof typeof httpFields];
    if (value !== undefined) headers.set(header, value);
  }
  if (stored.cacheExpiry !== undefined)
    headers.set("expires", new Date(stored.cacheExpiry).toUTCString());
}

export function customMetadataOf(given: unknown): Record<string, string> {
  if (given === undefined) return {};
  const entries = Object.entries(
    present(given, "customMetadata", "PutOptions", "object") as object,
  );
  return Object.fromEntries(
    entries.map(([name, value]) => [wellFormed(name), wellFormed(String(value))]),
  );
}

/** What custom metadata counts for: a character beyond Latin-1 makes its text count twice. */
export function metadataBytes(metadata: Record<string, string>): number {
  const length = (text: string): number => (/^[\x00-\xff]*$/.test(text) ? 1 : 2) * text.length;
  return Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + length(name) + length(value),
    0,
  );
}

/** The one checksum of a put, as hexadecimal digits. */
export function hashOf(options: R2PutOptions): { name: HashName; digits: string } | null {
  let found: { name: HashName; digits: string } | null = null;
  for (const [key, [title, length]] of Object.entries(hashNames)) {
    const given = options[key as HashName];
    if (given === undefined) continue;
    present(given, key, "PutOptions", "BufferSource or string");
    if (found !== null) throw new TypeError("You cannot specify multiple hashing algorithms.");
    found = { name: key as HashName, digits: digitsOf(given, title, length) };
  }
  return found;
}

function digitsOf(given: unknown, title: string, length: number): string {
  if (typeof given === "string") {
    if (given.length !== length)
      throw new TypeError(`${title} is ${length} hex characters, not ${given.length}`);
    if (!/^[0-9a-f]*$/i.test(given))
      throw new TypeError(`Provided ${title} wasn't a valid hex string`);
    return given.toLowerCase();
  }
  const bytes = ArrayBuffer.isView(given)
    ? Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    : Buffer.from(given as ArrayBuffer);
  if (bytes.byteLength !== length / 2)
    throw new TypeError(`${title} is ${length / 2} bytes, not ${bytes.byteLength}`);
  return bytes.toString("hex");
}

function isHeaders(given: unknown): given is Headers {
  return (
    typeof (given as Headers).get === "function" && typeof (given as Headers).append === "function"
  );
}
