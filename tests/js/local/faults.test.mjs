// What is wrong with the machine is told by the file's name, and costs nothing that was stored.
import assert from "node:assert/strict";
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { createLocal, LocalStorageError } from "../../../dist/local/index.js";

function folder(t) {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-faults-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const stores = { kv: ["KV"], r2: ["FILES"] };
const blobsOf = (root) => path.join(root, "kv", "+k+v", "blobs");

/** Has a function of node:fs fail once with `code` on its call number `nth`, while `work` runs. */
async function failing(name, nth, code, work) {
  const real = fs[name];
  let calls = 0;
  fs[name] = (...given) => {
    calls += 1;
    if (calls === nth) throw Object.assign(new Error(`${code}: injected`), { code });
    return real(...given);
  };
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    fs[name] = real;
    syncBuiltinESMExports();
  }
}

describe("faults while writing", () => {
  for (const [what, name, nth, code, told] of [
    ["the file cannot be made", "openSync", 1, "EIO", /the disk failed to read or write/],
    ["the disk is full at the first bytes", "writeSync", 1, "ENOSPC", /the disk is full/],
    ["the disk is full in the middle", "writeSync", 2, "ENOSPC", /the disk is full/],
    ["the disk fails at the last bytes", "writeSync", 3, "EIO", /the disk failed/],
    ["the file cannot be closed", "closeSync", 1, "EIO", /the disk failed/],
  ]) {
    test(`${what}: the old value stays, and no file`, async (t) => {
      const root = folder(t);
      const local = await createLocal({ root, ...stores });
      t.after(() => local.close());
      const { KV } = local.env;
      await KV.put("key", "old");
      const chunks = [1, 2, 3].map((byte) => new Uint8Array(10).fill(byte));
      const stream = () =>
        new ReadableStream({
          start(controller) {
            for (const chunk of chunks) controller.enqueue(chunk);
            controller.close();
          },
        });
      await failing(name, nth, code, () =>
        assert.rejects(
          () => KV.put("key", stream()),
          (error) => {
            assert.ok(error instanceof LocalStorageError);
            assert.match(error.message, told);
            assert.ok(error.path.startsWith(blobsOf(root)));
            return true;
          },
        ),
      );
      assert.equal(await KV.get("key"), "old");
      assert.equal(readdirSync(blobsOf(root)).length, 1);
      await KV.put("key", stream());
      assert.equal((await KV.get("key", "arrayBuffer")).byteLength, 30);
    });
  }

  test("the commit fails: the old value stays, and no file", async (t) => {
    const root = folder(t);
    const local = await createLocal({ root, ...stores });
    t.after(() => local.close());
    await local.env.KV.put("key", "old");
    const real = DatabaseSync.prototype.exec;
    DatabaseSync.prototype.exec = function (sql) {
      if (sql === "commit")
        throw Object.assign(new Error("disk I/O error"), {
          code: "ERR_SQLITE_ERROR",
          errcode: 778,
        });
      return real.call(this, sql);
    };
    try {
      await assert.rejects(() => local.env.KV.put("key", "new"), /store\.sqlite: the disk failed/);
    } finally {
      DatabaseSync.prototype.exec = real;
    }
    assert.equal(await local.env.KV.get("key"), "old");
    assert.equal(readdirSync(blobsOf(root)).length, 1);
  });

  test("the old file cannot be removed: it goes at the next open", async (t) => {
    const root = folder(t);
    const local = await createLocal({ root, ...stores });
    await local.env.KV.put("key", "old");
    await failing("unlinkSync", 1, "EIO", () => local.env.KV.put("key", "new"));
    assert.equal(await local.env.KV.get("key"), "new");
    assert.equal(readdirSync(blobsOf(root)).length, 2);
    local.close();
    const again = await createLocal({ root, ...stores });
    t.after(() => again.close());
    assert.equal(readdirSync(blobsOf(root)).length, 1);
    assert.equal(await again.env.KV.get("key"), "new");
  });

  test("a stream that fails leaves nothing", async (t) => {
    const root = folder(t);
    const local = await createLocal({ root, ...stores });
    t.after(() => local.close());
    const broken = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(5));
        controller.error(new Error("the sender went away"));
      },
    });
    await assert.rejects(() => local.env.KV.put("key", broken), /the sender went away/);
    assert.equal(await local.env.KV.get("key"), null);
    assert.deepEqual(readdirSync(blobsOf(root)), []);
  });
});

describe("files that are not as they were left", () => {
  test("a truncated blob is named, and stays", async (t) => {
    const root = folder(t);
    const local = await createLocal({ root, ...stores });
    t.after(() => local.close());
    await local.env.KV.put("key", "0123456789");
    await local.env.FILES.put("large", new Uint8Array(200_000));
    const blob = path.join(blobsOf(root), readdirSync(blobsOf(root))[0]);
    chmodSync(blob, 0o644);
    truncateSync(blob, 4);
    await assert.rejects(
      () => local.env.KV.get("key"),
      (error) => {
        assert.ok(error instanceof LocalStorageError);
        assert.equal(error.path, blob);
        assert.match(error.message, /it has 4 bytes where 10 were stored\. Restore it/);
        return true;
      },
    );
    assert.ok(existsSync(blob));
  });

  test("a blob that is gone is an error, never a missing key", async (t) => {
    const root = folder(t);
    const local = await createLocal({ root, ...stores });
    t.after(() => local.close());
    await local.env.KV.put("key", "value");
    rmSync(path.join(blobsOf(root), readdirSync(blobsOf(root))[0]));
    await assert.rejects(() => local.env.KV.get("key"), /the file of a value is missing/);
    await local.env.KV.delete("key");
    assert.equal(await local.env.KV.get("key"), null);
  });

  for (const [what, spoil, told] of [
    [
      "no database at all",
      (file) => writeFileSync(file, "this is a text of some length, and no database\n".repeat(50)),
      /it is not a SQLite database/,
    ],
    [
      "a database of something else",
      (file) => new DatabaseSync(file).exec("create table theirs(a)"),
      /it is a SQLite database of something else/,
    ],
    [
      "a database of a later version",
      (file) =>
        new DatabaseSync(file).exec(
          `create table entry(a); pragma application_id = ${0x436c6f65}; pragma user_version = 99`,
        ),
      /it was written by a later version of cloesce \(schema 99, this one reads 1\)/,
    ],
  ]) {
    test(`${what} is told, and not touched`, async (t) => {
      const root = folder(t);
      const file = path.join(root, "kv", "+k+v", "store.sqlite");
      mkdirSync(path.dirname(file), { recursive: true });
      spoil(file);
      const before = fs.readFileSync(file);
      await assert.rejects(
        () => createLocal({ root, ...stores }),
        (error) => {
          assert.ok(error instanceof LocalStorageError, error.stack);
          assert.equal(error.path, file);
          assert.match(error.message, told);
          return true;
        },
      );
      assert.deepEqual(fs.readFileSync(file), before);
    });
  }

  test("a root that is a file is told", async (t) => {
    const root = path.join(folder(t), "file");
    writeFileSync(root, "");
    await assert.rejects(() => createLocal({ root, ...stores }), LocalStorageError);
  });

  test("files that somebody put there stay", async (t) => {
    const root = folder(t);
    (await createLocal({ root, ...stores })).close();
    writeFileSync(path.join(blobsOf(root), "notes.txt"), "mine");
    (await createLocal({ root, ...stores })).close();
    assert.deepEqual(readdirSync(blobsOf(root)), ["notes.txt"]);
  });
});
