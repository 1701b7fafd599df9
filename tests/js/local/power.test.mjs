// durability "power": a device that keeps nothing but what was synced has everything that was acknowledged. The power goes
// off behind each commit, at each length that the write-ahead log then may have, and when the operation is done. Files that
// were not synced are cut, names that were not synced are gone, and what was removed may be there again.
import assert from "node:assert/strict";
import fs, {
  appendFileSync,
  cpSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { createLocal } from "../../../dist/local/index.js";
import { filesOf } from "./store-files.mjs";

const stores = { kv: ["KV"], r2: ["FILES"] };
const large = "x".repeat(100_000);

async function state({ env: { KV, FILES } }) {
  const found = {};
  for (const { name } of (await KV.list()).keys) found[`kv ${name}`] = await KV.get(name);
  for (const { key } of (await FILES.list()).objects)
    found[`r2 ${key}`] = await (await FILES.get(key)).text();
  return found;
}

const operations = [
  ({ KV }) => KV.put("a", "1"),
  ({ KV }) => KV.put("b", large),
  ({ KV }) => KV.put("a", "2", { metadata: { n: 2 } }),
  ({ FILES }) => FILES.put("o", "1", { customMetadata: { a: "b".repeat(1500) } }),
  async ({ FILES }) => {
    const upload = await FILES.createMultipartUpload("o");
    await upload.uploadPart(2, "is never named");
    await upload.complete([await upload.uploadPart(1, large)]);
  },
  ({ KV }) => KV.delete("b"),
  ({ FILES }) => FILES.put("o", "2"),
  ({ FILES }) => FILES.delete("o"),
];

/** What the device would have: files and names that were synced, and what was there before an unlink. */
class Device {
  unsynced = new Map();
  removed = new Map();
  #undo = [];

  constructor(root) {
    const paths = new Map();
    const replace = (name, make) => {
      const real = fs[name];
      fs[name] = make(real);
      this.#undo.push(() => (fs[name] = real));
    };
    replace("openSync", (real) => (file, flags, ...rest) => {
      const handle = real(file, flags, ...rest);
      paths.set(handle, file);
      if (flags === "wx") this.unsynced.set(file, { content: true, name: true });
      return handle;
    });
    replace("fsyncSync", (real) => (handle) => {
      real(handle);
      const synced = paths.get(handle);
      for (const [file, missing] of this.unsynced) {
        if (file === synced) missing.content = false;
        if (path.dirname(file) === synced) missing.name = false;
        if (!missing.content && !missing.name) this.unsynced.delete(file);
      }
    });
    replace("unlinkSync", (real) => (file) => {
      if (file.startsWith(root)) this.removed.set(file, fs.readFileSync(file));
      real(file);
    });
    syncBuiltinESMExports();
  }

  /** Has the folder `copy` look as the device at `root` would after a power cut. */
  cut(root, copy) {
    for (const [file, { content, name }] of this.unsynced) {
      const there = file.replace(root, copy);
      if (!fs.existsSync(there)) continue;
      if (name) rmSync(there, { force: true });
      else if (content) truncateSync(there, statSync(there).size >> 1);
    }
    for (const [file, bytes] of this.removed) writeFileSync(file.replace(root, copy), bytes);
  }

  restore() {
    for (const back of this.#undo) back();
    syncBuiltinESMExports();
  }
}

const logs = ["kv/+k+v", "r2/+f+i+l+e+s"].map((folder) => `${folder}/store.sqlite-wal`);
const sizesOf = (root) => logs.map((log) => statSync(path.join(root, log)).size);
/** A page and what stands before it, of which a log is made. */
const frame = 4096 + 24;

test("a power cut loses nothing that was acknowledged", async (t) => {
  const work = mkdtempSync(path.join(tmpdir(), "cloesce-power-"));
  const root = path.join(work, "root");
  const device = new Device(root);
  const realExec = DatabaseSync.prototype.exec;
  t.after(() => {
    DatabaseSync.prototype.exec = realExec;
    device.restore();
    rmSync(work, { recursive: true, force: true });
  });
  const local = await createLocal({ root, ...stores, durability: "power" });
  t.after(() => local.close());

  let synced = sizesOf(root);
  let copies = 0;
  /** The folder as it is, without what SQLite makes anew, and how long the logs are for sure and at most. */
  const copyNow = () => {
    copies += 1;
    const copy = path.join(work, `copy-${copies}`);
    cpSync(root, copy, { recursive: true, filter: (file) => !file.endsWith("-shm") });
    device.cut(root, copy);
    return { copy, least: synced, most: sizesOf(root) };
  };
  let commits = null;
  DatabaseSync.prototype.exec = function (sql) {
    realExec.call(this, sql);
    if (sql !== "commit" || commits === null) return;
    assert.equal(this.prepare("pragma synchronous").get().synchronous, 2, "it waits for the disk");
    commits.push(copyNow());
    synced = sizesOf(root);
  };

  let cuts = 0;
  for (const [index, operation] of operations.entries()) {
    const known = [await state(local)];
    commits = [];
    await operation(local.env);
    const [during, done] = [commits, copyNow()];
    commits = null;
    known.push(await state(local));
    assert.ok(during.length > 0);
    for (const { copy, least, most } of during) {
      for (const [which, log] of logs.entries()) {
        for (let size = most[which]; size >= least[which]; size -= frame / 2) {
          const half = path.join(work, "half");
          cpSync(copy, half, { recursive: true });
          truncateSync(path.join(half, log), size);
          // What follows may be anything.
          if (cuts % 2 === 0) appendFileSync(path.join(half, log), Buffer.alloc(frame, 0xa5));
          const found = await openAndLook(half);
          const where = `operation ${index}, a log of ${size} bytes`;
          if (!isDeepStrictEqual(found, known[0])) assert.deepEqual(found, known[1], where);
          cuts += 1;
        }
      }
      rmSync(copy, { recursive: true });
    }
    assert.deepEqual(await openAndLook(done.copy), known[1], `operation ${index} is done`);
    cuts += 1;
  }
  t.diagnostic(`${cuts} power cuts`);
});

/** Opens a folder, answers what is in it, and removes it. Every file is then one that a row names. */
async function openAndLook(root) {
  const local = await createLocal({ root, ...stores });
  try {
    return await state(local);
  } finally {
    local.close();
    const { there, named } = filesOf(root);
    assert.deepEqual(there, named);
    rmSync(root, { recursive: true });
  }
}
