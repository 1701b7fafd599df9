// Reading files that may be missing, and writing so that nothing is touched that would not change.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { CliError } from "./cli-error.js";

/** The text of a file, null when there is none. */
export async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new CliError(`cannot read ${path}: ${code ?? String(error)}`);
  }
}

/**
 * Writes `text`, making folders as needed. A file that holds it already keeps its modification time, so that tools that watch
 * it stay quiet. Answers whether it was written.
 */
export async function writeIfChanged(path: string, text: string): Promise<boolean> {
  const present = await readFile(path).catch(() => null);
  if (present?.equals(Buffer.from(text)) === true) return false;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`cannot write ${path}: ${code ?? String(error)}`);
  }
  return true;
}

/** `folder` and the folders above it up to the root of its repository; `folder` alone outside of one. */
export async function foldersUpToRepository(folder: string): Promise<string[]> {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    if ((await stat(join(at, ".git")).catch(() => null)) !== null) return folders;
    if (dirname(at) === at) return [folder];
  }
}
