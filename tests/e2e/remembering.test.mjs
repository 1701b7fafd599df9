// KV models with a history as a person serves them: on a real nats-server, in SQLite, in memory, and where nothing remembers.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { createTestApp } from "../../dist/testing/index.js";
import { importClient } from "../support/client-bundle.mjs";
import { startCloesceServe } from "../support/cloesce-serve.mjs";
import { natsServers, noServer, startNats } from "../support/nats-server.mjs";
import { prepareProject } from "../support/project.mjs";
import { startWranglerDev } from "../support/wrangler-dev.mjs";

const newest = natsServers().at(-1);
const source = path.join(import.meta.dirname, "projects", "remembering");
const since = new Date("2026-01-02T03:04:05Z");

const prepare = (name) => prepareProject(source, name, { database: null });

/** The lines of a stream, one at a time; `leave` cancels it. */
function linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      while (!text.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) return undefined;
        text += value;
      }
      const end = text.indexOf("\n");
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return JSON.parse(line);
    },
    leave: () => reader.cancel(),
  };
}

async function ok(result) {
  const answered = await result;
  assert.ok(answered.ok, `${answered.status} ${answered.message}`);
  return answered.data;
}

const visit = (page) => ({ page, since });
const page = (line) => line && [line.key, line.change, line.value?.page];

/** What every place that remembers does. `place()` answers { client, url }. */
function remembers(place) {
  test("a key has what it had, as instances, and deletions are told", async () => {
    const { Session } = place().client;
    const key = `ada/${Math.random()}`;
    for (const name of ["/", "/cart", "/paid"]) await ok(Session.save(key, visit(name)));
    const versions = await ok(Session.versions(key));
    assert.deepEqual(
      versions.map(({ text, change }) => [text, change]),
      ["/", "/cart", "/paid"].map((name) => [`${name} since 2026`, "PUT"]),
    );
    const revisions = versions.map(({ revision }) => revision);
    assert.deepEqual(
      revisions,
      [...revisions].sort((a, b) => a - b),
    );
    assert.ok(Math.abs(versions[0].created - Date.now()) < 60_000);
    await ok((await ok(Session.get(key))).delete());
    assert.deepEqual(
      (await ok(Session.versions(key))).map(({ text, change }) => [text, change]),
      [[null, "PURGE"]],
    );
    assert.deepEqual(await ok(Session.versions("nobody")), []);
  });

  test("the bucket keeps as many values as its line of the config says", async () => {
    const { Session } = place().client;
    for (let index = 0; index < 8; index += 1) await ok(Session.save("many", visit(`/${index}`)));
    const texts = (await ok(Session.versions("many"))).map(({ text }) => text);
    assert.deepEqual(
      texts,
      [3, 4, 5, 6, 7].map((index) => `/${index} since 2026`),
    );
  });

  test("values are texts, bytes and streams too", async () => {
    const { Note, Thumbnail, Film } = place().client;
    for (const text of ["one\ntwo", "ü"]) await ok(Note.save("note", text));
    assert.deepEqual(await ok(Note.texts("note")), ["one\ntwo", "ü"]);
    for (const size of [3, 4]) await ok(Thumbnail.save("bytes", new Uint8Array(size)));
    assert.deepEqual(await ok(Thumbnail.sizes("bytes")), [3, 4]);
    await ok(Film.save("film", new Blob([new Uint8Array(5)])));
    assert.deepEqual(await ok(Film.sizes("film")), [5]);
    const lines = async (stream) => {
      const read = linesOf(stream);
      const all = [await read.next(), await read.next()];
      await read.leave();
      return all.map((line) => line?.value ?? null);
    };
    assert.deepEqual(await lines(await ok(Note.live("note"))), ["ü", null]);
    assert.deepEqual(await lines(await ok(Thumbnail.live("bytes"))), ["AAAAAA==", null]);
  });

  test("a watch tells what is there, then what changes, for the keys that were asked for", async () => {
    const { Session } = place().client;
    await ok(Session.save("bob/1", visit("/")));
    await ok(Session.save("eve/1", visit("/")));
    const lines = linesOf(await ok(Session.live("bob/", "latest")));
    assert.deepEqual(page(await lines.next()), ["bob/1", "PUT", "/"]);
    assert.equal(await lines.next(), null);
    await ok(Session.save("eve/1", visit("/other")));
    await ok(Session.save("bob/2", visit("/new")));
    const told = await lines.next();
    assert.deepEqual(page(told), ["bob/2", "PUT", "/new"]);
    assert.equal(told.value.since, since.toISOString());
    assert.ok(told.revision > 0 && told.metadata === null);
    await ok((await ok(Session.get("bob/1"))).delete());
    assert.deepEqual(page(await lines.next()), ["bob/1", "PURGE", undefined]);
    await lines.leave();
  });

  test("a watch of changes alone begins with the present", async () => {
    const { Session } = place().client;
    await ok(Session.save("carl", visit("/before")));
    const lines = linesOf(await ok(Session.live("carl", "updates")));
    assert.equal(await lines.next(), null);
    await ok(Session.save("carl", visit("/after")));
    assert.deepEqual(page(await lines.next()), ["carl", "PUT", "/after"]);
    await lines.leave();
  });

  test("what cannot be is refused by name", async () => {
    const { Session } = place().client;
    const refused = await Session.live("", "everything");
    assert.equal(refused.status, 501);
    assert.match(refused.message, /a watch includes "latest", "history" or "updates"/);
    const tooLong = await Session.versions("k".repeat(513));
    assert.equal(tooLong.status, 501);
    assert.match(tooLong.message, /CLO1004: key: /);
  });
}

