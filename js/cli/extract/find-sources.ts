// Finding and reading the project's `*.cloesce.ts` files.
import { readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

import { CliError } from "../cli-error.js";
import type { SourceFile } from "./extract.js";

const sourceSuffix = ".cloesce.ts";

/** The sources and the folders that were searched for them; absolute paths. */
export interface FoundSources {
  files: string[];
  folders: string[];
}

/**
 * Searches folders (and takes files) for sources. `node_modules`, folders that start with a dot and `outDir` are
 * skipped, unless one of them is itself a place to search. All paths absolute.
 * @throws CliError when a place does not exist.
 */
export async function findSources(
  places: readonly string[],
  outDir: string,
): Promise<FoundSources> {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const place of places) {
    const found = await stat(place).catch(() => null);
    if (found === null) throw new CliError(`the source folder ${place} does not exist`);
    if (found.isDirectory()) await searchFolder(place, outDir, files, folders);
    else if (place.endsWith(sourceSuffix)) files.add(place);
    else throw new CliError(`the source ${place} is neither a folder nor a ${sourceSuffix} file`);
  }
  return { files: [...files], folders: [...folders] };
}

/**
 * Reads sources, sorted by their path relative to `root`, forward slashes. A file that vanished since it was found is left
 * out.
 */
export async function readSources(root: string, files: readonly string[]): Promise<SourceFile[]> {
  const sources = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw new CliError(`cannot read ${file}: ${error.code ?? error.message}`);
      });
      return bytes === null ? null : decodeSource(portablePath(root, file), bytes);
    }),
  );
  return sources
    .filter((source) => source !== null)
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Reads the modules that sources import: each once, by its path relative to the root. */
export class ModuleReader {
  readonly #root: string;
  readonly #texts = new Map<string, SourceFile | null>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The module, null when there is no such file. */
  readonly read = (path: string): SourceFile | null => {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const file = this.#readFile(path);
    this.#texts.set(path, file);
    return file;
  };

  #readFile(path: string): SourceFile | null {
    try {
      return decodeSource(path, readFileSync(resolve(this.#root, path)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return null;
      throw new CliError(`cannot read ${path}: ${code ?? String(error)}`);
    }
  }
}

/** `file` relative to `root` with forward slashes; absolute when there is no relative way (another drive). */
export function portablePath(root: string, file: string): string {
  const path = relative(root, file);
  return (isAbsolute(path) ? path : path || ".").split(sep).join("/");
}

async function searchFolder(
  folder: string,
  outDir: string,
  files: Set<string>,
  folders: Set<string>,
): Promise<void> {
  if (folders.has(folder)) return;
  folders.add(folder);
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw new CliError(`cannot read the folder ${folder}: ${error.code ?? error.message}`);
    },
  );
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
      if (resolve(path) === resolve(outDir)) continue;
      await searchFolder(path, outDir, files, folders);
    } else if (entry.name.endsWith(sourceSuffix) && !entry.isDirectory()) {
      files.add(path);
    }
  }
}

function decodeSource(path: string, bytes: Uint8Array): SourceFile {
  try {
    return { path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), utf8: true };
  } catch {
    return { path, text: new TextDecoder("utf-8").decode(bytes), utf8: false };
  }
}
