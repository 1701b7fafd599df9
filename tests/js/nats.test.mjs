// cloesce/nats beside its suite: what a Worker ships, names, what another client sees, and folders.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import {
  cached,
  connect,
  InvalidOption,
  isReservedKey,
  isValidBucket,
  isValidKey,
  kvHistory,
  kvOf,
  local,
  Unavailable,
} from "../../dist/nats/index.js";
import { natsServers, noServer, startNats } from "../support/nats-server.mjs";

const packageRoot = path.resolve(import.meta.dirname, "../..");

test("nats: nothing of it reaches a Worker's bundle", async () => {
  const { metafile } = await build({
    stdin: {
      contents:
        'export * from "cloesce/backend"; export { engine } from "cloesce/engine/stored"; export * from "cloesce/client";',
      resolveDir: packageRoot,
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
    inputs.filter((input) => /dist\/nats\/|@nats-io|cloesce-storage/.test(input)),
    [],
  );
});

test("nats: a local history needs no client", async () => {
  const { metafile } = await build({
    entryPoints: [path.join(packageRoot, "dist/nats/index.js")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    metafile: true,
    external: ["@nats-io/*"],
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  assert.deepEqual(
    imports.filter(({ path: to }) => to.startsWith("@nats-io/")).map(({ kind }) => kind),
    ["dynamic-import"],
  );
});

test("nats: names are judged", () => {
  assert.ok(isValidBucket("CONFIGURATION") && !isValidBucket("a.b"));
  assert.ok(isValidKey("a/b-c.D=9") && !isValidKey("a b") && !isValidKey(""));
  assert.ok(isValidKey("_kv_x") && isReservedKey("_kv_x") && !isReservedKey("kv"));
});

test("nats: a server that is not there is Unavailable, at once and by name", async () => {
  const started = performance.now();
  await assert.rejects(
    () => connect({ servers: "nats://127.0.0.1:1", timeout: 1000 }),
    (error) => error instanceof Unavailable && /127\.0\.0\.1:1/.test(error.message),
  );
  assert.ok(performance.now() - started < 5000);
});

test("nats: a folder keeps its buckets, is one process's, and forgets what is destroyed", async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-nats-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const first = await local({ root });
  const kv = await first.bucket("Names-are_kept", { history: 3 });
  await kv.put("k", "1");
  const revision = await kv.put("k", "2");
  await first.bucket("names-are_kept");
  await first.close();
  const second = await local({ root });
  assert.deepEqual(await second.buckets(), ["Names-are_kept", "names-are_kept"]);
  const again = await second.bucket("Names-are_kept", { history: 3 });
  assert.equal((await again.history("k")).length, 2);
  assert.equal(await again.put("k", "3"), revision + 1, "revisions go on");
  await again.destroy();
  assert.deepEqual(await second.buckets(), ["names-are_kept"]);
  await second.close();
  await assert.rejects(() => local({}), InvalidOption);
  await assert.rejects(() => local({ root, memory: true }), InvalidOption);
  assert.ok(existsSync(root));
});

test("nats: kvOf takes buckets and caches of its keys, and has their history", async (t) => {
  const history = await local({ memory: true });
  t.after(() => history.close());
  const bucket = await history.bucket("kv", { history: 5 });
  const kv = kvOf(bucket);
  for (const value of ["1", "2", "3"]) await kv.put("some key", value, { metadata: { value } });
  assert.deepEqual(
    (await kvHistory(bucket, "some key")).map((entry) => entry.string()),
    ["1", "2", "3"],
  );
  assert.throws(() => kvOf(cached(bucket)), InvalidOption);
  const cache = cached(await history.bucket("kv", { codecs: { keys: "escape" } }));
  await cache.ready();
  const fast = kvOf(cache);
  assert.equal(await fast.get("some key"), "3");
  await fast.put("other", "v", { expirationTtl: 60 });
  assert.deepEqual(
    (await fast.list()).keys.map(({ name }) => name),
    ["other", "some key"],
  );
  assert.equal((await kv.getWithMetadata("some key")).metadata.value, "3");
  await fast.delete("some key");
  assert.equal(await fast.get("some key"), null);
  assert.equal(await kv.get("some key"), null);
});

const newest = natsServers().at(-1);
test(
  "nats: buckets are those that other clients know",
  { skip: newest === undefined ? noServer : false },
  async (t) => {
    const server = await startNats(newest);
    const history = await connect({ servers: server.url });
    const [{ Kvm }, client] = await Promise.all([
      import("@nats-io/kv"),
      import("@nats-io/transport-node"),
    ]);
    const connection = await client.connect({ servers: server.url });
    t.after(async () => {
      await connection.close();
      await history.close();
      await server.stop();
    });
    const ours = await history.bucket("shared", { history: 3 });
    const theirs = await new Kvm(connection).open("shared");
    const revision = await ours.put("a.b", "of ours");
    const read = await theirs.get("a.b");
    assert.deepEqual([read.string(), read.revision, read.operation], ["of ours", revision, "PUT"]);
    await theirs.put("c", "of theirs");
    assert.equal((await ours.get("c")).string(), "of theirs");
    await theirs.delete("c");
    assert.equal(await ours.get("c"), null);
    await ours.delete("a.b");
    assert.equal((await theirs.get("a.b")).operation, "DEL");
    const made = await new Kvm(connection).create("made-by-theirs", { history: 2 });
    await made.put("k", "v");
    const opened = await history.bucket("made-by-theirs", { history: 2 });
    assert.equal((await opened.get("k")).string(), "v");
  },
);

test("nats: KV differs from the platform's as docs/nats.md says", async (t) => {
  const history = await local({ memory: true });
  t.after(() => history.close());
  const bucket = await history.bucket("kv", { codecs: { keys: "escape" } });
  const kv = kvOf(bucket);
  const large = new Uint8Array(1024 * 1024 + 1);
  const told = /KV PUT failed: 413 .*1048576.*max_payload/;
  await assert.rejects(() => kv.put("k", large), told);
  await assert.rejects(() => kv.put("k", new Blob([large]).stream()), told);
  // A deadline that has passed: KV itself takes none of less than 60 seconds.
  const headers = { "KV-Expires": String(Math.floor(Date.now() / 1000) - 1) };
  await bucket.put("dead", "v", { headers });
  await bucket.put("listed", "v", { headers });
  assert.equal(await kv.get("dead"), null);
  assert.deepEqual((await kv.list()).keys, []);
  assert.equal(await bucket.get("dead"), null, "taken away by who came across it");
  assert.equal(await bucket.get("listed"), null);
});

test("nats: docs/nats.md names calls and errors that exist", async (t) => {
  const history = await local({ memory: true });
  t.after(() => history.close());
  const bucket = await history.bucket("docs");
  const page = readFileSync(path.join(packageRoot, "docs/nats.md"), "utf8");
  const section = page.slice(page.indexOf("## Operations"), page.indexOf("Every call takes"));
  const calls = [...section.matchAll(/`(\w+)\(/g)].map(([, name]) => name);
  assert.ok(calls.length >= 15);
  assert.deepEqual(
    calls.filter((name) => typeof bucket[name] !== "function"),
    [],
  );
  const errors = /Errors have classes[\s\S]*?\n\n/.exec(page)[0];
  const exported = await import("../../dist/nats/index.js");
  const names = [...errors.matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name);
  const classes = Object.keys(exported).filter((name) => /^[A-Z]/.test(name));
  assert.deepEqual([...names, "HistoryError"].sort(), classes.sort());
});

test("nats: the package says which client it wants", () => {
  const { peerDependencies, peerDependenciesMeta, devDependencies } = JSON.parse(
    readFileSync(path.join(packageRoot, "package.json"), "utf8"),
  );
  assert.equal(peerDependenciesMeta["@nats-io/transport-node"].optional, true);
  const wanted = peerDependencies["@nats-io/transport-node"];
  assert.equal(devDependencies["@nats-io/transport-node"], wanted);
  const told = readFileSync(path.join(packageRoot, "dist/nats/index.js"), "utf8");
  assert.ok(told.includes(`@nats-io/transport-node@${wanted}`));
});
