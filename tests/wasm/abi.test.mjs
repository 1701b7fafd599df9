// The modules' imports and exports are exactly those that the shim relies on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const allowedImports = ["env.emscripten_notify_memory_growth", "wasi_snapshot_preview1.proc_exit"];

/** What Emscripten exports of itself. */
const toolchainExports = [
  "__errno_location",
  "__indirect_function_table",
  "_initialize",
  "memory",
  "stackAlloc",
  "stackRestore",
  "stackSave",
];

const shared = ["cloesce_abi_version", "cloesce_alloc", "cloesce_free"];

const runtime = [
  ...shared,
  "cloesce_app_close",
  "cloesce_app_hooks",
  "cloesce_app_open",
  "cloesce_base64_decode",
  "cloesce_base64_encode",
  "cloesce_exchange_begin",
  "cloesce_exchange_buffer",
  "cloesce_exchange_end",
  "cloesce_exchange_resume",
  "cloesce_operation_begin",
  "cloesce_statement_text",
];

const modules = {
  "cloesce-runtime.wasm": runtime,
  "cloesce-runtime-stored.wasm": runtime,
  "cloesce-compiler.wasm": [...shared, "cloesce_compile", "cloesce_image", "cloesce_migrate"],
};

for (const [name, expected] of Object.entries(modules)) {
  test(`abi: ${name} imports and exports`, () => {
    const module = new WebAssembly.Module(
      readFileSync(new URL(`../../dist/${name}`, import.meta.url)),
    );
    for (const { module: from, name: imported } of WebAssembly.Module.imports(module)) {
      assert.ok(
        allowedImports.includes(`${from}.${imported}`),
        `unexpected import ${from}.${imported}`,
      );
    }
    const exported = WebAssembly.Module.exports(module)
      .map((entry) => entry.name)
      .filter((each) => !toolchainExports.includes(each));
    assert.deepEqual(exported.sort(), [...expected].sort());
  });
}
