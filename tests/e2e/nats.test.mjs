// `cloesce bucket` as a person uses it, and `cloesce serve` with a KV namespace on a server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { connect, kvHistory, kvOf } from "../../dist/nats/index.js";
import { importClient } from "../support/client-bundle.mjs";
import { startCloesceServe } from "../support/cloesce-serve.mjs";
import { natsServers, noServer, startNats } from "../support/nats-server.mjs";
import { prepareProject, runCloesce } from "../support/project.mjs";

const newest = natsServers().at(-1);
const cwd = path.resolve(import.meta.dirname, "../..");
const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** The commands on a place that `where` names. */
function commands(where) {
  const run = async (...args) => {
    const { code, stdout, stderr } = await runCloesce(["bucket", ...args, ...where()], { cwd });
    return { code, stdout: stdout.trim(), stderr };
  };
  const prints = async (...args) => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  test("put, get, history, ls", async () => {
    const first = Number(await prints("put", "config", "a.b", "one", "--history", "5"));
    assert.ok(first > 0);
    const second = JSON.parse(await prints("put", "config", "a.b", "two", "--json")).revision;
    assert.equal(await prints("get", "config", "a.b"), "two");
    assert.equal(await prints("get", "config", "a.b", "--revision", String(first)), "one");
    const got = JSON.parse(await prints("get", "config", "a.b", "--json"));
    assert.deepEqual(
      [got.key, got.value, got.revision, got.operation],
      ["a.b", "two", second, "PUT"],
    );
    const history = JSON.parse(await prints("history", "config", "a.b", "--json"));
    assert.deepEqual(
      history.map(({ value }) => value),
      ["one", "two"],
    );
    assert.match(await prints("history", "config", "a.b"), /PUT a\.b one\n.* PUT a\.b two$/);
    assert.deepEqual(JSON.parse(await prints("ls", "--json")), ["config"]);
    await prints("put", "config", "other", "x");
    assert.equal(await prints("ls", "config"), "a.b\nother");
    assert.equal(await prints("ls", "config", "a.*"), "a.b");
  });

  test("conditions, compact and rm", async () => {
    const conflict = await run("put", "config", "other", "y", "--create");
    assert.equal(conflict.code, 2);
    assert.match(conflict.stderr, /"other" has a value already/);
    assert.equal((await run("put", "config", "other", "y", "--revision", "999")).code, 2);
    await prints("compact", "config", "a.b", "1");
    assert.equal(JSON.parse(await prints("history", "config", "a.b", "--json")).length, 1);
    await prints("rm", "config", "a.b");
    assert.equal((await run("get", "config", "a.b")).code, 2);
    assert.equal(JSON.parse(await prints("history", "config", "a.b", "--json")).length, 2);
    await prints("rm", "config", "a.b", "--erase");
    assert.equal(await prints("history", "config", "a.b"), "");
    const refused = await run("rm", "config");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--all/);
    await prints("rm", "config", "--all");
    const gone = await run("ls", "config");
    assert.equal(gone.code, 2);
    assert.match(gone.stderr, /there is no bucket config/);
  });
}

describe("cloesce bucket in a folder", () => {
  let root;
  before(async () => (root = await mkdtemp(path.join(tmpdir(), "cloesce-bucket-"))));
  after(() => rm(root, { recursive: true, force: true }));
  commands(() => ["--root", root]);
});

