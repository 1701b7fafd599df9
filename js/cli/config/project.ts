// The project a command works on: where its root is, and every setting with its default filled in.
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { CliError } from "../cli-error.js";
import { configFileName, parseConfig } from "./config.js";
import type { ConfigFile, BucketBinding, WranglerFormat } from "./config.js";
import type { NestedWrites } from "../extract/pre.js";

/** A project with all settings settled. Paths are absolute. */
export interface Project {
  root: string;
  /** The config file, or null when the project has none. */
  configPath: string | null;
  name: string;
  /** Folders and files to search for sources. */
  sources: string[];
  outDir: string;
  migrationsDir: string;
  workersUrl: string;
  clientUrl: string | null;
  nestedWrites: NestedWrites;
  /** The wrangler file the config names, or null to look for it in the root. */
  wranglerPath: string | null;
  wranglerFormat: WranglerFormat;
  /** KV namespaces that `serve` has on buckets with history, by binding. */
  bindings: Readonly<Record<string, BucketBinding>>;
  /** What is odd about the config, one sentence each. */
  warnings: string[];
}

const defaults = {
  source: ["."],
  outPath: ".generated",
  migrationsPath: "migrations",
  workersUrl: "http://localhost:8787/api",
} as const;

/**
 * Loads the project of `cwd`: its root is the folder of `configPath` when given, else the nearest folder upwards with a
 * cloesce.config.json, else `cwd` itself.
 * @throws CliError when the config cannot be read or is wrong.
 */
export async function loadProject(cwd: string, configPath: string | null): Promise<Project> {
  const path =
    configPath === null ? await findUpwards(cwd, configFileName) : resolve(cwd, configPath);
  const root = path === null ? resolve(cwd) : dirname(path);
  const text = path === null ? "{}" : await readConfig(path);
  const label = path === null || configPath === null ? configFileName : configPath;
  const { config, warnings } = parseConfig(label, text);
  const outDir = resolve(root, config.outPath ?? defaults.outPath);
  if (outDir === root) {
    throw new CliError(`${label}: "outPath" must be a folder of its own, not the project root`);
  }
  return {
    root,
    configPath: path,
    name: await projectName(root, config),
    sources: (config.source ?? defaults.source).map((place) => resolve(root, place)),
    outDir,
    migrationsDir: resolve(root, config.migrationsPath ?? defaults.migrationsPath),
    workersUrl: config.workersUrl ?? defaults.workersUrl,
    clientUrl: config.clientUrl ?? null,
    nestedWrites: config.nestedWrites ?? "granted",
    wranglerPath: config.wranglerPath === undefined ? null : resolve(root, config.wranglerPath),
    wranglerFormat: config.wranglerFormat ?? "toml",
    bindings: config.bindings ?? {},
    warnings,
  };
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new CliError(`the config file ${path} does not exist`);
    throw new CliError(`cannot read the config file ${path}: ${code ?? String(error)}`);
  }
}

async function findUpwards(from: string, name: string): Promise<string | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const candidate = join(folder, name);
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile() === true) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

/** The config's name, else package.json's without its scope, else the folder's. */
async function projectName(root: string, config: ConfigFile): Promise<string> {
  if (config.projectName !== undefined) return config.projectName;
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => null);
  const name = text === null ? null : packageName(text);
  return name ?? (basename(root) || "app");
}

/** A package.json that is broken is npm's to complain about; here it only has no name. */
function packageName(text: string): string | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const name =
      parsed !== null && typeof parsed === "object" && "name" in parsed ? parsed.name : null;
    return typeof name === "string" && name !== "" ? name.replace(/^@[^/]*\//, "") : null;
  } catch {
    return null;
  }
}
