// Performs the storage operations of an exchange on KV and R2: all that are asked for, at once.
// Their form is fixed in docs/internals/abi.md.

import { pageItems, signedSeconds } from "../abi/limits.js";
import {
  answerEnd,
  bindingOf,
  describeObject,
  type R2BucketLike,
  type SigningVariables,
} from "../worker/index.js";
import { storeFailure } from "./failure.js";
import { OptionRefused, signUrl, signingKeys, wholeOption } from "./signing.js";

/** The part of Cloudflare's KVNamespace that is used. */
export interface KvNamespaceLike {
  getWithMetadata(key: string, options: KvGetOptions): Promise<KvEntry>;
  getWithMetadata(keys: string[], options: KvGetOptions): Promise<Map<string, KvEntry | null>>;
  list(options: KvListOptions): Promise<{
    keys: readonly { name: string }[];
    list_complete: boolean;
    cursor?: string;
  }>;
  put(
    key: string,
    value: string | Uint8Array | ReadableStream,
    options: Record<string, unknown>,
  ): Promise<void>;
  delete(key: string): Promise<void>;
}
interface KvGetOptions {
  type: "text" | "arrayBuffer" | "stream";
  cacheTtl?: number;
}
interface KvEntry {
  readonly value: unknown;
  readonly metadata: unknown;
}
interface KvListOptions {
  prefix: string;
  limit: number;
  cursor?: string;
}

/** What the operations of one exchange share. */
export interface StorageContext {
  readonly env: unknown;
  readonly signing: SigningVariables;
  /** Bytes and streams that the host keeps; the core knows their index. */
  readonly kept: unknown[];
  readonly encodeBase64: (bytes: Uint8Array) => string;
}

// The platform lets six calls of a request wait for their answer; more would only queue.
const connections = 6;

/** Ends a part of an answer; no JSON text holds it. */
const partEnd = "\x1f";

/** Performs the JSON array of operations; answers their answers. Rejects when one fails. */
export async function performStorage(text: string, context: StorageContext): Promise<string> {
  const operations = JSON.parse(text) as Operation[];
  const answers: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < operations.length) {
      const index = next++;
      try {
        answers[index] = await perform(operations[index] as Operation, context);
      } catch (error) {
        next = operations.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  return answers.join(answerEnd);
}

type KvForm = "text" | "json" | "base64" | "keep" | "stream";
type Options = Readonly<Record<string, string>>;
type Operation =
  | ["kv", string, KvForm, string[], number]
  | ["kvList" | "r2List" | "sign", string, string, Options]
  | ["head", string, string];

async function perform(operation: Operation, context: StorageContext): Promise<string> {
  try {
    return await answerTo(operation, context);
  } catch (error) {
    const [kind, binding] = operation;
    const key = JSON.stringify(kind === "kv" ? operation[3] : operation[2]);
    const store = kind.startsWith("kv") ? "KV" : "R2";
    const said =
      error instanceof OptionRefused
        ? error.message
        : kind === "sign"
          ? "the URL could not be signed"
          : error instanceof SyntaxError
            ? "an entry of KV is no JSON"
            : `${store} could not answer`;
    throw storeFailure(said, `${store} ${binding}, ${key.slice(0, 1100)}`, error);
  }
}

async function answerTo(operation: Operation, context: StorageContext): Promise<string> {
  if (operation[0] === "sign") {
    const [, bucket, key, options] = operation;
    return signDownload(context, bucket, key, options);
  }
  const binding = bindingOf<KvNamespaceLike & R2BucketLike>(context.env, operation[1]);
  switch (operation[0]) {
    case "kv":
      return kvEntries(binding, operation, context);
    case "head": {
      const object = await binding.head(operation[2]);
      return JSON.stringify(object && describeObject(object));
    }
    default:
      return list(binding, operation[0] === "kvList", operation[2], operation[3]);
  }
}

/**
 * What signed downloads were answered, by what was signed. To sign takes longer than to read a row, and within its quarter every
 * list would sign the same again. No promises: those belong to the request that waits for them.
 */
const signedDownloads = new Map<string, string>();

async function signDownload(
  context: StorageContext,
  bucket: string,
  key: string,
  options: Options,
): Promise<string> {
  const keys = signingKeys(context.env, context.signing);
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith("Response"))
      query[name.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase()] = value;
    else if (name === "PartNumber") query["partNumber"] = value;
    else if (name !== "expiresIn")
      throw new OptionRefused(`no signed URL can carry the option ${name}`);
  }
  const expiresIn = wholeOption(options, "expiresIn", 3600, signedSeconds);
  // The time of signing is in the URL: within a quarter of the URL's life it is the same, so that caches know what they have.
  const quarter = Math.max(1, Math.floor(expiresIn / 4)) * 1000;
  const now = Math.floor(Date.now() / quarter) * quarter;
  const request = { method: "GET", bucket, key, query, expiresIn, now };
  const name = JSON.stringify([keys, request]);
  let answer = signedDownloads.get(name);
  if (answer === undefined) {
    answer = JSON.stringify(await signUrl(keys, request));
    if (signedDownloads.size >= 1000) signedDownloads.clear();
    signedDownloads.set(name, answer);
  }
  return answer;
}

