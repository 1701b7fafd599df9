// What an engine has for KV and R2. Nothing else of this room is imported from outside.

import { serveObject, type StoragePart } from "../worker/index.js";
import { performStorage } from "./operations.js";
import { storeFailure } from "./failure.js";
import { isAsRead, noteRead } from "./read-along.js";
import { headResult, reviveObject } from "./revived-object.js";
import { runReadyMade } from "./ready-made.js";
import { signUpload } from "./signing.js";
import { deleteKey, putObject, type R2Write, saveEntry, type KvWrite } from "./writes.js";

/** The part of the shim for KV and R2. */
export const storage: StoragePart = {
  perform: (operations, core, env, kept) =>
    performStorage(operations, {
      env,
      signing: core.manifest.signing,
      kept,
      encodeBase64: (bytes) => core.encodeBase64(bytes),
    }),
  runReadyMade,
  serveObject: (bucket, key, request) =>
    serveObject(bucket, key, request).catch((error: unknown) => {
      throw storeFailure("R2 could not answer", `R2, ${JSON.stringify(key)}`, error);
    }),
  reviveObject,
  noteRead,
  isAsRead,
  headResult,
  save: (env, store, entry) =>
    store.value === null
      ? putObject(env, store, entry as R2Write)
      : saveEntry(env, store, entry as KvWrite),
  delete: deleteKey,
  signUpload,
};
