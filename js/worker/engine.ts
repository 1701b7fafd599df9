// What `cloesce/engine` and `cloesce/engine/stored` hand over: the core's module, and the part of the shim for KV and R2.

import type { AppCore } from "./app-core.js";
import type { HistoryPart } from "./history.js";
import type { HttpResult } from "./http-result.js";
import type { Manifest, Route, Store } from "./manifest.js";
import type { ScopesPart } from "./scopes.js";

/** What an app runs on. */
export interface Engine {
  /** The core, compiled. */
  readonly module: WebAssembly.Module;
  /** What an app with models or fields in KV and R2 needs besides. */
  readonly storage?: StoragePart;
  /** What an app with KV models that have a history needs besides: that of `cloesce/engine/history`. */
  readonly history?: HistoryPart;
  /** What an app with scopes needs besides. */
  readonly scopes?: ScopesPart;
}

/** What a signed upload is bound to. */
export interface UploadOptions {
  /** The only content type that is taken. */
  readonly contentType?: string;
  /** The only number of bytes that is taken. */
  readonly contentLength?: number;
  /** Seconds, 1 to 604800; default 3600. */
  readonly expiresIn?: number;
}

/** A request that may be sent to R2 directly, by whoever holds it. */
export interface SignedUpload {
  readonly url: string;
  readonly method: "PUT";
  /** What the request must carry. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expires: Date;
}

/** A call of a ready-made method of a KV or R2 model. */
export interface ReadyMadeCall {
  readonly method: number;
  readonly route: Route;
  readonly manifest: Manifest;
  readonly request: Request;
  readonly env: unknown;
  /** The arguments as the core wrote them, a JSON object. */
  readonly given: string;
  /** The instance, revived. */
  readonly instance: () => unknown;
  /** The arguments in the order of the parameters, revived. */
  readonly values: () => unknown[];
}

/** The part of the shim for KV and R2. */
export interface StoragePart {
  /** Performs the JSON array of operations of a step and answers their answers; `kept` takes bytes and streams. */
  perform(operations: string, core: AppCore, env: unknown, kept: unknown[]): Promise<string>;
  /** Performs a ready-made method; answers what user code would. */
  runReadyMade(call: ReadyMadeCall): Promise<unknown>;
  /** Serves the object under `key`. */
  serveObject(
    bucket: unknown,
    key: string,
    request: Request,
    headers?: HeadersInit,
  ): Promise<HttpResult>;
  /** What a method gets for an R2Object or R2Download in JSON. */
  reviveObject(json: Record<string, unknown>): object;
  /** Remembers what `members` of an instance were when they were read. */
  noteRead(members: readonly string[], instance: Readonly<Record<string, unknown>>): void;
  /** Whether `value` is such a member, and still what was read. */
  isAsRead(value: object): boolean;
  /** The answer to a HEAD out of an R2 object, or of a model that has one; null when `value` is neither. */
  headResult(value: unknown): HttpResult | null;
  /** Writes an entry or uploads an object; answers the members of its instance. */
  save(env: unknown, store: Store, entry: object): Promise<object>;
  /** Deletes an entry or an object; there need not be one. */
  delete(env: unknown, store: Store, key: string): Promise<void>;
  /** Signs an upload to the bucket of `store`; rejects when that has none. */
  signUpload(
    env: unknown,
    manifest: Manifest,
    store: Store | undefined,
    key: string,
    options: UploadOptions,
  ): Promise<SignedUpload>;
}