/** `cloesce serve` of the project, with or without a server. */
function served(name, start) {
  let folder, nats, server, client;
  before(async () => {
    folder = await prepare(name);
    nats = await start();
    if (nats !== null) {
      const config = path.join(folder, "cloesce.config.json");
      const content = JSON.parse(await readFile(config, "utf8"));
      process.env.REMEMBERING_NATS = nats.url;
      content.bindings.SESSIONS.nats = "$REMEMBERING_NATS";
      await writeFile(config, JSON.stringify(content));
    }
    await open();
  });
  after(async () => {
    await server?.stop();
    await nats?.stop();
  });
  const open = async () => {
    server = await startCloesceServe({ cwd: folder, root: path.join(folder, "serve-state") });
    client = await importClient(path.join(folder, ".generated/client.ts"));
    client.configure({ baseUrl: `${server.url}/api` });
  };
  remembers(() => ({ client }));

  test("a server that is stopped ends watches, and has everything when it is back", async () => {
    await ok(client.Session.save("kept", visit("/kept")));
    const lines = linesOf(await ok(client.Session.live("kept", "latest")));
    await lines.next();
    assert.equal(await lines.next(), null);
    const asked = performance.now();
    const [code, end] = await Promise.all([server.stop(), lines.next()]);
    assert.ok(performance.now() - asked < 20_000, "a kept connection does not keep the server");
    assert.equal(code, 0, server.output());
    assert.equal(end, undefined);
    await open();
    const texts = (await ok(client.Session.versions("kept"))).map(({ text }) => text);
    assert.deepEqual(texts, ["/kept since 2026"]);
  });
}

describe("models with a history on a nats-server", { skip: newest ? false : noServer }, () =>
  served("e2e-remembering-nats", () => startNats(newest)),
);

describe("models with a history in SQLite", () =>
  served("e2e-remembering-local", () => Promise.resolve(null)));

describe("models with a history in a test", () => {
  let app;
  before(async () => {
    app = await createTestApp({ project: await prepare("e2e-remembering-memory") });
  });
  after(() => app.close());
  remembers(() => ({ client: app.client }));
});

test("workerd serves the models, and says that it remembers nothing", async (t) => {
  const folder = await prepare("e2e-remembering-workerd");
  const server = await startWranglerDev({ cwd: folder, persistTo: path.join(folder, "state") });
  t.after(() => server.stop());
  const client = await importClient(path.join(folder, ".generated/client.ts"));
  client.configure({ baseUrl: `${server.url}/api` });
  await ok(client.Session.save("a", visit("/")));
  assert.equal((await ok(client.Session.get("a"))).value.page, "/");
  for (const result of [
    await client.Session.versions("a"),
    await client.Session.live("", "latest"),
  ]) {
    assert.equal(result.status, 501);
    assert.match(result.message, /the KV namespace SESSIONS has no history here: "cloesce serve"/);
  }
});
