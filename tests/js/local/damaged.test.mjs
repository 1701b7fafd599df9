// Files that are damaged, missing, or not this process's to use: each is named with what to do, and nothing of them is deleted.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { createLocal, LocalStorageError } from "../../../dist/local/index.js";

const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"], cache: true };
const url = "http://example.com/a";
const large = new Uint8Array(200_000).fill(5);
const kvDatabase = "kv/+k+v/store.sqlite";
const d1Database = "d1/+d+b/database.sqlite";

/** A root with something in every store, closed again. */
async function filledRoot(t) {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-damaged-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const { env, caches, close } = await createLocal({ root, ...stores });
  for (let index = 0; index < 300; index += 1)
    await env.KV.put(`key ${index}`, "v", { metadata: "m".repeat(200) });
  await env.FILES.put("large", large);
  const upload = await env.FILES.createMultipartUpload("parts");
  const first = await upload.uploadPart(1, new Uint8Array(5 * 1024 * 1024));
  await upload.complete([first, await upload.uploadPart(2, large)]);
  await env.DB.exec("create table t(id integer primary key, a text)");
  await env.DB.exec(
    "insert into t(a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) select 'row ' || i from n",
  );
  const headers = { "cache-control": "max-age=1000" };
  await caches.default.put(url, new Response("cached", { headers }));
  close();
  return root;
}

/** Sizes of what lies in a root, without what each opening writes. */
function filesIn(root) {
  const found = {};
  for (const name of readdirSync(root, { recursive: true }).sort()) {
    const file = path.join(root, name);
    if (statSync(file).isFile() && !/owner\.|-wal$|-shm$|-journal$/.test(name))
      found[name] = statSync(file).size;
  }
  return found;
}

/** That `work` fails with an error that names `file`, says `what` and what to do; and that every file is still there. */
async function isTold(root, file, what, work) {
  const before = filesIn(root);
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof LocalStorageError, error.stack);
    assert.ok(error.message.startsWith(error.path), error.message);
    assert.ok(error.path.startsWith(path.join(root, file)), error.path);
    assert.match(error.message, what);
    // A sentence about what is wrong, and another about what to do.
    assert.match(error.message, /\. (Restore|Move|Check|Change|Remove|Use) /);
    return true;
  });
  assert.deepEqual(filesIn(root), before);
}

/** Opens the stores for the rest of the test. */
async function open(t, root) {
  const local = await createLocal({ root, ...stores });
  t.after(() => local.close());
  return local;
}

function blobOf(root, folder, begins) {
  const blobs = path.join(folder, "blobs");
  const name = readdirSync(path.join(root, blobs)).find((one) => one.startsWith(begins));
  return path.join(blobs, name);
}

function cutTo(file, size) {
  chmodSync(file, 0o644);
  truncateSync(file, size);
}

/** Writes junk over the pages of a database, but the first. */
function spoilPages(file) {
  const handle = openSync(file, "r+");
  const junk = Buffer.alloc(4096, 0x5a);
  for (let at = 4096; at < statSync(file).size; at += 4096) writeSync(handle, junk, 0, 4096, at);
  closeSync(handle);
}

describe("values that are cut", () => {
  test("of an object", async (t) => {
    const root = await filledRoot(t);
    const blob = blobOf(root, "r2/+f+i+l+e+s", "large~");
    cutTo(path.join(root, blob), 1000);
    const { env } = await open(t, root);
    await isTold(root, blob, /it has 1000 bytes where 200000 were stored/, () =>
      env.FILES.get("large"),
    );
    assert.equal((await env.FILES.head("large")).size, 200_000);
  });

  test("of a part, which is found when it is its turn", async (t) => {
    const root = await filledRoot(t);
    const parts = readdirSync(path.join(root, "r2/+f+i+l+e+s/blobs"))
      .filter((name) => name.startsWith("parts~"))
      .map((name) => path.join("r2/+f+i+l+e+s/blobs", name));
    const last = parts.find((name) => statSync(path.join(root, name)).size === large.length);
    cutTo(path.join(root, last), 10);
    const { env } = await open(t, root);
    const object = await env.FILES.get("parts");
    await isTold(root, last, /it has 10 bytes where 200000 were stored/, () =>
      object.arrayBuffer(),
    );
  });

  test("of a cached response", async (t) => {
    const root = await filledRoot(t);
    const [name] = readdirSync(path.join(root, "cache/+default/blobs"));
    const blob = path.join("cache/+default/blobs", name);
    cutTo(path.join(root, blob), 1);
    const { caches } = await open(t, root);
    await isTold(root, blob, /it has 1 bytes where 6 were stored/, () => caches.default.match(url));
  });
});

