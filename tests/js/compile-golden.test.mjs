// Sources to files, end to end: the project of tests/fixtures/compile through the real extractor and the real compiler
// module, compared with the reviewed files in tests/golden/compile. `UPDATE_GOLDEN=1` writes them anew.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

async function compile(name, wrangler) {
  const { extract } = await import(join(root, "dist/cli/extract/extract.js"));
  const { loadCompiler } = await import(join(root, "dist/cli/compiler.js"));
  const path = `${name}.cloesce.ts`;
  const text = readFileSync(join(root, "tests/fixtures/compile", path), "utf8");
  const pre = extract({
    project: { name, workersUrl: "http://localhost:8787/api", clientUrl: null },
    outDir: ".generated",
    sources: [{ path, text, utf8: true }],
  });
  const compiler = await loadCompiler();
  return compiler.compile({ pre, sources: [text], color: false, wrangler });
}

test("compile golden: KV, R2 and keys models and stored fields", async () => {
  const output = await compile("storage", null);
  const findings = output.diagnostics.map((one) => one.rendered).join("\n");
  assert.equal(output.ok, true, findings);
  // Bytes in JSON are worth a warning, and nothing else is.
  assert.deepEqual(
    output.diagnostics.map((one) => one.code),
    ["CLO2607"],
    findings,
  );
  const folder = join(root, "tests/golden/compile/storage");
  const files = [
    ...output.files,
    { path: "wrangler.json", text: `${JSON.stringify(output.wrangler, null, 2)}\n` },
  ];
  if (process.env.UPDATE_GOLDEN) mkdirSync(folder, { recursive: true });
  for (const { path, text } of files) {
    if (process.env.UPDATE_GOLDEN) writeFileSync(join(folder, path), text);
    assert.equal(text, readFileSync(join(folder, path), "utf8"), path);
  }
});

test("compile golden: buckets are called as in the wrangler file that is there", async () => {
  const output = await compile("storage", {
    r2_buckets: [{ binding: "covers", bucket_name: "album-covers" }, { binding: "other" }, 7],
  });
  const cidl = JSON.parse(output.files.find((file) => file.path === "cidl.json").text);
  const buckets = cidl.environment.bindings.filter((binding) => binding.kind === "R2");
  assert.deepEqual(
    buckets.map((binding) => binding.bucket),
    ["album-covers", "storage-master-files"],
  );
  assert.deepEqual(
    output.wrangler.r2_buckets.map((bucket) => bucket.bucket_name),
    ["album-covers", "storage-master-files"],
  );
});
