// Miniflare with a Worker that makes calls (calls.mjs) on its own bindings: no proxy lies between them and what is compared.
import { readFileSync } from "node:fs";
import { startMiniflare } from "../../support/miniflare.mjs";

const modules = ["worker.mjs", "perform.mjs"].map((name) => ({
  type: "ESModule",
  path: name,
  contents: readFileSync(new URL(name, import.meta.url), "utf8"),
}));

/** Answers the Miniflare, and `perform(calls)` for the outcomes of a batch. */
export async function startPerforming(stores) {
  const miniflare = await startMiniflare({ ...stores, modules });
  const url = await miniflare.ready;
  const perform = async (calls) => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(calls) });
    if (!response.ok) throw new Error(`workerd: ${await response.text()}`);
    return response.json();
  };
  return { miniflare, perform };
}
