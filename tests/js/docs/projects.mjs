// Projects made of the examples of a page: written below build/, compiled by the real command line, type-checked.
import { execFile } from "node:child_process";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

import { packageRoot, shortPath } from "./pages.mjs";

const projectsFolder = join(packageRoot, "build", "docs-examples");
const dist = join(packageRoot, "dist");

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    strictPropertyInitialization: false,
    experimentalDecorators: true,
    types: ["@cloudflare/workers-types"],
  },
  include: ["src"],
};

/** Writes a project with `files` (texts by path) over a copy of `template`, when there is one. Answers its folder. */
export async function writeProject(name, files, template = null) {
  const folder = join(projectsFolder, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (template !== null) {
    const leftOut = new Set([".generated", ".wrangler", "migrations"]);
    for (const entry of readdirSync(template)) {
      if (leftOut.has(entry)) continue;
      await cp(join(template, entry), join(folder, entry), { recursive: true });
    }
  }
  await writeFiles(folder, { "tsconfig.json": JSON.stringify(tsconfig, null, 2), ...files });
  return folder;
}

/** Writes texts by path below `folder`. */
export async function writeFiles(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Runs the built command line; answers `{ code, output }`. */
export function runCloesce(folder, ...words) {
  return new Promise((resolve) => {
    const program = join(dist, "cli", "main.js");
    execFile(process.execPath, [program, ...words], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    );
  });
}

const shared = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  strictPropertyInitialization: false,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
  baseUrl: packageRoot,
  paths: {
    "cloesce/backend": [join(dist, "backend", "index.d.ts")],
    "cloesce/engine": [join(dist, "engine", "workerd.d.ts")],
    "cloesce/engine/cors": [join(dist, "engine", "cors.d.ts")],
    "cloesce/engine/history": [join(dist, "engine", "stored-history.d.ts")],
    "cloesce/engine/saves": [join(dist, "engine", "saves.d.ts")],
    "cloesce/engine/stored": [join(dist, "engine", "stored-workerd.d.ts")],
    "cloesce/local": [join(dist, "local", "index.d.ts")],
    "cloesce/nats": [join(dist, "nats", "index.d.ts")],
    "cloesce/testing": [join(dist, "testing", "index.d.ts")],
    "cloesce/client": [join(dist, "client", "index.d.ts")],
  },
};

/** The types that the code of a Worker, and that of a browser, is checked with. */
export const surroundings = {
  worker: { lib: ["lib.es2022.d.ts"], types: ["@cloudflare/workers-types"] },
  node: {
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: ["node"],
  },
  browser: {
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  },
};

/** Declarations do not change while the tests run; each is parsed once. */
const declarations = new Map();

/** What TypeScript has against `files`, one sentence each. */
export function typeProblems(files, surrounding) {
  const options = { ...shared, ...surrounding };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getCurrentDirectory = () => packageRoot;
  host.getSourceFile = (path, ...rest) => {
    if (!path.endsWith(".d.ts") || path.includes("docs-examples")) return read(path, ...rest);
    if (!declarations.has(path)) declarations.set(path, read(path, ...rest));
    return declarations.get(path);
  };
  const program = ts.createProgram(files, options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${shortPath(diagnostic.file.fileName)}:${line + 1}: ${text}`;
  });
}

/** Every TypeScript file below `folder`. */
export function typescriptIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}
