// The client generated for KV, R2 and keys models: what it sends, and what it makes of the answers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { KValue, R2Download, R2Object } from "../../../dist/client/index.js";
import { formOf, json, loadClient, octet, startServer } from "./support.mjs";

const server = await startServer();
const { configure, Album, Cover, Film, Icon, Setting, Theme, Track, User } =
  await loadClient("storage");
configure({ baseUrl: `${server.url}/api` });

const uploaded = "2024-05-06T07:08:09.000Z";
const expires = "2024-05-07T07:08:09.000Z";
const head = {
  key: "a b/é.png",
  version: "v1",
  size: 3,
  etag: "abc",
  httpEtag: '"abc"',
  uploaded,
  checksums: { md5: "00ff" },
  httpMetadata: { contentType: "image/png", cacheExpiry: expires },
  customMetadata: { by: "ann" },
  storageClass: "Standard",
};

/** Classes come out of the bundle twice: once as the generated client has them, once as the package has them. */
function isNamed(value, type) {
  return value.constructor.name === type.name;
}

test("generated storage: save sends a KV entry and leaves out what is not given", async () => {
  server.answer = json({
    key: "k",
    value: { dark: true, since: uploaded },
    metadata: { by: "ann" },
  });
  const theme = Object.assign(new Theme(), { dark: true, since: new Date(uploaded) });
  const { data } = await Setting.save("k", theme);
  assert.equal(server.last.method, "POST");
  assert.equal(server.last.url, "/api/Setting/save");
  assert.deepEqual(JSON.parse(server.last.body), {
    key: "k",
    value: { dark: true, since: uploaded },
  });
  assert.ok(data instanceof Setting);
  assert.ok(data.value instanceof Theme);
  assert.deepEqual(data.value.since, new Date(uploaded));
  assert.deepEqual(data.metadata, { by: "ann" });

  await Setting.save("k", theme, { by: "ann" }, 60);
  assert.deepEqual(JSON.parse(server.last.body), {
    key: "k",
    value: { dark: true, since: uploaded },
    metadata: { by: "ann" },
    expirationTtl: 60,
  });
});

test("generated storage: bytes of a KV entry travel as a form part and come as bytes", async () => {
  server.answer = json({ key: "k", value: "AAH6", metadata: null });
  const { data } = await Icon.save("k", new Uint8Array([0, 1, 250]));
  const form = await formOf(server.last);
  assert.deepEqual(JSON.parse(form.get("json")), { key: "k", value: 0 });
  assert.deepEqual([...data.value], [0, 1, 250]);
});

test("generated storage: a stream is the whole body, what goes with it is in the URL", async () => {
  server.answer = { headers: {}, body: "" };
  const result = await Film.save("a b/ü", new Blob(["bytes"]), { by: "ann" }, null, 1893456000);
  assert.equal(server.last.method, "PUT");
  const url = new URL(server.last.url, server.url);
  assert.equal(url.pathname, "/api/Film/save");
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    key: "a b/ü",
    metadata: '{"by":"ann"}',
    expiration: "1893456000",
  });
  assert.equal(server.last.headers["content-type"], "application/octet-stream");
  assert.equal(server.last.body.toString(), "bytes");
  assert.equal(result.ok, true);

  server.answer = json({ head });
  const put = await Cover.put("k", new Blob(["png"]), "image/png");
  assert.equal(server.last.url, "/api/Cover/put?key=k&contentType=image%2Fpng");
  assert.equal(server.last.body.toString(), "png");
  assert.ok(put.data instanceof Cover);
  assert.deepEqual(put.data.head.uploaded, new Date(uploaded));
});

test("generated storage: what is read as a stream comes as one", async () => {
  server.answer = octet(Buffer.from("film"));
  const { data } = await Film.get("k");
  assert.equal(server.last.url, "/api/Film/get?key=k");
  assert.equal(await new Response(data).text(), "film");
});

test("generated storage: instances address themselves by their key, one segment whatever is in it", async () => {
  server.answer = json(true);
  await Object.assign(new Setting(), { key: "a/b c" }).isDark();
  assert.equal(server.last.url, "/api/Setting/a%2Fb%20c/isDark");

  await Object.assign(new Film(), { key: "k" }).delete();
  assert.equal(server.last.method, "DELETE");
  assert.equal(server.last.url, "/api/Film/k/delete");

  await Cover.fromJson({ head }).title();
  assert.equal(server.last.url, "/api/Cover/a%20b%2F%C3%A9.png/title");

  await Object.assign(new Track(), { albumId: 1, number: 2, region: "eu" }).mute();
  assert.equal(server.last.url, "/api/Track/1/2/eu/mute?__datasource=none");

  server.answer = json({ name: "bob" });
  await Object.assign(new User(), { name: "ann" }).rename("bob", "default");
  assert.equal(server.last.url, "/api/User/ann/rename?__datasource=default");
});