describe("cloesce bucket on a server", { skip: newest === undefined ? noServer : false }, () => {
  let server;
  before(async () => (server = await startNats(newest)));
  after(() => server.stop());
  commands(() => ["--server", server.url]);

  test("watch prints changes until an interrupt", async (t) => {
    const history = await connect({ servers: server.url });
    const bucket = await history.bucket("watched");
    await bucket.put("before", "1");
    const child = spawn(
      process.execPath,
      [program, "bucket", "watch", "watched", "--json", "--server", server.url],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    t.after(async () => {
      child.kill("SIGKILL");
      await history.close();
    });
    const closed = new Promise((resolve) => child.on("close", resolve));
    const lines = [];
    const printed = createInterface(child.stdout);
    printed.on("line", (line) => lines.push(JSON.parse(line)));
    const seen = async (count) => {
      while (lines.length < count) await once(printed, "line");
    };
    await seen(1);
    await bucket.put("k", "2");
    await bucket.delete("k");
    await seen(3);
    assert.deepEqual(
      lines.map(({ key, operation, value }) => [key, operation, value]),
      [
        ["before", "PUT", "1"],
        ["k", "PUT", "2"],
        ["k", "DEL", undefined],
      ],
    );
    child.kill("SIGINT");
    assert.equal(await closed, 0);
  });

  test("a server that is not there is told", async () => {
    const { code, stderr } = await runCloesce(["bucket", "ls", "--server", "nats://127.0.0.1:1"], {
      cwd,
    });
    assert.equal(code, 2);
    assert.match(stderr, /no server of nats:\/\/127\.0\.0\.1:1 can be reached/);
  });
});

describe(
  "cloesce serve with KV on a server",
  { skip: newest === undefined ? noServer : false },
  () => {
    let folder, nats, config;
    before(async () => {
      nats = await startNats(newest);
      folder = await prepareProject(
        path.join(import.meta.dirname, "projects", "stored"),
        "e2e-nats",
      );
      config = path.join(folder, "cloesce.config.json");
    });
    after(() => nats?.stop());

    const withBindings = async (bindings) => {
      const before = await readFile(config, "utf8").catch(() => "{}");
      await writeFile(config, JSON.stringify({ ...JSON.parse(before), bindings }));
    };

    test("a line of the config moves a namespace, and its values have a history", async () => {
      await withBindings({ NS: { nats: nats.url, bucket: "notes", history: 5 } });
      const server = await startCloesceServe({
        cwd: folder,
        root: path.join(folder, "serve-state"),
      });
      const history = await connect({ servers: nats.url });
      try {
        const client = await importClient(path.join(folder, ".generated/client.ts"));
        client.configure({ baseUrl: `${server.url}/api` });
        const { TextEntry } = client;
        for (const text of ["one", "two", "three"]) {
          const saved = await TextEntry.save("greeting/1", text, { text });
          assert.ok(saved.ok, JSON.stringify(saved));
        }
        assert.equal((await TextEntry.get("greeting/1")).data.value, "three");
        const bucket = await history.bucket("notes");
        assert.equal((await bucket.status()).history, 5);
        assert.deepEqual(
          (await kvHistory(bucket, "greeting/1")).map((entry) => entry.string()),
          ["one", "two", "three"],
        );
        await kvOf(bucket).put("greeting/1", "from outside");
        assert.equal((await TextEntry.get("greeting/1")).data.value, "from outside");
      } finally {
        await history.close();
        assert.equal(await server.stop(), 0, server.output());
      }
    });

    test("a binding that the wrangler file does not have is told", async () => {
      await withBindings({ nobody: { nats: nats.url, bucket: "b" } });
      await assert.rejects(
        () => startCloesceServe({ cwd: folder, root: path.join(folder, "serve-state") }),
        /has a binding nobody, and the wrangler file has no KV namespace of that name/,
      );
    });

    test("a binding that cannot be is told with its place", async () => {
      for (const [binding, told] of [
        [{ nats: nats.url }, /the binding "NS" needs "bucket" to be a name/],
        [
          { nats: nats.url, bucket: "b", history: 65 },
          /needs "history" to be a whole number from 1 to 64/,
        ],
        [{ bucket: "b", replicas: 3 }, /has "replicas", which are servers: name them by "nats"/],
        [{ nats: nats.url, bucket: "b", histroy: 5 }, /has "histroy", which means nothing here/],
      ]) {
        await withBindings({ NS: binding });
        const { code, stderr } = await runCloesce(["compile"], { cwd: folder });
        assert.equal(code, 2);
        assert.match(stderr, told);
      }
    });
  },
);
