// What keys of KV models with a history had, and what is done to them: read from bindings that remember. Workers KV does not.

import {
  type AppCore,
  bindingOf,
  type Change,
  type HistoryPart,
  revive,
  type Store,
} from "../worker/index.js";
import { isJson } from "./operations.js";
import { checkKey } from "./writes.js";

/** What a namespace with a history has besides, as `kvOf` of cloesce/nats makes it. */
interface RememberingNamespace {
  history(key: string): Promise<readonly Remembered[]>;
  watch(choice: object): AsyncIterator<Remembered | null>;
}

interface Remembered {
  readonly key: string;
  readonly value: Uint8Array<ArrayBuffer>;
  readonly metadata: unknown;
  readonly revision: number;
  readonly created: Date;
  readonly operation: Change;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** What the engine has in an app whose KV models have a history. */
export const history: HistoryPart = {
  async history(env, { host, core, model, store }, key) {
    const namespace = remembering(env, store);
    checkKey(store as Store, key);
    const kept: unknown[] = [];
    return (await namespace.history(key)).map((one) => {
      const { revision, created, operation: change, metadata } = one;
      const entry =
        change === "PUT" ? { key, value: valueOf(one, store as Store, kept), metadata } : null;
      const shape = core.manifest.models[model] ?? -1;
      return { key, entry: revive(entry, shape, { host, core, kept }), revision, created, change };
    });
  },

  watch(env, { core, store }, choice = {}) {
    const namespace = remembering(env, store);
    if (choice.key !== undefined) checkKey(store as Store, choice.key);
    const watch = namespace.watch(choice);
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { value: one, done } = await watch.next();
          if (done === true) controller.close();
          else
            controller.enqueue(
              encoder.encode(one === null ? "null\n" : lineOf(one, store as Store, core)),
            );
        },
        async cancel() {
          await watch.return?.();
        },
      },
      // Nothing is read before somebody wants it.
      { highWaterMark: 0 },
    );
  },
};

/** @throws Error where the binding is what Cloudflare has */
function remembering(env: unknown, store: Store | undefined): RememberingNamespace {
  const { binding = "" } = store ?? {};
  const namespace = bindingOf<Partial<RememberingNamespace>>(env, binding);
  if (typeof namespace.history === "function" && typeof namespace.watch === "function")
    return namespace as RememberingNamespace;
  throw new Error(
    `the KV namespace ${binding} has no history here: "cloesce serve" has buckets that remember, workerd does not`,
  );
}

function textOf({ key, value }: Remembered): string {
  const text = decoder.decode(value);
  if (isJson(text)) return text;
  throw new SyntaxError(`a value under ${JSON.stringify(key)} is no JSON`);
}

function valueOf(one: Remembered, store: Store, kept: unknown[]): unknown {
  if (store.value === "json") return JSON.parse(textOf(one));
  if (store.value === "text") return decoder.decode(one.value);
  const bytes = one.value.slice();
  return kept.push(store.value === "stream" ? new Response(bytes).body : bytes) - 1;
}

function lineOf(one: Remembered, store: Store, core: AppCore): string {
  const { key, metadata, revision, created, operation: change } = one;
  const line = JSON.stringify({ key, revision, created, change });
  if (change !== "PUT") return `${line}\n`;
  const value =
    store.value === "json"
      ? // Between the parts of a value there may be line breaks, which would end the line. In texts there are none.
        textOf(one).replace(/[\r\n]+/g, " ")
      : JSON.stringify(
          store.value === "text" ? decoder.decode(one.value) : core.encodeBase64(one.value),
        );
  return `${line.slice(0, -1)},"value":${value},"metadata":${JSON.stringify(metadata ?? null)}}\n`;
}
