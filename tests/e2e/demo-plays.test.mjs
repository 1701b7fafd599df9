// "Recently played" of the demo: live for everybody under `cloesce serve`, without a server of NATS; said to be missing in workerd.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import { createTestApp } from "../../dist/testing/index.js";
import { demo } from "../../scripts/support/paths.mjs";
import { importClient } from "../support/client-bundle.mjs";
import { startCloesceServe, underServe } from "../support/cloesce-serve.mjs";
import { buildStore, serveStore } from "../support/demo-store.mjs";

before(buildStore);

async function ok(result) {
  const answered = await result;
  assert.ok(answered.ok, `${answered.status} ${answered.message}`);
  return answered.data;
}

/** The lines of a stream of JSON, one at a time. */
function linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      while (!text.includes("\n")) text += (await reader.read()).value;
      const [line, ...rest] = text.split("\n");
      text = rest.join("\n");
      return JSON.parse(line);
    },
    leave: () => reader.cancel(),
  };
}

test("demo: what is played is told to whoever listens, and remembered", async (t) => {
  const app = await createTestApp({ project: demo.folder, seed: { db: demo.rows } });
  t.after(() => app.close());
  const { Play } = app.client;
  const { results } = await app.env.db.prepare('select "id" from "Track" limit 15').all();
  const ids = results.map(({ id }) => id);
  await app.env.db.prepare('update "Track" set "previewKey" = \'previews/\' || "id"').run();
  assert.deepEqual({ ...(await ok(Play.recent())) }, { played: [], note: null });
  const lines = linesOf(await ok(Play.live()));
  assert.equal(await lines.next(), null);
  for (const id of ids) {
    await ok(Play.note(id));
    const { value } = await lines.next();
    assert.equal(value.trackId, id);
    assert.ok(value.title.length > 0 && value.by.length > 0 && value.albumId > 0);
  }
  await lines.leave();
  const { played, note } = await ok(Play.recent());
  assert.equal(note, null);
  assert.deepEqual(
    played.map(({ trackId }) => trackId),
    ids.reverse().slice(0, 12),
  );
  assert.equal((await Play.note(999_999)).status, 404);
});

test("demo: it is there again when the store is", async (t) => {
  const state = await mkdtemp(path.join(tmpdir(), "music-plays-"));
  t.after(() => rm(state, { recursive: true, force: true }));
  const serve = async () => {
    const server = await startCloesceServe({ cwd: demo.folder, root: state });
    const client = await importClient(path.join(demo.folder, ".generated/client.ts"));
    client.configure({ baseUrl: `${server.url}/api` });
    return { server, Play: client.Play };
  };
  let { server, Play } = await serve();
  t.after(() => server.stop());
  assert.deepEqual({ ...(await ok(Play.recent())) }, { played: [], note: null });
  const lines = linesOf(await ok(Play.live()));
  assert.equal(await lines.next(), null);
  assert.equal(await server.stop(), 0, server.output());
  ({ server, Play } = await serve());
  assert.deepEqual({ ...(await ok(Play.recent())) }, { played: [], note: null });
});

const byWrangler = { skip: underServe ? "this is about wrangler dev" : false };
test(
  "demo: wrangler dev says that it is not kept there, and plays all the same",
  byWrangler,
  async (t) => {
    const server = await serveStore();
    t.after(() => server.stop());
    const client = await importClient(path.join(demo.folder, ".generated/client.ts"));
    client.configure({ baseUrl: `${server.url}/api` });
    const page = await (await fetch(`${server.url}/api/Album/get?id=12&__datasource=page`)).json();
    await ok(client.Play.note(page.tracks[0].id));
    const { played, note } = await ok(client.Play.recent());
    assert.deepEqual(played, []);
    assert.match(note, /kept by “cloesce serve”, and not here/);
    assert.equal((await client.Play.live()).status, 501);
  },
);