test("generated storage: pages have instances and a cursor", async () => {
  server.answer = json({
    items: [{ key: "k", value: { dark: false, since: uploaded }, metadata: null }],
    cursor: "next",
  });
  const { data } = await Setting.list("users/", null, 10);
  assert.equal(server.last.url, "/api/Setting/list?prefix=users%2F&limit=10");
  assert.ok(data.items[0] instanceof Setting);
  assert.equal(data.cursor, "next");

  server.answer = json({ items: [head], cursor: null });
  const objects = await Cover.list();
  assert.equal(server.last.url, "/api/Cover/list");
  assert.ok(isNamed(objects.data.items[0], R2Object));
  assert.deepEqual(objects.data.items[0].uploaded, new Date(uploaded));
  assert.equal(objects.data.cursor, null);
});

test("generated storage: stored fields are revived, nothing is made of what was not read", async () => {
  server.answer = json({
    id: 1,
    title: "One",
    coverKey: "c",
    cover: { url: "https://r2/x?X-Amz-Signature=1", expires, ...head },
    theme: { key: "albums/1/theme", value: { dark: true, since: uploaded }, metadata: null },
    notes: [{ key: "notes/1/a", value: "hi", metadata: { n: 1 } }],
    masters: { items: [head], cursor: null },
    tracks: [],
  });
  const { data } = await Album.get(1, "all");
  assert.ok(isNamed(data.cover, R2Download));
  assert.deepEqual(data.cover.expires, new Date(expires));
  assert.deepEqual(data.cover.uploaded, new Date(uploaded));
  assert.deepEqual(data.cover.httpMetadata.cacheExpiry, new Date(expires));
  assert.deepEqual(data.cover.checksums, { md5: "00ff" });
  assert.ok(isNamed(data.theme, KValue));
  assert.ok(data.theme.value instanceof Theme);
  assert.equal(data.notes[0].value, "hi");
  assert.ok(isNamed(data.masters.items[0], R2Object));

  server.answer = json({ id: 1, title: "One", coverKey: null, tracks: [], cover: null });
  const bare = await Album.get(1);
  assert.equal(bare.data.cover, null);
  assert.equal(bare.data.theme, undefined);
  assert.deepEqual(bare.data.notes, []);
  assert.equal(bare.data.masters, undefined);
});

test("generated storage: the object is rebuilt from the headers of a HEAD", async () => {
  server.answer = {
    headers: { ETag: '"abc"', "cloesce-object": encodeURIComponent(JSON.stringify(head)) },
  };
  const { data } = await Cover.head("a b/é.png");
  assert.equal(server.last.method, "HEAD");
  assert.equal(server.last.url, "/api/Cover/head?key=a+b%2F%C3%A9.png");
  assert.ok(isNamed(data, R2Object));
  assert.deepEqual(JSON.parse(JSON.stringify(data)), head);
  assert.deepEqual(data.uploaded, new Date(uploaded));
  assert.deepEqual(data.httpMetadata.cacheExpiry, new Date(expires));

  // A proxy may drop what it does not know.
  server.answer = {
    headers: {
      ETag: '"abc"',
      "Content-Length": "3",
      "Content-Type": "image/png",
      "Last-Modified": new Date(uploaded).toUTCString(),
    },
  };
  const standard = await Cover.fromJson({ head }).about();
  assert.equal(standard.data.etag, "abc");
  assert.equal(standard.data.httpEtag, '"abc"');
  assert.equal(standard.data.size, 3);
  assert.deepEqual(standard.data.uploaded, new Date(uploaded));
  assert.deepEqual(standard.data.httpMetadata, { contentType: "image/png" });
});

test("generated storage: a HEAD for what is not there is a failure like any other", async () => {
  server.answer = { status: 404, headers: { "Content-Type": "text/plain" }, body: "" };
  const result = await Cover.head("none");
  assert.equal(result.ok, false);
  assert.equal(result.status, 404);
  assert.equal(result.data, undefined);
});
