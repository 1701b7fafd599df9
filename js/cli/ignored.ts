// .gitignore: names that must not be committed by accident are added to it, nothing else is touched.
import { join } from "node:path";

import { foldersUpToRepository, readIfPresent, writeIfChanged } from "./files.js";

/**
 * Makes sure that a .gitignore from `folder` up to the repository's root names `name`, a file or folder in `folder`. Answers
 * what was done, null when there was nothing to do.
 */
export async function ensureIgnored(folder: string, name: string): Promise<string | null> {
  let target: { path: string; text: string } | null = null;
  for (const at of await foldersUpToRepository(folder)) {
    const path = join(at, ".gitignore");
    const text = await readIfPresent(path);
    if (text === null) continue;
    if (ignores(text, name, at === folder)) return null;
    target ??= { path, text };
  }
  const { path, text } = target ?? { path: join(folder, ".gitignore"), text: "" };
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const start = text === "" || text.endsWith("\n") ? text : text + eol;
  await writeIfChanged(path, `${start}${name}${eol}`);
  return `added ${name} to .gitignore`;
}

function ignores(text: string, name: string, beside: boolean): boolean {
  const anywhere = new Set([name, `${name}*`, `**/${name}`, `**/${name}*`]);
  return text.split(/\r?\n/).some((line) => {
    const pattern = line.trim().replace(/\/$/, "");
    return anywhere.has(pattern) || (beside && anywhere.has(pattern.replace(/^\//, "")));
  });
}
