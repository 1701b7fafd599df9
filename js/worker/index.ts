// The worker room's face towards `cloesce/backend`.

export { AppCore, type Step } from "./app-core.js";
export { DependencyContainer, type DependencyKey } from "./container.js";
export { type D1DatabaseLike, prepareBatch, runBatch } from "./d1.js";
export { Engine } from "./engine.js";
export { Hooks, type Middleware, type ResultHook } from "./hooks.js";
export { HttpResult } from "./http-result.js";
export { type ClassConstructor, type ClassRegistry, type Revival, revive } from "./revive.js";
export { type Host, registryOf, serve, storageContext, storedRevival } from "./serve.js";
export { serveObject } from "./serve-object.js";
export { signingKeys, type SigningVariables, signUrl } from "./signing.js";
export type { Store } from "./manifest.js";
export { answerEnd, bindingOf, performStorage } from "./storage.js";
export { checkKey, deleteKey, putObject, saveEntry, StoreRefusal } from "./writes.js";
