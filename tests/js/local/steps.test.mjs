// Each single step of what local storage does fails once: the answer is an error that names the file, or what was asked for,
// and what is stored is either what was there or what was written, whole, with no file too many.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { createLocal, LocalStorageError } from "../../../dist/local/index.js";
import { withFault } from "./fault-layer.mjs";
import { filesOf } from "./store-files.mjs";

const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"], cache: true };
const fresh = (text) => new Response(text, { headers: { "cache-control": "max-age=1000" } });
const url = "http://example.com/a";

const openOf = (kind, root, more = {}) => createLocal({ root, [kind]: stores[kind], ...more });

const fill = {
  kv: ({ env }) => env.KV.put("key", "old"),
  async r2({ env }) {
    await env.FILES.put("key", "old");
    const upload = await env.FILES.createMultipartUpload("parts");
    await upload.complete([await upload.uploadPart(1, "old")]);
  },
  async d1({ env }) {
    await env.DB.exec("create table t(a)");
    await env.DB.exec("insert into t values ('old')");
  },
  cache: ({ caches }) => caches.default.put(url, fresh("old")),
};

let work;
/** A root for each kind of store, with something old in it. */
before(async () => {
  work = mkdtempSync(path.join(tmpdir(), "cloesce-steps-"));
  for (const kind of Object.keys(stores)) {
    const local = await openOf(kind, path.join(work, kind));
    await fill[kind](local);
    local.close();
  }
});
after(() => rmSync(work, { recursive: true, force: true }));

const textOf = async (object) => (await object)?.text();
/** What can be read of a store. */
const look = {
  kv: async ({ env }) => ({
    key: await env.KV.get("key"),
    listed: (await env.KV.list()).keys.map(({ name }) => name),
  }),
  r2: async ({ env }) => ({
    key: await textOf(env.FILES.get("key")),
    parts: await textOf(env.FILES.get("parts")),
    listed: (await env.FILES.list()).objects.map(({ key }) => key),
  }),
  d1: async ({ env }) => ({ rows: await env.DB.prepare("select a from t").raw() }),
  cache: async ({ caches }) => ({ text: await textOf(caches.default.match(url)) }),
};

/** A root of its own. */
function copyOf(kind) {
  const root = mkdtempSync(path.join(work, "copy-"));
  cpSync(path.join(work, kind), root, { recursive: true });
  return root;
}

/** Fails unless the files of values are those that rows name. */
function noOrphans(root) {
  const { there, named, trash } = filesOf(root);
  assert.deepEqual(there, named);
  assert.equal(trash, 0);
}

function isTold(error, root, step) {
  assert.ok(error instanceof LocalStorageError, `${step}: ${error.stack}`);
  assert.match(error.message, /the disk failed to read or write\. Check the disk/, step);
  assert.ok(error.path.startsWith(root), `${step}: ${error.path}`);
}

/** Operations by name: of which store, what they do, and what is different once they are done. */
const operations = {
  "KV put": ["kv", ({ env }) => env.KV.put("key", "new"), { key: "new" }],
  "KV put of another key": [
    "kv",
    ({ env }) => env.KV.put("other", "new"),
    { listed: ["key", "other"] },
  ],
  "KV delete": ["kv", ({ env }) => env.KV.delete("key"), { key: null, listed: [] }],
  "R2 put": ["r2", ({ env }) => env.FILES.put("key", "new"), { key: "new" }],
  "R2 put over parts": ["r2", ({ env }) => env.FILES.put("parts", "new"), { parts: "new" }],
  "R2 delete": [
    "r2",
    ({ env }) => env.FILES.delete(["key", "parts"]),
    { key: undefined, parts: undefined, listed: [] },
  ],
  "R2 upload": [
    "r2",
    async ({ env }) => {
      const upload = await env.FILES.createMultipartUpload("key");
      const part = await upload.uploadPart(1, "new");
      await upload.complete([part]);
    },
    { key: "new" },
  ],
  "D1 write": [
    "d1",
    ({ env }) => env.DB.prepare("update t set a = 'new'").run(),
    { rows: [["new"]] },
  ],
  "D1 batch": [
    "d1",
    ({ env }) =>
      env.DB.batch([
        env.DB.prepare("select * from t"),
        env.DB.prepare("update t set a = ?").bind("new"),
      ]),
    { rows: [["new"]] },
  ],
  "Cache put": ["cache", ({ caches }) => caches.default.put(url, fresh("new")), { text: "new" }],
  "Cache delete": ["cache", ({ caches }) => caches.default.delete(url), { text: undefined }],
};

for (const durability of ["process", "power"]) {
  describe(`each step of a write fails, durability ${durability}`, () => {
    for (const [name, [kind, run, changes]] of Object.entries(operations)) {
      test(name, async () => {
        for (let nth = 1, failed = ""; failed !== null; nth += 1) {
          const root = copyOf(kind);
          const local = await openOf(kind, root, { durability });
          const unharmed = await look[kind](local);
          const done = await withFault(nth, () => run(local));
          ({ failed } = done);
          const step = `step ${nth}, ${failed}`;
          if (done.error !== undefined) isTold(done.error, root, step);
          const expected = done.error === undefined ? { ...unharmed, ...changes } : unharmed;
          assert.deepEqual(await look[kind](local), expected, step);
          local.close();
          const again = await openOf(kind, root);
          assert.deepEqual(await look[kind](again), expected, `${step}, opened again`);
          again.close();
          noOrphans(root);
          rmSync(root, { recursive: true });
        }
      });
    }
  });
}

for (const kind of Object.keys(stores)) {
  test(`each step of a read fails, ${kind}`, async () => {
    const root = copyOf(kind);
    const local = await openOf(kind, root);
    const unharmed = await look[kind](local);
    for (let nth = 1, failed = ""; failed !== null; nth += 1) {
      const done = await withFault(nth, () => look[kind](local));
      ({ failed } = done);
      if (done.error === undefined) assert.deepEqual(done.value, unharmed);
      else isTold(done.error, root, `step ${nth}, ${failed}`);
      assert.deepEqual(await look[kind](local), unharmed);
    }
    local.close();
    noOrphans(root);
  });

  test(`each step of opening fails, ${kind}`, async () => {
    const root = copyOf(kind);
    const first = await openOf(kind, root);
    const unharmed = await look[kind](first);
    first.close();
    for (let nth = 1, failed = ""; failed !== null; nth += 1) {
      const done = await withFault(nth, () => openOf(kind, root, { durability: "power" }));
      ({ failed } = done);
      if (done.error === undefined) done.value.close();
      else isTold(done.error, root, `step ${nth}, ${failed}`);
      // Nobody has kept the lock, and nothing is gone.
      const local = await openOf(kind, root, { exclusive: true });
      assert.deepEqual(await look[kind](local), unharmed);
      local.close();
      noOrphans(root);
    }
  });
}
