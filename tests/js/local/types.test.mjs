// What `createLocal` answers is what the platform's types say: to the compiler, and member by member when it is there.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { createLocal } from "../../../dist/local/index.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const usage = path.join(root, "tests/js/local/usage.ts");
const program = ts.createProgram([usage], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts"],
  types: ["@cloudflare/workers-types"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  baseUrl: root,
  paths: { "cloesce/local": [path.join(root, "dist", "local", "index.d.ts")] },
});

test("env and caches have the platform's types", () => {
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    if (file === undefined) return text;
    const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
    return `${file.fileName}:${line + 1}: ${text}`;
  });
  assert.deepEqual(problems, []);
});

/** Names of what a value of the platform's type `name` always has. */
function membersOf(name) {
  const checker = program.getTypeChecker();
  const symbol = checker.resolveName(name, undefined, ts.SymbolFlags.Type, false);
  assert.ok(symbol, `@cloudflare/workers-types has no ${name}`);
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
    .map(({ name: member }) => member);
}

test("every member of the platform's types is there", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "cloesce-types-"));
  writeFileSync(path.join(folder, "index.html"), "");
  const { env, caches, close } = await createLocal({
    memory: true,
    kv: ["KV"],
    r2: ["FILES"],
    d1: ["DB"],
    cache: true,
    sites: { SITE: { root: folder } },
  });
  t.after(() => {
    close();
    rmSync(folder, { recursive: true, force: true });
  });
  const put = await env.FILES.put("key", "value");
  const found = {
    KVNamespace: [env.KV, env.SITE],
    R2Bucket: [env.FILES],
    R2Object: [put, await env.FILES.head("key"), (await env.FILES.list()).objects[0]],
    R2ObjectBody: [await env.FILES.get("key")],
    R2Checksums: [put.checksums],
    R2MultipartUpload: [await env.FILES.createMultipartUpload("other")],
    D1Database: [env.DB],
    D1DatabaseSession: [env.DB.withSession()],
    D1PreparedStatement: [env.DB.prepare("select 1")],
    D1Result: [await env.DB.prepare("select 1").all()],
    D1Meta: [(await env.DB.prepare("select 1").all()).meta],
    D1ExecResult: [await env.DB.exec("select 1")],
    CacheStorage: [caches],
    Cache: [caches.default, await caches.open("named")],
  };
  for (const [type, values] of Object.entries(found)) {
    const members = membersOf(type);
    for (const value of values)
      assert.deepEqual(
        members.filter((member) => !(member in value)),
        [],
        `${value.constructor.name} lacks members of ${type}`,
      );
  }
});
