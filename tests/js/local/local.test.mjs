// cloesce/local beside the suite that it shares with Miniflare: time, files, roots, sites, and what a Worker ships.
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { createLocal } from "../../../dist/local/index.js";

function folder(t) {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-local-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

async function open(t, options) {
  const local = await createLocal(options);
  t.after(() => local.close());
  return local;
}

describe("time", () => {
  test("a value is gone at its deadline, in every way to look", async (t) => {
    let now = 1_000_000_000;
    const { env } = await open(t, { memory: true, kv: ["KV"], clock: () => now });
    await env.KV.put("a", "v", { expirationTtl: 60, metadata: 1 });
    await env.KV.put("b", "v");
    now += 59_999;
    assert.equal(await env.KV.get("a"), "v");
    assert.equal((await env.KV.list()).keys.length, 2);
    now += 1;
    assert.equal(await env.KV.get("a"), null);
    assert.deepEqual(await env.KV.getWithMetadata("a"), {
      value: null,
      metadata: null,
      cacheStatus: null,
    });
    assert.deepEqual(
      await env.KV.get(["a", "b"]),
      new Map([
        ["a", null],
        ["b", "v"],
      ]),
    );
    assert.deepEqual((await env.KV.list({ limit: 1 })).keys, [{ name: "b" }]);
    await env.KV.put("a", "new");
    assert.equal(await env.KV.get("a"), "new");
  });

  test("deleting an expired response answers false", async (t) => {
    let now = 1_000_000_000;
    const { caches } = await open(t, { memory: true, cache: true, clock: () => now });
    const response = () => new Response("x", { headers: { "cache-control": "max-age=10" } });
    await caches.default.put("http://x/a", response());
    now += 10_000;
    assert.equal(await caches.default.match("http://x/a"), undefined);
    assert.equal(await caches.default.delete("http://x/a"), false);
  });

  test("expired values are taken away by later writes", async (t) => {
    const root = folder(t);
    let now = 1_000_000_000;
    const { env } = await open(t, { root, kv: ["KV"], clock: () => now });
    for (let index = 0; index < 10; index += 1)
      await env.KV.put(`k${index}`, "v", { expirationTtl: 60 });
    now += 60_000;
    await env.KV.put("other", "v");
    assert.equal(readdirSync(path.join(root, "kv", "+k+v", "blobs")).length, 1);
  });
});

describe("files", () => {
  test("names say which key they hold, and nobody may write to them", async (t) => {
    const root = folder(t);
    const { env } = await open(t, { root, kv: ["KV"], r2: ["FILES"] });
    await env.KV.put("users/Ada.PNG", "v");
    const blobs = path.join(root, "kv", "+k+v", "blobs");
    const [name] = readdirSync(blobs);
    assert.match(name, /^users%2f\+ada%2e\+p\+n\+g~[0-9a-f]{32}\.png$/);
    assert.equal(statSync(path.join(blobs, name)).mode & 0o777, 0o444);
    await env.KV.put("k".repeat(512), "v");
    assert.ok(readdirSync(blobs).every((one) => one.length <= 255));
  });

  test("what is replaced leaves no file", async (t) => {
    const root = folder(t);
    const { env } = await open(t, { root, kv: ["KV"], r2: ["FILES"] });
    const count = (kind, name) => readdirSync(path.join(root, kind, name, "blobs")).length;
    for (let index = 0; index < 20; index += 1) await env.KV.put("key", `v${index}`);
    assert.equal(count("kv", "+k+v"), 1);
    const upload = await env.FILES.createMultipartUpload("big");
    await upload.uploadPart(1, "first");
    await upload.uploadPart(1, "second");
    const unnamed = await upload.uploadPart(2, "never named");
    assert.ok(unnamed.etag);
    const part = await upload.uploadPart(1, "third");
    await upload.complete([part]);
    assert.equal(count("r2", "+f+i+l+e+s"), 1);
    await env.FILES.put("big", "whole");
    assert.equal(count("r2", "+f+i+l+e+s"), 1);
    await env.FILES.put("big", "x", { onlyIf: { etagMatches: "other" } });
    await env.FILES.delete("big");
    assert.equal(count("r2", "+f+i+l+e+s"), 0);
  });

  test("parts outlive their object while they are read", async (t) => {
    const root = folder(t);
    const { env } = await open(t, { root, r2: ["FILES"] });
    const upload = await env.FILES.createMultipartUpload("big");
    const size = 5 * 1024 * 1024;
    const parts = [
      await upload.uploadPart(1, new Uint8Array(size).fill(1)),
      await upload.uploadPart(2, new Uint8Array(size).fill(2)),
    ];
    await upload.complete(parts);
    const object = await env.FILES.get("big");
    await env.FILES.delete("big");
    const bytes = new Uint8Array(await object.arrayBuffer());
    assert.equal(bytes.byteLength, 2 * size);
    assert.deepEqual([bytes[0], bytes[size]], [1, 2]);
    assert.deepEqual(readdirSync(path.join(root, "r2", "+f+i+l+e+s", "blobs")), []);
  });

  test("a large body is read at the pace of its reader, and closed when nobody goes on", async (t) => {
    const { env } = await open(t, { root: folder(t), kv: ["KV"] });
    await env.KV.put("large", new Uint8Array(20 * 1024 * 1024));
    const handles = () => readdirSync("/proc/self/fd").length;
    const before = handles();
    for (let index = 0; index < 50; index += 1) {
      const reader = (await env.KV.get("large", "stream")).getReader();
      assert.ok((await reader.read()).value.byteLength <= 64 * 1024);
      await reader.cancel();
    }
    assert.ok(handles() <= before + 2);
  });

  test("while a large body goes in and out, everything else has its turns", async (t) => {
    const { env } = await open(t, { root: folder(t), r2: ["FILES"] });
    const piece = new Uint8Array(256 * 1024);
    function* pieces() {
      for (let count = 0; count < 80; count += 1) yield piece;
    }
    let turns = 0;
    let running = true;
    const count = () => {
      turns += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await env.FILES.put("large", ReadableStream.from(pieces()));
    assert.ok(turns >= 15, `${turns} while it was written`);
    turns = 0;
    const object = await env.FILES.get("large");
    assert.equal((await object.arrayBuffer()).byteLength, 80 * piece.length);
    assert.ok(turns >= 15, `${turns} while it was read`);
    running = false;
  });

  test("what was stored is there for the next process", async (t) => {
    const root = folder(t);
    const options = { root, kv: ["KV"], r2: ["FILES"], d1: ["DB"], cache: true };
    const first = await createLocal(options);
    await first.env.KV.put("a", "kv");
    await first.env.FILES.put("a", "r2");
    await first.env.DB.exec("create table t(a)");
    await first.caches.default.put(
      "http://x/a",
      new Response("cache", { headers: { "cache-control": "max-age=100" } }),
    );
    first.close();
    const { env, caches } = await open(t, options);
    assert.equal(await env.KV.get("a"), "kv");
    assert.equal(await (await env.FILES.get("a")).text(), "r2");
    assert.deepEqual((await env.DB.prepare("select * from t").all()).results, []);
    assert.equal(await (await caches.default.match("http://x/a")).text(), "cache");
  });

  test("names that file systems take for the same are stores of their own", async (t) => {
    const { env, caches } = await open(t, {
      root: folder(t),
      kv: ["a/b", "a_b", "A_B", ".."],
      cache: true,
    });
    for (const name of ["a/b", "a_b", "A_B", ".."]) await env[name].put("key", name);
    for (const name of ["a/b", "a_b", "A_B", ".."]) assert.equal(await env[name].get("key"), name);
    const fresh = () => new Response("x", { headers: { "cache-control": "max-age=100" } });
    await (await caches.open("default")).put("http://x/a", fresh());
    assert.equal(await caches.default.match("http://x/a"), undefined);
  });
});

describe("roots", () => {
  test("none may lie in another, whatever links lead there", async (t) => {
    const root = folder(t);
    mkdirSync(path.join(root, "real"));
    symlinkSync(path.join(root, "real"), path.join(root, "link"));
    const refused = (kv) => assert.rejects(() => createLocal({ root, kv }), /kv A .*kv B/);
    await refused({ A: "same", B: "same" });
    await refused({ A: "outer", B: "outer/inner" });
    await refused({ A: "real/x", B: "link/x/y" });
    await refused({ A: "x", B: "x/..y" });
    (await createLocal({ root, kv: { A: "kv", B: "kv2" } })).close();
  });

  test("a root has one owner, and the second is told who", async (t) => {
    const root = folder(t);
    await open(t, { root, kv: ["KV"], exclusive: true });
    await assert.rejects(
      () => createLocal({ root, kv: ["KV"], exclusive: true }),
      new RegExp(`is in use by process ${process.pid}, since 20`),
    );
    const second = await open(t, { root, kv: ["KV"] });
    await second.env.KV.put("a", "v");
  });

  test("a process that does not own the root leaves fresh files alone", async (t) => {
    const root = folder(t);
    await open(t, { root, kv: ["KV"] });
    const orphan = path.join(root, "kv", "+k+v", "blobs", `a~${"0".repeat(32)}`);
    writeFileSync(orphan, "another process is about to name it");
    await open(t, { root, kv: ["KV"] });
    assert.equal(readFileSync(orphan, "utf8").length > 0, true);
  });

  test("what was asked wrongly is told", async () => {
    await assert.rejects(() => createLocal({}), /either .* or .*memory/);
    await assert.rejects(
      () => createLocal({ memory: true, kv: ["A"], r2: ["A"] }),
      /two bindings are called A/,
    );
    const { caches, close } = await createLocal({ memory: true });
    assert.throws(() => caches.default, /cache: true/);
    close();
  });
});

describe("sites", () => {
  test("a folder is a read-only namespace", async (t) => {
    const root = folder(t);
    mkdirSync(path.join(root, "css"));
    writeFileSync(path.join(root, "index.html"), "<p>");
    writeFileSync(path.join(root, "css", "a.css"), "a");
    writeFileSync(path.join(root, "css", "secret.map"), "s");
    writeFileSync(path.join(path.dirname(root), "outside.txt"), "o");
    t.after(() => rmSync(path.join(path.dirname(root), "outside.txt")));
    const { env } = await open(t, {
      memory: true,
      sites: { SITE: { root, exclude: ["**/*.map"] } },
    });
    assert.equal(await env.SITE.get("css/a.css"), "a");
    assert.equal(await env.SITE.get("css/secret.map"), null);
    for (const key of ["../outside.txt", "css/../../outside.txt", "/etc/passwd", "css", "", "a\0b"])
      assert.equal(await env.SITE.get(key), null);
    assert.deepEqual((await env.SITE.list()).keys, [{ name: "css/a.css" }, { name: "index.html" }]);
    for (const change of ["put", "delete", "deleteBulk"])
      await assert.rejects(() => env.SITE[change]("a", "b"), /405 A site's namespace is read-only/);
  });

  test("it is read and listed as every namespace is", async (t) => {
    const root = folder(t);
    const files = {
      "a.json": '{"a":1}',
      "b.txt": "b",
      "c/d.txt": "",
      "\u{e000}": "",
      "\u{10000}": "",
    };
    mkdirSync(path.join(root, "c"));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
    const { env } = await open(t, { memory: true, sites: { SITE: { root } } });
    assert.deepEqual(await env.SITE.get("a.json", "json"), { a: 1 });
    assert.equal((await env.SITE.get("b.txt", "arrayBuffer")).byteLength, 1);
    assert.equal(await new Response(await env.SITE.get("b.txt", "stream")).text(), "b");
    assert.equal(await env.SITE.get("c/d.txt"), "");
    assert.deepEqual(
      await env.SITE.get(["b.txt", "c/d.txt", "none"]),
      new Map([
        ["b.txt", "b"],
        ["c/d.txt", ""],
        ["none", null],
      ]),
    );
    await assert.rejects(() => env.SITE.get("b.txt", "xml"), /Unknown response type/);
    const names = [];
    let cursor;
    do {
      const page = await env.SITE.list({ limit: 2, cursor });
      names.push(...page.keys.map(({ name }) => name));
      ({ cursor } = page);
    } while (cursor !== undefined);
    assert.deepEqual(names, Object.keys(files), "by their bytes");
    assert.deepEqual((await env.SITE.list({ prefix: "c/" })).keys, [{ name: "c/d.txt" }]);
    await assert.rejects(() => env.SITE.list({ cursor: "junk" }), /^Error: KV GET failed: 400/);
    await assert.rejects(() => env.SITE.list({ limit: 1001 }), /^Error: KV GET failed: 400/);
  });
});

test("nothing of it reaches a Worker's bundle", async () => {
  const { metafile } = await build({
    stdin: {
      contents: 'export * from "cloesce/backend"; export { engine } from "cloesce/engine/stored";',
      resolveDir: path.resolve(import.meta.dirname, "../../.."),
    },
    bundle: true,
    write: false,
    outdir: "out",
    format: "esm",
    metafile: true,
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.some((input) => input.endsWith("cloesce-runtime-stored.wasm")));
  assert.deepEqual(
    inputs.filter((input) => /dist\/(local|serve|testing)\/|cloesce-storage/.test(input)),
    [],
  );
});
