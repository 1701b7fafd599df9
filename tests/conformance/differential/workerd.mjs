// Miniflare with a Worker that makes calls (calls.mjs) on its own bindings: no proxy lies between them and what is compared.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startMiniflare } from "../../support/miniflare.mjs";

const modules = ["worker.mjs", "perform.mjs"].map((name) => ({
  type: "ESModule",
  path: name,
  contents: readFileSync(new URL(name, import.meta.url), "utf8"),
}));

/** A folder in memory where the system has one: what Miniflare writes is not what is tried, and disks are slow. */
const fast = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Answers the Miniflare, and `perform(calls)` for the outcomes of a batch. */
export async function startPerforming(stores) {
  const root = mkdtempSync(path.join(fast, "cloesce-workerd-"));
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  const miniflare = await startMiniflare({ ...stores, modules, root });
  const url = await miniflare.ready;
  const perform = async (calls) => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(calls) });
    if (!response.ok) throw new Error(`workerd: ${await response.text()}`);
    return response.json();
  };
  return { miniflare, perform };
}
