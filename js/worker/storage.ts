// Performs the storage operations of an exchange on KV and R2: all that are asked for, at once.
// Their form is fixed in docs/internals/abi.md.

import { describeObject, type R2ObjectLike } from "./r2-object.js";
import { signUrl, signingKeys, type SigningVariables } from "./signing.js";

/** The part of Cloudflare's KVNamespace that is used. */
export interface KvNamespaceLike {
  getWithMetadata(key: string, options: KvGetOptions): Promise<KvEntry>;
  getWithMetadata(keys: string[], options: KvGetOptions): Promise<Map<string, KvEntry | null>>;
  list(options: ListOptions): Promise<{
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
interface ListOptions {
  prefix: string;
  limit: number;
  cursor?: string;
  include?: string[];
}

/** The part of Cloudflare's R2Bucket that is used. */
export interface R2BucketLike {
  head(key: string): Promise<R2ObjectLike | null>;
  get(
    key: string,
    options: Record<string, unknown>,
  ): Promise<(R2ObjectLike & { body?: ReadableStream; range?: unknown }) | null>;
  put(key: string, value: unknown, options: Record<string, unknown>): Promise<R2ObjectLike | null>;
  delete(key: string): Promise<void>;
  list(options: ListOptions): Promise<{
    objects: readonly R2ObjectLike[];
    truncated: boolean;
    cursor?: string;
  }>;
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

/** Performs the JSON array of operations; answers the JSON array of their answers. Rejects when one fails. */
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
  return `[${answers.join(",")}]`;
}

type KvForm = "text" | "base64" | "keep" | "stream";
type Operation =
  | ["kv", string, KvForm, string[], number]
  | ["kvList" | "r2List", string, string, number, string | null]
  | ["head", string, string]
  | ["sign", string, string, Record<string, string>, number, Record<string, string>];

async function perform(operation: Operation, context: StorageContext): Promise<string> {
  if (operation[0] === "sign") {
    const [, method, path, query, expiresIn, headers] = operation;
    const keys = signingKeys(context.env, context.signing);
    return JSON.stringify(await signUrl(keys, { method, path, query, expiresIn, headers }));
  }
  const binding = bindingOf<KvNamespaceLike & R2BucketLike>(context.env, operation[1]);
  switch (operation[0]) {
    case "kv":
      return kvEntries(binding, operation[2], operation[3], operation[4], context);
    case "head": {
      const object = await binding.head(operation[2]);
      return JSON.stringify(object && describeObject(object));
    }
    case "kvList":
    case "r2List":
      return list(binding, operation);
  }
}

/** The binding `name` of `env`; throws when there is none. */
export function bindingOf<Binding>(env: unknown, name: string): Binding {
  const binding = (env as Record<string, Binding | undefined> | null)?.[name];
  if (binding === undefined) throw new Error(`the env has no binding "${name}"`);
  return binding;
}

async function kvEntries(
  namespace: KvNamespaceLike,
  form: KvForm,
  keys: string[],
  cacheTtl: number,
  context: StorageContext,
): Promise<string> {
  const ttl = cacheTtl > 0 ? { cacheTtl } : {};
  const [only] = keys;
  if (keys.length > 1 || only === undefined) {
    return texts(namespace, keys, { type: "text", ...ttl });
  }
  const type = form === "text" || form === "stream" ? form : "arrayBuffer";
  const { value, metadata } = await namespace.getWithMetadata(only, { type, ...ttl });
  if (value === null) return "[null]";
  if (form === "text") return JSON.stringify([[value, metadata]]);
  const bytes = form === "stream" ? value : new Uint8Array(value as ArrayBuffer);
  if (form === "base64")
    return JSON.stringify([[context.encodeBase64(bytes as Uint8Array), metadata]]);
  return JSON.stringify([[context.kept.push(bytes) - 1, metadata]]);
}

/** Up to 100 keys in one call; in halves when their values are too large together. */
async function texts(
  namespace: KvNamespaceLike,
  keys: string[],
  options: KvGetOptions,
): Promise<string> {
  let entries: Map<string, KvEntry | null>;
  try {
    entries = await namespace.getWithMetadata(keys, options);
  } catch (error) {
    if (keys.length < 2 || !String(error).includes("413")) throw error;
    const half = keys.length >> 1;
    const parts = [
      await texts(namespace, keys.slice(0, half), options),
      await texts(namespace, keys.slice(half), options),
    ];
    return `[${parts.map((part) => part.slice(1, -1)).join(",")}]`;
  }
  return JSON.stringify(
    keys.map((key) => {
      const entry = entries.get(key);
      return entry ? [entry.value, entry.metadata] : null;
    }),
  );
}

/** A page may come in pieces; `limit` are gathered unless there are no more. */
async function list(
  binding: KvNamespaceLike & R2BucketLike,
  [kind, , prefix, limit, from]: ["kvList" | "r2List", string, string, number, string | null],
): Promise<string> {
  const found: unknown[] = [];
  let cursor = from;
  do {
    const options: ListOptions = { prefix, limit: limit - found.length };
    if (cursor !== null) options.cursor = cursor;
    if (kind === "kvList") {
      const page = await binding.list(options);
      found.push(...page.keys.map((key) => key.name));
      cursor = page.list_complete ? null : (page.cursor ?? null);
    } else {
      const bucket: R2BucketLike = binding;
      const page = await bucket.list({ ...options, include: ["httpMetadata", "customMetadata"] });
      found.push(...page.objects.map(describeObject));
      cursor = page.truncated ? (page.cursor ?? null) : null;
    }
  } while (cursor !== null && found.length < limit);
  return JSON.stringify({ [kind === "kvList" ? "names" : "objects"]: found, cursor });
}