describe("databases", () => {
  for (const [what, spoil, told] of [
    [
      "is missing",
      (file) => rmSync(file),
      /it is missing or empty, and values that it named are in/,
    ],
    ["is empty", (file) => truncateSync(file, 0), /it is missing or empty, and values/],
    ["is cut in the middle", (file) => truncateSync(file, 8192), /the database is damaged/],
    ["has other pages", spoilPages, /the database is damaged/],
    [
      "is that of a bucket",
      (file) => copyFileSync(path.join(file, "../../../r2/+f+i+l+e+s/store.sqlite"), file),
      /it is the database of a store of another kind/,
    ],
    [
      "is a text",
      (file) => writeFileSync(file, "no database\n".repeat(1000)),
      /it is not a SQLite database/,
    ],
  ]) {
    test(`a store's that ${what}`, async (t) => {
      const root = await filledRoot(t);
      spoil(path.join(root, kvDatabase));
      await isTold(root, kvDatabase, told, () => createLocal({ root, ...stores }));
      // The other stores are as they were.
      const { env, close } = await createLocal({ root, r2: ["FILES"] });
      assert.equal((await env.FILES.head("large")).size, 200_000);
      close();
    });
  }

  test("D1's that is no database, and one with other pages", async (t) => {
    const root = await filledRoot(t);
    const file = path.join(root, d1Database);
    const whole = readFileSync(file);
    writeFileSync(file, "no database\n".repeat(1000));
    await isTold(root, d1Database, /it is not a SQLite database/, () =>
      createLocal({ root, ...stores }),
    );
    writeFileSync(file, whole);
    spoilPages(file);
    const { env } = await open(t, root);
    await isTold(root, d1Database, /the database is damaged/, () =>
      env.DB.prepare("select count(*) from t where a > 'row 1'").all(),
    );
  });

  test("the lock of a root", async (t) => {
    const root = await filledRoot(t);
    writeFileSync(path.join(root, "owner.sqlite"), "no database\n".repeat(1000));
    await isTold(root, "owner.sqlite", /it is not a lock that can be taken/, () =>
      createLocal({ root, ...stores }),
    );
  });
});

describe("files of somebody else", () => {
  /** What a process of a user without rights is told when it writes into `root`: its error's name, path and message. */
  function asNobody(t, root) {
    // Some CI runs as root, which may do everything.
    const mayChange = process.getuid?.() === 0;
    const program = `
      const { createLocal } = await import(${JSON.stringify(new URL("../../../dist/local/index.js", import.meta.url).href)});
      await createLocal({ root: ${JSON.stringify(root)}, kv: ["KV"] }).then(
        // What can be read is: a write is told.
        (local) => local.env.KV.put("key", "new").finally(() => local.close()),
      ).then(
        () => console.log(JSON.stringify(["it was written"])),
        (error) => console.log(JSON.stringify([error.name, error.path, error.message])),
      );`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { encoding: "utf8", cwd: "/", ...(mayChange ? { uid: 65_534, gid: 65_534 } : {}) },
    );
    if (stdout === "") {
      t.skip(`no process of another user can be started here: ${stderr.slice(0, 200)}`);
      return null;
    }
    return JSON.parse(stdout);
  }

  for (const [what, close, named] of [
    ["a root that may not be entered", (root) => chmodSync(root, 0o600), ""],
    ["a root that may not be written to", (root) => chmodSync(root, 0o555), ""],
    [
      "a database that may not be written to",
      (root) => {
        for (const name of ["", "kv", "kv/+k+v", "kv/+k+v/blobs"])
          chmodSync(path.join(root, name), 0o777);
        for (const name of ["owner.sqlite", "owner.txt"]) rmSync(path.join(root, name));
        chmodSync(path.join(root, kvDatabase), 0o444);
      },
      kvDatabase,
    ],
    [
      "values that may not be listed",
      (root) => {
        for (const name of ["", "kv", "kv/+k+v"]) chmodSync(path.join(root, name), 0o777);
        for (const name of ["owner.sqlite", "owner.txt"]) rmSync(path.join(root, name));
        chmodSync(path.join(root, kvDatabase), 0o666);
        chmodSync(path.join(root, "kv/+k+v/blobs"), 0o000);
      },
      "kv/+k+v/blobs",
    ],
  ]) {
    test(what, async (t) => {
      const root = await filledRoot(t);
      const before = filesIn(root);
      close(root);
      const told = asNobody(t, root);
      // Another user's folder has to be opened again before it can be looked at or removed.
      chmodSync(root, 0o755);
      chmodSync(path.join(root, "kv/+k+v/blobs"), 0o755);
      if (told === null) return;
      const [name, file, message] = told;
      assert.equal(name, "LocalStorageError", `${name} ${file} ${message}`);
      assert.ok(file.startsWith(path.join(root, named)), file);
      assert.match(message, /(Check that|Change its owner or mode|Remove this one file)/);
      assert.deepEqual(filesIn(root), before);
    });
  }
});
