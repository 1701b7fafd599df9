// Whether the Worker's own `main` reaches the generated app: no request does when it does not import it.
import { dirname, resolve } from "node:path";

import { readIfPresent } from "../files.js";

const endings = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", "/index.ts", "/index.js"];

/** More files than this are not searched; then the answer is yes. */
const maximumFiles = 500;

/** Follows the relative imports of `main` to the module `entry` (without its ending). */
export async function imports(main: string, entry: string): Promise<boolean> {
  const seen = new Set<string>();
  const waiting = [main];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (seen.size > maximumFiles) return true;
    const file = await readModule(at);
    if (file === null) continue;
    for (const [, specifier] of file.text.matchAll(/["'](\.{1,2}\/[^"'\n]+)["']/g)) {
      const target = resolve(dirname(file.path), specifier ?? "").replace(/\.[cm]?[jt]sx?$/, "");
      if (target === entry) return true;
      waiting.push(target);
    }
  }
  return false;
}

async function readModule(path: string): Promise<{ path: string; text: string } | null> {
  for (const ending of endings) {
    const text = await readIfPresent(path + ending).catch(() => null);
    if (text !== null) return { path: path + ending, text };
  }
  return null;
}
