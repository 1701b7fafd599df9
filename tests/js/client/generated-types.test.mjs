// The generated clients and their use, type-checked under the strictest settings and in each platform's types.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import ts from "typescript";

import { golden, packageRoot } from "./support.mjs";

const strictest = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
  baseUrl: packageRoot,
  paths: {
    "cloesce/client": [join(packageRoot, "dist", "client", "index.d.ts")],
    generated: [golden("wide")],
  },
};

function problems(files, options) {
  const program = ts.createProgram(files, { ...strictest, ...options });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${diagnostic.file.fileName}:${line + 1}: ${text}`;
  });
}

const usage = join(packageRoot, "tests", "js", "client", "usage.ts");
const platforms = {
  browsers: { lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: [] },
  Node: { lib: ["lib.es2022.d.ts"], types: ["node"] },
  Workers: { lib: ["lib.es2022.d.ts"], types: ["@cloudflare/workers-types"] },
};

for (const [platform, options] of Object.entries(platforms)) {
  test(`generated types: the client is as callers expect, for ${platform}`, () => {
    const files = ["small", "wide", "storage"].map(golden);
    assert.deepEqual(problems([...files, usage], options), []);
  });
}
