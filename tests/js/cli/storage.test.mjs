// What a compile makes of KV and R2 around the sources: bindings, bucket names, variables, secrets. Wrangler judges the whole.
import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { cloesce, dryRun, makeProject, packageRoot, read } from "./support.mjs";

async function storageProject(t, files) {
  const source = await readFile(join(packageRoot, "tests/fixtures/compile/storage.cloesce.ts"));
  const root = await makeProject(t, {
    "package.json": '{ "name": "record-shop", "type": "module" }',
    "tsconfig.json":
      '{ "compilerOptions": { "experimentalDecorators": true, "target": "es2022" } }',
    "src/storage.cloesce.ts": source,
    ...files,
  });
  await mkdir(join(root, "node_modules"));
  await symlink(packageRoot, join(root, "node_modules/cloesce"));
  return root;
}

const bindings = ["db", "SETTINGS", "FILMS", "covers", "Master Files", "greeting", "endpoint"];

for (const format of ["toml", "jsonc"]) {
  test(
    `storage: the ${format} file of a project over D1, KV and R2 is one that wrangler takes`,
    { timeout: 120_000 },
    async (t) => {
      const root = await storageProject(t, {
        "cloesce.config.json": `{ "wranglerFormat": "${format}" }`,
      });
      const { code, stderr } = await cloesce(root, ["compile"]);
      assert.equal(code, 0, stderr);
      const file = await read(root, `wrangler.${format}`);
      assert.match(file, /bucket_name"? ?[=:] "record-shop-master-files"/);
      // What is public is in the file, what is secret is not.
      assert.match(file, /endpoint/);
      assert.doesNotMatch(file, /accessKeyId|secretAccessKey/);
      assert.match(await read(root, ".dev.vars"), /^accessKeyId=""\nsecretAccessKey=""\n$/m);
      assert.equal(await read(root, ".gitignore"), ".dev.vars\n.generated\n");

      const { status, output } = dryRun(root);
      assert.equal(status, 0, output);
      assert.doesNotMatch(output, /WARNING|ERROR|Unexpected/, output);
      for (const name of bindings) assert.ok(output.includes(`env.${name} `), `${name}: ${output}`);
    },
  );
}

test("storage: buckets, secrets and ignored files that are there stay as they are", async (t) => {
  const wrangler =
    '# mine\n[[r2_buckets]]\nbinding = "covers" # kept\nbucket_name = "old-covers"\n';
  const root = await storageProject(t, {
    "wrangler.toml": wrangler,
    ".dev.vars": "accessKeyId=mine\n",
    ".gitignore": "node_modules\n.dev.vars\n",
  });
  for (let run = 0; run < 2; ++run) {
    const { code, stderr } = await cloesce(root, ["compile"]);
    assert.equal(code, 0, stderr);
    const file = await read(root, "wrangler.toml");
    assert.ok(file.includes('binding = "covers" # kept\nbucket_name = "old-covers"\n'), file);
    assert.equal(file.match(/binding = "covers"/g).length, 1);
    assert.equal(await read(root, ".dev.vars"), 'accessKeyId=mine\nsecretAccessKey=""\n');
    assert.equal(await read(root, ".gitignore"), "node_modules\n.dev.vars\n.generated\n");
    // Signed URLs hold the bucket's own name.
    const cidl = JSON.parse(await read(root, ".generated/cidl.json"));
    const buckets = cidl.environment.bindings.filter(({ kind }) => kind === "R2");
    assert.deepEqual(
      buckets.map(({ bucket }) => bucket),
      ["old-covers", "record-shop-master-files"],
    );
  }
  await writeFile(
    join(root, "wrangler.toml"),
    (await read(root, "wrangler.toml")).replace("old-covers", "new-covers"),
  );
  assert.equal((await cloesce(root, ["compile"])).code, 0);
  const cidl = JSON.parse(await read(root, ".generated/cidl.json"));
  assert.equal(
    cidl.environment.bindings.find(({ name }) => name === "covers").bucket,
    "new-covers",
  );
});
