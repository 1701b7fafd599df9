// Parameter decorators (`@Inject`) need `experimentalDecorators` in the tsconfig.json that wrangler's bundler reads.
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";

import { findNodeAtLocation, getNodeValue, parseTree } from "jsonc-parser";

import type { Project } from "./config/project.js";
import { portablePath } from "./extract/find-sources.js";
import { foldersUpToRepository, readIfPresent, writeIfChanged } from "./files.js";
import type { WranglerFile } from "./wrangler/wrangler-file.js";

const option = "experimentalDecorators";

const workersTypes = "@cloudflare/workers-types";

function newTsconfig(include: readonly string[]): string {
  return `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "strict": true,
    // Columns are filled by Cloesce, not by a constructor.
    "strictPropertyInitialization": false,
    // Wrangler's bundler needs this for parameter decorators such as @Inject.
    "experimentalDecorators": true,
    // D1Database, KVNamespace, R2Bucket and the like: npm install --save-dev ${workersTypes}
    "types": ["${workersTypes}"],
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ${JSON.stringify(include).replaceAll(",", ", ")}
}
`;
}

/** What was done, and what the user must do; null when there is nothing to say. */
export interface TsconfigReport {
  done: string | null;
  warning: string | null;
}

/** Creates the tsconfig.json when there is none; says what is missing in one that is there. */
export async function checkTsconfig(
  project: Project,
  wrangler: WranglerFile,
): Promise<TsconfigReport> {
  const path = await tsconfigPath(project, wrangler);
  const label = portablePath(project.root, path);
  const text = await readIfPresent(path);
  if (text === null) {
    // A folder whose name begins with a dot is no part of "." for TypeScript.
    const folders = [...project.sources, project.outDir];
    await writeIfChanged(
      path,
      newTsconfig(folders.map((folder) => portablePath(project.root, folder) || ".")),
    );
    return { done: `created ${label} with ${option}, which @Inject needs`, warning: null };
  }
  if (await isOn(path, text, 0)) return { done: null, warning: null };
  return {
    done: null,
    warning:
      `${label} does not switch on ${option}, so wrangler cannot bundle parameter decorators; add:\n\n` +
      `  "compilerOptions": {\n    "${option}": true\n  }\n`,
  };
}

/** The file wrangler's `tsconfig` key names, else the nearest from the project root upwards, as the bundler looks. */
async function tsconfigPath(project: Project, wrangler: WranglerFile): Promise<string> {
  const named = wrangler.content?.["tsconfig"];
  if (typeof named === "string") return resolve(dirname(wrangler.path), named);
  for (const folder of await foldersUpToRepository(project.root)) {
    const path = join(folder, "tsconfig.json");
    if ((await readIfPresent(path)) !== null) return path;
  }
  return join(project.root, "tsconfig.json");
}

/** Follows `extends`; the nearest file that sets the option decides. */
async function isOn(path: string, text: string, depth: number): Promise<boolean> {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined || depth > 16) return false;
  const own = findNodeAtLocation(root, ["compilerOptions", option]);
  if (own !== undefined) return own.value === true;
  const base = findNodeAtLocation(root, ["extends"]);
  const value: unknown = base === undefined ? [] : getNodeValue(base);
  const bases = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  for (const one of bases.reverse()) {
    const found = await readBase(path, one);
    if (found !== null && (await isOn(found.path, found.text, depth + 1))) return true;
  }
  return false;
}

async function readBase(
  from: string,
  specifier: string,
): Promise<{ path: string; text: string } | null> {
  const candidates: string[] = [];
  if (specifier.startsWith(".") || isAbsolute(specifier)) {
    const path = resolve(dirname(from), specifier);
    candidates.push(path, `${path}.json`, join(path, "tsconfig.json"));
  } else {
    const { resolve: resolvePackage } = createRequire(from);
    for (const name of [specifier, `${specifier}.json`, `${specifier}/tsconfig.json`]) {
      try {
        candidates.push(resolvePackage(name));
      } catch {
        // Not under this name; the next form is tried.
      }
    }
  }
  for (const path of candidates) {
    const text = await readIfPresent(path).catch(() => null);
    if (text !== null) return { path, text };
  }
  return null;
}
