// The demo as a caller of its API finds it: nobody chooses which objects of its bucket are signed, played or deleted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { buildStore, serveStore } from "../support/demo-store.mjs";

let server;
before(async () => {
  await buildStore();
  server = await serveStore();
});
after(() => server?.stop());

const ask = (path, method = "GET", body = undefined) =>
  fetch(`${server.url}/api/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const read = async (path) => (await ask(path)).json();
const page = () => read("Album/get?id=12&__datasource=page");

test("demo: keys, and what is known of master recordings, are refused in every save", async () => {
  const before = await page();
  const [track] = before.tracks;
  assert.match(before.coverKey, /^covers\/12\//);
  assert.match(track.previewKey, /^previews\//);
  const masters = { masterName: "mine.wav", masterBytes: 1 };
  const attacks = [
    ["Album/save", { id: 12, coverKey: `masters/${track.id}` }],
    ["Album/save", { id: 12, coverKey: null }],
    ["Album/save?__datasource=page", { id: 12, tracks: [{ id: track.id, previewKey: null }] }],
    ["Track/save", { id: track.id, previewKey: before.coverKey }],
    ["Track/save?__datasource=withAlbum", { id: track.id, album: { id: 12, coverKey: "x" } }],
    [
      "Artist/save?__datasource=discography",
      { id: before.artistId, albums: [{ id: 12, coverKey: "x" }] },
    ],
    [
      "Playlist/save?__datasource=page",
      { name: "mine", tracks: [{ id: track.id, previewKey: "x" }] },
    ],
    ["Track/save", { id: track.id, ...masters }],
  ];
  for (const [path, model] of attacks) {
    const answer = await ask(path, "POST", { model });
    assert.equal(answer.status, 403, `${path} ${JSON.stringify(model)}: ${await answer.text()}`);
    assert.equal(answer.headers.get("x-error-code"), "CLO1212", path);
  }
  const fresh = {
    title: "Mine",
    released: "2026-01-01T00:00:00.000Z",
    priceCents: 1,
    artistId: before.artistId,
    genreId: before.genreId,
    coverKey: before.coverKey,
  };
  assert.equal((await ask("Album/save", "POST", { model: fresh })).status, 403);
  const after = await page();
  for (const album of [before, after]) {
    // Signed anew each time.
    delete album.cover.url;
    delete album.cover.expires;
    for (const one of album.tracks) delete one.preview;
  }
  assert.deepEqual(after, before);
});

test("demo: an upload is taken by its name alone, as a preview of its own track", async () => {
  const before = await page();
  const [track, other] = before.tracks;
  const file = other.previewKey.slice(other.previewKey.lastIndexOf("/") + 1);
  for (const upload of [
    other.previewKey,
    before.coverKey,
    `../${other.id}/${file}`,
    `../../${before.coverKey}`,
    "",
  ]) {
    const answer = await ask(`Track/${track.id}/setPreview`, "PUT", { upload });
    assert.equal(answer.status, 409, upload);
  }
  assert.equal((await page()).tracks[0].previewKey, track.previewKey);

  const permit = await (
    await ask(`Track/${track.id}/permitPreview`, "POST", { name: "short.wav", bytes: 5 })
  ).json();
  assert.equal(permit.key, undefined);
  const sent = await fetch(permit.url, { method: "PUT", headers: permit.headers, body: "bytes" });
  assert.equal(sent.status, 200, await sent.text());
  const taken = await ask(`Track/${track.id}/setPreview`, "PUT", { upload: permit.upload });
  assert.equal(taken.status, 200, await taken.text());
  assert.equal(await (await ask(`Track/${track.id}/listen`)).text(), "bytes");
  assert.equal((await ask(`Track/${other.id}/listen`)).status, 200, "its neighbour is still there");
  assert.equal((await ask("Album/12/picture")).status, 200, "and so is the cover");
});
