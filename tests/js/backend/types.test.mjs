// The types of `cloesce/backend`, checked under the strictest settings: what a source may say, and what must not compile.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import ts from "typescript";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const strictest = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts"],
  types: ["@cloudflare/workers-types"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  isolatedModules: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
  baseUrl: root,
  paths: { "cloesce/backend": [join(root, "dist", "backend", "workerd.d.ts")] },
};

function problems(file, options = {}) {
  const program = ts.createProgram([file], { ...strictest, ...options });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${diagnostic.file.fileName.slice(root.length)}:${line + 1}: ${text}`;
  });
}

test("backend types: trees, models and stored fields say what the compiler takes, and nothing else", () => {
  assert.deepEqual(problems(join(root, "tests/js/backend/usage.ts")), []);
});

test("backend types: hooks are told of a call by class and method, and of nothing that is not there", () => {
  assert.deepEqual(problems(join(root, "tests/js/backend/hooks-usage.ts")), []);
});

test("backend types: queries know the columns and relations of a model", () => {
  assert.deepEqual(problems(join(root, "tests/js/backend/query-usage.ts")), []);
});

test("backend types: the sources of a project type-check as they are", () => {
  const file = join(root, "tests/fixtures/compile/storage.cloesce.ts");
  // A project's tsconfig leaves properties to the worker.
  assert.deepEqual(problems(file, { strictPropertyInitialization: false }), []);
});
