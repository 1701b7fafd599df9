// The modules' imports and exports are exactly those that the shim relies on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const sharedImports = ["env.emscripten_notify_memory_growth", "wasi_snapshot_preview1.proc_exit"];
const runtimeImports = ["cloesce.take_piece", ...sharedImports];

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
  "cloesce_failure",
  "cloesce_operation_begin",
  "cloesce_prefers_form",
  "cloesce_statement_text",
];

const storage = [
  ...shared,
  "cloesce_behind_group",
  "cloesce_cache_match",
  "cloesce_cache_put",
  "cloesce_folder_name",
  "cloesce_history_bucket",
  "cloesce_history_decode",
  "cloesce_history_encode",
  "cloesce_history_match",
  "cloesce_history_names",
  "cloesce_kv_get",
  "cloesce_kv_list",
  "cloesce_kv_put",
  "cloesce_kv_value",
  "cloesce_list_cursor",
  "cloesce_list_groups",
  "cloesce_make_blob_id",
  "cloesce_r2_complete",
  "cloesce_r2_condition",
  "cloesce_r2_delete",
  "cloesce_r2_keys",
  "cloesce_r2_list",
  "cloesce_r2_part_number",
  "cloesce_r2_range",
  "cloesce_r2_size",
  "cloesce_r2_upload",
  "cloesce_read_blob_id",
  "cloesce_read_etags",
  "cloesce_read_range",
];

const modules = {
  "cloesce-runtime.wasm": runtime,
  "cloesce-runtime-stored.wasm": runtime,
  "cloesce-runtime-scoped.wasm": runtime,
  "cloesce-runtime-stored-scoped.wasm": runtime,
  "cloesce-storage.wasm": storage,
  "cloesce-compiler.wasm": [...shared, "cloesce_compile", "cloesce_image", "cloesce_migrate"],
};

for (const [name, expected] of Object.entries(modules)) {
  test(`abi: ${name} imports and exports`, () => {
    const module = new WebAssembly.Module(
      readFileSync(new URL(`../../dist/${name}`, import.meta.url)),
    );
    const imported = WebAssembly.Module.imports(module).map(
      (each) => `${each.module}.${each.name}`,
    );
    assert.deepEqual(imported.sort(), expected === runtime ? runtimeImports : sharedImports);
    const exported = WebAssembly.Module.exports(module)
      .map((entry) => entry.name)
      .filter((each) => !toolchainExports.includes(each));
    assert.deepEqual(exported.sort(), [...expected].sort());
  });
}
