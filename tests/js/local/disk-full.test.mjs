// A disk that fills up: what was stored stays, what does not fit is refused by name, and making room is enough.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createLocal, LocalStorageError } from "../../../dist/local/index.js";
import { filesOf } from "./store-files.mjs";

/** A disk of so many bytes, until the test ends; null where this process may not mount one. */
function smallDisk(t, bytes) {
  const folder = mkdtempSync(path.join(tmpdir(), "cloesce-full-"));
  const options = ["-t", "tmpfs", "-o", `size=${bytes}`, "none", folder];
  const isMounted = process.platform === "linux" && spawnSync("mount", options).status === 0;
  t.after(() => {
    if (isMounted) spawnSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return isMounted ? folder : null;
}

/** Calls `put` with 0, 1, … until it fails; answers how often it did not, and checks how it failed. */
async function fill(root, put) {
  for (let count = 0; count < 100_000; count += 1) {
    try {
      await put(count);
    } catch (error) {
      assert.ok(error instanceof LocalStorageError, error.stack);
      assert.match(error.message, /the disk is full\. Nothing of this write was stored; make room/);
      assert.ok(error.path.startsWith(root), error.path);
      return count;
    }
  }
  return assert.fail("the disk is never full");
}

for (const durability of ["process", "power"]) {
  test(`a full disk, durability ${durability}`, async (t) => {
    const root = smallDisk(t, 3_000_000);
    if (root === null) return t.skip("a small disk cannot be mounted here");
    const other = path.join(root, "other-file");
    writeFileSync(other, new Uint8Array(400_000));
    const local = await createLocal({
      root,
      kv: ["KV"],
      r2: ["FILES"],
      d1: ["DB"],
      cache: true,
      durability,
    });
    t.after(() => local.close());
    const { KV, FILES, DB } = local.env;
    await DB.exec("create table t(id integer primary key, a text)");

    const value = (count) => new Uint8Array(60_000).fill(count);
    const values = await fill(root, (count) => KV.put(`large ${count}`, value(count)));
    const small = await fill(root, (count) =>
      KV.put(`small ${count}`, "v", { metadata: { count } }),
    );
    await fill(root, () => FILES.put("object", value(1)));
    await fill(root, (count) =>
      DB.prepare("insert into t values (?, ?)").bind(count, "x".repeat(1000)).run(),
    );
    assert.ok(values > 10, `${values} values`);

    const expected = async () => {
      for (let count = 0; count < values; count += 1)
        assert.deepEqual(
          new Uint8Array(await KV.get(`large ${count}`, "arrayBuffer")),
          value(count),
          `large ${count}`,
        );
      assert.equal(await FILES.get("object"), null);
      let found = 0;
      let cursor;
      do {
        const page = await KV.list({ prefix: "small ", cursor });
        found += page.keys.length;
        ({ cursor } = page);
      } while (cursor !== undefined);
      assert.equal(found, small);
    };
    await expected();
    const { there, named } = filesOf(root);
    assert.deepEqual(there, named, "what did not fit left no file");

    // Somebody makes room.
    rmSync(other);
    for (let count = 0; count < 3; count += 1) await KV.delete(`large ${values - 1 - count}`);
    await FILES.put("object", value(1));
    await FILES.delete("object");
    await DB.prepare("insert into t values (?, ?)").bind(-1, "x".repeat(1000)).run();
    for (let count = 1; count <= 3; count += 1)
      await KV.put(`large ${values - count}`, value(values - count));
    await expected();
    local.close();

    const again = await createLocal({ root, kv: ["KV"], r2: ["FILES"], d1: ["DB"] });
    assert.equal((await again.env.KV.get("large 0", "arrayBuffer")).byteLength, 60_000);
    again.close();
  });
}
