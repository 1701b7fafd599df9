// The newest compatibility date that the runtime installed in a project takes: its version holds the day it was made.
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

import { readIfPresent } from "../files.js";

/** `YYYY-MM-DD` of the workerd that the project's wrangler runs, null when none is installed. */
export async function installedRuntimeDate(root: string): Promise<string | null> {
  const wrangler = await findPackage(root, "wrangler");
  const workerd = await findPackage(wrangler ?? root, "workerd");
  const text = workerd === null ? null : await readIfPresent(join(workerd, "package.json"));
  const [, year, month, day] = /"version":\s*"1\.(\d{4})(\d\d)(\d\d)\./.exec(text ?? "") ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}

/** The folder of a package as Node finds it from `folder`, links followed. */
async function findPackage(folder: string, name: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = await realpath(join(at, "node_modules", name)).catch(() => null);
    if (candidate !== null) return candidate;
    if (dirname(at) === at) return null;
  }
}
