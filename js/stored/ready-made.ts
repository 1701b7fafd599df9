// The ready-made methods of KV and R2 models, as if user code had answered their results.

import { lengthMissing, lengthMissingStatus } from "../abi/codes.js";
import { readyMadeDelete, readyMadeGet, readyMadePut, readyMadeSave } from "../abi/step.js";
import { HttpResult, type ReadyMadeCall } from "../worker/index.js";
import { storeFailure } from "./failure.js";
import {
  deleteKey,
  type KvWrite,
  putObject,
  type R2Write,
  saveEntry,
  StoreRefusal,
} from "./writes.js";

/** Performs the method that `call` names; rejects where its model has no store. */
export async function runReadyMade(call: ReadyMadeCall): Promise<unknown> {
  const { method, route, manifest, request, env } = call;
  const { namespace, returns } = route;
  const store = manifest.stores[namespace];
  if (store === undefined) throw new Error(`${namespace} has no store`);
  if (method === readyMadeGet) {
    const entry = call.instance() as { value: unknown };
    return returns.kind === "Stream" ? entry.value : entry;
  }
  try {
    if (method === readyMadeDelete) {
      await deleteKey(env, store, (JSON.parse(call.given) as { key: string }).key);
      return undefined;
    }
    const values = call.values();
    const given = Object.fromEntries(
      route.parameters.map((parameter, index) => [parameter.name, values[index]]),
    );
    const length = request.headers.get("content-length");
    // Of an upload the body is the value; an empty one may be none.
    const { body } = request;
    if (store.value === "stream" || method === readyMadePut)
      given["value"] = body ?? new Uint8Array();
    if (method === readyMadeSave) {
      const entry = given as unknown as KvWrite;
      const saved = await saveEntry(env, store, entry, length === null ? null : Number(length));
      return returns.kind === "Void" ? undefined : saved;
    }
    if (body !== null && length === null)
      throw new StoreRefusal(
        "the upload must say its content-length",
        lengthMissing,
        lengthMissingStatus,
      );
    return await putObject(env, store, given as unknown as R2Write);
  } catch (error) {
    if (error instanceof StoreRefusal) return HttpResult.fail(error.status, error.message);
    const name = store.value === null ? "R2" : "KV";
    throw storeFailure(`${name} could not answer`, `${name} ${store.binding}`, error);
  }
}
