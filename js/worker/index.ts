// The worker room's face towards `cloesce/backend` and the engines.

export { abandoned, AppCore, type Step } from "./app-core.js";
export { asError, failureText } from "./as-error.js";
export type { Call, Values, Verb } from "./call.js";
export { bytesOf, isBlobValue, jsonOf } from "./blobs.js";
export { DependencyContainer, type DependencyKey, nameOfKey } from "./container.js";
export type { CorsOptions, CrossOrigin, CrossOriginPart } from "./cross-origin.js";
export { type Batch, type D1DatabaseLike, newBatch, rootOf, runBatch } from "./d1.js";
export type { Change, HistoryPart, HistoryPlace, Version, WatchChoice } from "./history.js";
export type { Engine, ReadyMadeCall, SignedUpload, StoragePart, UploadOptions } from "./engine.js";
export {
  type CallHook,
  type HookAnswer,
  type Hooks,
  type Middleware,
  ofInstance,
  type ResultHook,
} from "./hooks.js";
export { coreOf, type Host, partOf, registryOf, storageOf, warm } from "./host.js";
export { HttpResult } from "./http-result.js";
export type { Manifest, SigningVariables, Store } from "./manifest.js";
export { answerEnd, bindingOf, perform } from "./perform.js";
export {
  describeObject,
  headHeaders,
  type R2BucketLike,
  type R2HttpMetadata,
  type R2ObjectLike,
  writeHttpMetadata,
} from "./r2-object.js";
export { toResponse } from "./responses.js";
export type { SavesPart } from "./saves.js";
export type { ScopeOf, ScopesPart } from "./scopes.js";
export { type ClassConstructor, type ClassRegistry, revive } from "./revive.js";
export { serve } from "./serve.js";
export { serveObject } from "./serve-object.js";
export { tellHooks } from "./tell-hooks.js";
export { undefinedIn } from "./undefined-in.js";