async function kvEntries(
  namespace: KvNamespaceLike,
  [, , form, keys, cacheTtl]: Extract<Operation, { 0: "kv" }>,
  context: StorageContext,
): Promise<string> {
  const type =
    form === "text" || form === "json" ? "text" : form === "stream" ? form : "arrayBuffer";
  const options = { type, ...(cacheTtl > 0 && { cacheTtl }) } as const;
  const [only] = keys;
  // Several keys at once are those of texts.
  const entries =
    keys.length > 1 || only === undefined
      ? await texts(namespace, keys, options)
      : [await namespace.getWithMetadata(only, options)];
  const answers = entries.map((entry, index) => {
    if (entry?.value == null) return "null";
    const value = jsonOf(entry.value, form, context);
    if (value === null)
      throw new SyntaxError(`the value under ${JSON.stringify(keys[index])} is no JSON`);
    return value + partEnd + JSON.stringify(entry.metadata ?? null);
  });
  return answers.join(answerEnd);
}

function jsonOf(value: unknown, form: KvForm, context: StorageContext): string | null {
  if (form === "text") return JSON.stringify(value);
  if (form === "json") return isJson(value as string) ? (value as string).trim() : null;
  const bytes = form === "stream" ? value : new Uint8Array(value as ArrayBuffer);
  if (form === "base64") return JSON.stringify(context.encodeBase64(bytes as Uint8Array));
  return String(context.kept.push(bytes) - 1);
}

/** A member `__proto__` would set the prototype of what is made of the value, however its name is written. */
export function isJson(text: string): boolean {
  const look = (name: string, value: unknown): unknown => {
    if (name === "__proto__") throw new Error(name);
    return value;
  };
  try {
    // Looking at each member takes its time, so only where there can be one.
    JSON.parse(text, /__proto__|\\u/.test(text) ? look : undefined);
    return true;
  } catch {
    return false;
  }
}

/** Up to 100 keys in one call; in halves when their values are too large together. */
async function texts(
  namespace: KvNamespaceLike,
  keys: string[],
  options: KvGetOptions,
): Promise<(KvEntry | null | undefined)[]> {
  try {
    const entries = await namespace.getWithMetadata(keys, options);
    return keys.map((key) => entries.get(key));
  } catch (error) {
    if (keys.length < 2 || !String(error).includes("413")) throw error;
    const half = keys.length >> 1;
    return [
      ...(await texts(namespace, keys.slice(0, half), options)),
      ...(await texts(namespace, keys.slice(half), options)),
    ];
  }
}

/** Parts of a page that are gathered. */
const mostPages = 100;

/** A key that a namespace said it has. */
function textOf(name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw new TypeError("the namespace listed a key without a name");
}

/** The cursor, then what was found. A page may come in pieces; `limit` are gathered unless there are no more. */
async function list(
  binding: KvNamespaceLike & R2BucketLike,
  keys: boolean,
  prefix: string,
  given: Options,
): Promise<string> {
  const limit = wholeOption(given, "limit", pageItems, pageItems);
  const found: unknown[] = [];
  let { cursor } = given;
  let pages = 0;
  do {
    pages++;
    const options: KvListOptions = { prefix, limit: limit - found.length };
    if (cursor !== undefined) options.cursor = cursor;
    if (keys) {
      const page = await binding.list(options);
      found.push(...page.keys.map((key) => textOf(key.name)));
      cursor = page.list_complete ? undefined : page.cursor;
    } else {
      const bucket: R2BucketLike = binding;
      const page = await bucket.list({ ...options, include: ["httpMetadata", "customMetadata"] });
      found.push(...page.objects.map(describeObject));
      cursor = page.truncated ? page.cursor : undefined;
    }
    // Whoever asked goes on from the cursor where pages are empty again and again.
  } while (cursor !== undefined && found.length < limit && pages < mostPages);
  return [cursor ?? null, ...found].map((part) => JSON.stringify(part)).join(partEnd);
}
