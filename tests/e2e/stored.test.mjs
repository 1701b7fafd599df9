// KV, R2 and keys models under a real `wrangler dev` with local KV, R2 and D1, and signed URLs against the local S3
// endpoint, which verifies signatures.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, runCloesce, serveProject } from "../support/project.mjs";
import { freePort } from "../support/wrangler-dev.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/stored");
const credentials = { accessKeyId: "local-key-id", secretAccessKey: "local-secret-key" };
let server, folder;
let Album, Account, BytesEntry, JsonEntry, Leaf, Picture, StreamEntry, TextEntry, Track, Uploads;

async function serve(secrets) {
  const port = await freePort();
  await writeFile(
    path.join(folder, ".dev.vars"),
    Object.entries({ ENDPOINT: `http://127.0.0.1:${port}/cdn-cgi/local/r2/s3`, ...secrets })
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
  );
  server = await serveProject(folder, "/api", port);
  ({ Album, Account, BytesEntry, JsonEntry, Leaf, Picture } = server.client);
  ({ StreamEntry, TextEntry, Track, Uploads } = server.client);
}

before(async () => {
  folder = await prepareProject(source, "e2e-stored");
  const file = path.join(folder, "wrangler.toml");
  const text = await readFile(file, "utf8");
  const local = `local_dev = { experimental_s3_credentials = { accessKeyId = "${credentials.accessKeyId}", secretAccessKey = "${credentials.secretAccessKey}" } }`;
  await writeFile(file, text.replace(/(bucket_name = .*\n)/, `$1${local}\n`));
  await serve({ KEY_ID: credentials.accessKeyId, SECRET: credentials.secretAccessKey });
});
after(() => server?.stop());

function value(result) {
  assert.equal(result.ok, true, `${result.status} ${result.message}`);
  return result.data;
}
const status = (result) => [result.status, result.message];
const bytesOf = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const api = (target, init) => fetch(`${server.url}/api/${target}`, init);
const random = (size) => new Uint8Array(size).map((_, index) => (index * 31) ^ (index >> 8));

test("entries of text and JSON: saved, got, listed, deleted, as instances and parameters", async () => {
  const saved = value(await TextEntry.save("t/1", "grüße", { a: 1 }));
  assert.ok(saved instanceof TextEntry);
  assert.deepEqual(value(await TextEntry.get("t/1")), saved);
  assert.equal(value(await saved.shout()), "t/1: GRÜSSE");
  assert.deepEqual(value(await TextEntry.echo(saved)), saved);
  value(await TextEntry.save("t/2", "two"));
  const first = value(await TextEntry.list("t/", null, 1));
  const second = value(await TextEntry.list("t/", first.cursor));
  assert.deepEqual(
    [...first.items, ...second.items].map((entry) => [entry.key, entry.value, entry.metadata]),
    [
      ["t/1", "grüße", { a: 1 }],
      ["t/2", "two", null],
    ],
  );
  assert.equal(second.cursor, null);
  value(await saved.delete());
  value(await saved.delete());
  assert.equal((await TextEntry.get("t/1")).status, 404);
  assert.equal((await saved.shout()).status, 404);
  for (const json of [null, 0, "x", [1], { a: { b: [null] } }]) {
    const entry = value(await JsonEntry.save("j", json));
    assert.deepEqual(value(await entry.self()).value, json);
    assert.deepEqual(value(await JsonEntry.get("j")).value, json);
  }
});

test("hostile keys are one entry each", async () => {
  const keys = ["__proto__", "../x", "%2F", "a b?#&", "42", "007", "é/\u{1f600}", "k".repeat(512)];
  for (const key of [...keys, "constructor", "a/", "//", "a%", "+"]) {
    value(await TextEntry.save(key, "v"));
    assert.equal(value(await TextEntry.get(key)).key, key);
  }
  for (const key of keys) {
    const entry = value(await TextEntry.get(key));
    assert.equal(value(await entry.shout()), `${key}: V`);
  }
  for (const key of ["", ".", "..", "k".repeat(513), "é".repeat(257)]) {
    for (const result of [await TextEntry.save(key, "v"), await TextEntry.get(key)]) {
      assert.equal(result.status, 400, key);
      assert.match(result.message, /key/);
    }
  }
  assert.match((await TextEntry.list("", null, 1001)).message, /limit: expected a whole number/);
});

test("bytes of 25 MiB go in and out; one more is refused", async () => {
  const bytes = random(25 * 1024 * 1024);
  value(await BytesEntry.save("large", bytes));
  const got = value(await BytesEntry.get("large"));
  assert.equal(Buffer.compare(got.value, bytes), 0);
  assert.equal(value(await got.size()), bytes.length);
  const refused = await BytesEntry.save("larger", new Uint8Array(bytes.length + 1));
  assert.deepEqual(status(refused), [413, "CLO1102: value: at most 26214400 bytes"]);
  assert.equal((await BytesEntry.get("larger")).status, 404);

  value(await StreamEntry.save("stream", new Blob([bytes]), { m: 1 }));
  assert.equal(Buffer.compare(await bytesOf(value(await StreamEntry.get("stream"))), bytes), 0);
  const response = await api("StreamEntry/stream/read");
  assert.equal(Buffer.compare(new Uint8Array(await response.arrayBuffer()), bytes), 0);
  const long = await StreamEntry.save("longer", new Blob([bytes, "x"]));
  assert.equal(long.status, 413, long.message);
  assert.equal((await StreamEntry.get("longer")).status, 404);
});

test("limits of metadata and of time are told by name", async () => {
  for (const [given, expected] of [
    [
      ["k", "v", "x".repeat(1023)],
      [413, "CLO1102: metadata: at most 1024 bytes"],
    ],
    [
      ["k", "v", null, 59],
      [400, "CLO1210: expirationTtl: at least 60 seconds"],
    ],
    [
      ["k", "v", null, null, 1],
      [400, "CLO1210: expiration: at least 60 seconds from now"],
    ],
    [
      ["k", "v", null, 60, 9e9],
      [400, "CLO1210: expirationTtl and expiration exclude each other"],
    ],
  ]) {
    assert.deepEqual(status(await TextEntry.save(...given)), expected);
  }
  value(await TextEntry.save("k", "v", "x".repeat(1022), 60));
});

test("objects: put, head, get, list, delete, and an instance with what R2 says", async () => {
  const bytes = random(3_000_000);
  const put = value(await Picture.put("p/1 ü.png", new Blob([bytes]), "image/png", { by: "me" }));
  assert.ok(put instanceof Picture);
  assert.equal(put.head.size, bytes.length);
  assert.ok(put.head.uploaded instanceof Date);
  const head = value(await Picture.head("p/1 ü.png"));
  assert.deepEqual(head, put.head);
  assert.deepEqual(value(await put.describe()), put.head);
  assert.deepEqual(value(await put.self()).head, put.head);
  assert.equal(Buffer.compare(await bytesOf(value(await Picture.get("p/1 ü.png"))), bytes), 0);
  assert.deepEqual(value(await Picture.list("p/")).items, [put.head]);

  const url = `Picture/get?key=${encodeURIComponent("p/1 ü.png")}`;
  const whole = await api(url);
  assert.equal(whole.headers.get("content-type"), "image/png");
  assert.equal(whole.headers.get("etag"), put.head.httpEtag);
  assert.equal(whole.headers.get("x-content-type-options"), "nosniff");
  await whole.body.cancel();
  for (const [headers, expected, length, range] of [
    [{ range: "bytes=10-19" }, 206, 10, "bytes 10-19/3000000"],
    [{ range: "bytes=-5" }, 206, 5, "bytes 2999995-2999999/3000000"],
    [{ range: "bytes=3000000-" }, 416, null, "bytes */3000000"],
    [{ range: "bytes=3000000-3000009" }, 416, null, "bytes */3000000"],
    [{ "if-none-match": put.head.httpEtag }, 304, 0, null],
    [{ "if-match": '"other"' }, 412, null, null],
    [{ "if-match": put.head.httpEtag, range: "bytes=0-0" }, 206, 1, "bytes 0-0/3000000"],
  ]) {
    const answer = await api(url, { headers });
    const name = JSON.stringify(headers);
    assert.equal(answer.status, expected, name);
    assert.equal(answer.headers.get("content-range"), range, name);
    const body = await answer.arrayBuffer();
    if (length !== null) assert.equal(body.byteLength, length, name);
  }
  const raw = await api(url.replace("get?", "head?"), { method: "HEAD" });
  assert.equal(raw.headers.get("content-length"), "3000000");

  const download = await api(`Picture/${encodeURIComponent("p/1 ü.png")}/download`, {
    headers: { range: "bytes=0-3" },
  });
  assert.equal(download.status, 206);
  assert.equal(download.headers.get("content-disposition"), 'attachment; filename="picture.png"');
  assert.deepEqual(new Uint8Array(await download.arrayBuffer()), bytes.slice(0, 4));

  value(await Picture.put("p/empty", new Blob([])));
  assert.equal(value(await Picture.head("p/empty")).size, 0);
  value(await put.delete());
  value(await put.delete());
  assert.equal((await Picture.head("p/1 ü.png")).status, 404);
  assert.equal((await Picture.get("p/1 ü.png")).status, 404);
  assert.equal((await put.self()).status, 404);
});

test("uploads are refused beyond the limits of R2, and without a length", async () => {
  assert.match(
    (await Picture.put("k".repeat(1025), new Blob(["x"]))).message,
    /CLO1004: key: a key of R2 has 1 to 1024 bytes/,
  );
  assert.match((await Picture.put("k", new Blob(["x"]), "a\nb")).message, /contentType/);
  const metadata = { a: "b".repeat(8192) };
  assert.equal((await Picture.put("k", new Blob(["x"]), "a/b", metadata)).status, 413);
  const answer = await new Promise((resolve, reject) => {
    const request = http.request(
      `${server.url}/api/Picture/put?key=chunked`,
      { method: "PUT", headers: { "content-type": "application/octet-stream" } },
      (response) => resolve(response),
    );
    request.on("error", reject);
    request.write("a");
    request.end("b");
  });
  assert.equal(answer.statusCode, 411);
  assert.match(
    Buffer.concat(await answer.toArray()).toString(),
    /CLO1108: the upload must say its content-length/,
  );
  assert.equal((await Picture.head("chunked")).status, 404);
});

test("fields of a row come with the trees that name them", async () => {
  const row = { id: 1, title: "One", file: null, tracks: [] };
  const album = value(await Album.save(row, "default"));
  assert.deepEqual([album.settings, album.blurb, album.cover], [null, null, null]);
  value(await JsonEntry.save("albums/1/settings", { loud: true }, "meta"));
  value(await TextEntry.save("blurbs/1", "about"));
  value(await BytesEntry.save("thumbnails/1", random(100)));
  for (const number of [1, 2, 3]) {
    value(await TextEntry.save(`notes/1/${number}`, `note ${number}`));
    value(await Picture.put(`scans/1/${number}`, new Blob(["x".repeat(number)])));
  }
  value(await Picture.put("covers/1.png", new Blob(["png"]), "image/png"));
  value(await Track.save({ id: 5, albumId: 1 }));
  value(await TextEntry.save("lyrics/5", "la la"));

  const got = value(await Album.get(1, "default"));
  assert.deepEqual(
    [got.settings.value, got.settings.metadata, got.blurb.value, got.cover.size],
    [{ loud: true }, "meta", "about", 3],
  );
  assert.ok(got.cover.uploaded instanceof Date);
  assert.equal(value(await Album.titleOf(got)), 'One {"loud":true}');
  const all = value(await Album.get(1, "everything"));
  assert.deepEqual(all.thumbnail.value, random(100));
  assert.deepEqual(
    all.notes.map((note) => note.value),
    ["note 1", "note 2", "note 3"],
  );
  assert.deepEqual(
    all.scans.items.map((scan) => scan.size),
    [1, 2],
  );
  assert.equal(typeof all.scans.cursor, "string");
  assert.equal(all.tracks[0].lyrics.value, "la la");
  const response = await api("Album/1/thumbnailSize?__datasource=everything");
  assert.equal(await response.json(), 100);
});

test("a save writes rows: what KV and R2 hold is refused by its path, unless it was only read along", async () => {
  value(await Album.save({ id: 40, title: "Forty", tracks: [{ id: 41 }] }));
  value(await JsonEntry.save("albums/40/settings", { loud: true }));
  value(await TextEntry.save("notes/40/1", "a note"));
  value(await TextEntry.save("lyrics/41", "la"));

  const post = (model) =>
    api("Album/save", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: { id: 40, ...model } }),
    });
  const entry = { key: "x", value: "y", metadata: null };
  for (const [model, told] of [
    [{ title: "A", settings: entry }, ["model.settings"]],
    [
      { title: "B", notes: [entry], scans: { items: [], cursor: null } },
      ["model.notes", "model.scans"],
    ],
    [{ title: "C", tracks: [{ id: 41, lyrics: entry }] }, ["model.tracks[0].lyrics"]],
  ]) {
    const answer = await post(model);
    assert.equal(answer.status, 403);
    const text = await answer.text();
    for (const place of told) assert.ok(text.includes(`CLO1212: ${place}: `), text);
  }
  assert.equal((await post({ settings: null, notes: [] })).status, 200);
  assert.equal(value(await Album.get(40)).title, "Forty");

  for (const source of ["default", "everything"]) {
    const got = value(await Album.get(40, source));
    got.title = `Forty of ${source}`;
    value(await Album.save(got));
    assert.equal(value(await Album.get(40)).title, got.title);
  }
  const got = value(await Album.get(40, "default"));
  got.settings.value.loud = false;
  const refused = await Album.save(got);
  assert.deepEqual([refused.status, refused.code], [403, "CLO1212"]);
  got.settings = null;
  value(await Album.save(got));

  const row = value(await Album.get(40, "default"));
  value(await row.rename("Renamed", null, "default"));
  const again = await row.rename("Not so", false, "default");
  assert.equal(again.status, 400);
  assert.match(again.message, /CLO1212: Album\.settings: /);
  assert.equal(value(await Album.get(40)).title, "Renamed");
  const kept = await Album.keep(value(await Album.get(40, "default")));
  assert.match(kept.message, /CLO1212: Album\.settings: /);
});

test("where data sources say what is written, what KV and R2 held is left out as well", async () => {
  const old = await prepareProject(source, "e2e-stored-old");
  const config = path.join(old, "cloesce.config.json");
  const settings = JSON.parse(await readFile(config, "utf8"));
  await writeFile(config, JSON.stringify({ ...settings, nestedWrites: "dataSource" }));
  await runCloesce(["compile"], { cwd: old });
  const running = await serveProject(old);
  try {
    const { Album, JsonEntry, TextEntry } = running.client;
    value(await Album.save({ id: 40, title: "Forty", tracks: [{ id: 41 }] }, "everything"));
    value(await JsonEntry.save("albums/40/settings", { loud: true }));
    value(await TextEntry.save("notes/40/1", "a note"));
    value(await TextEntry.save("lyrics/41", "la"));
    for (const tree of ["default", "everything"]) {
      const got = value(await Album.get(40, tree));
      got.title = `Forty of ${tree}`;
      const read = JSON.stringify(got);
      const saved = value(await Album.save(got, tree));
      assert.equal(saved.title, got.title);
      // Nothing was taken from the object that was saved.
      assert.equal(JSON.stringify(got), read);
      assert.equal(value(await Album.get(40)).title, got.title);
    }
    // A plain object around what was read, and rows below it.
    const got = value(await Album.get(40, "everything"));
    assert.equal(got.tracks[0].lyrics.value, "la");
    const [{ id, lyrics }] = got.tracks;
    value(await Album.save({ ...got, title: "Copied", tracks: [{ id, lyrics }] }, "everything"));
    assert.equal(value(await Album.get(40)).title, "Copied");
    // What was changed is told, not dropped.
    got.tracks[0].lyrics.value = "lo";
    const refused = await Album.save(got, "everything");
    assert.deepEqual([refused.status, refused.code], [403, "CLO1212"]);
    assert.match(refused.message, /model\.tracks\[0\]\.lyrics/);
    got.tracks[0].lyrics = null;
    value(await Album.save(got, "everything"));
    // Entries of KV themselves are saved whole.
    const entry = value(await TextEntry.get("lyrics/41"));
    value(await TextEntry.save("lyrics/42", entry.value));
    assert.equal(value(await TextEntry.get("lyrics/42")).value, "la");
  } finally {
    await running.stop();
  }
});

test("a model of keys alone, whose keys hold nothing that leads elsewhere", async () => {
  value(await JsonEntry.save("accounts/ann/home", { dark: true }));
  const account = value(await Account.get("ann", "home", "default"));
  assert.deepEqual(account.settings.value, { dark: true });
  assert.equal(value(await account.greet("default")), 'ann@home {"dark":true}');
  for (const user of ["nobody", "__proto__", "ann/home", "%", "ü"]) {
    const other = value(await Account.get(user, "x", "default"));
    assert.equal(other.settings, null);
    assert.equal(other.user, user);
  }
});

test("a save is answered with the key parameters that it was given, and what they lead to", async () => {
  value(await TextEntry.save("leaves/oak/1", "green"));
  const saved = value(await Leaf.save({ id: 1, branch: "oak", title: "first" }, "default"));
  assert.deepEqual([saved.id, saved.branch, saved.text?.value], [1, "oak", "green"]);
  assert.deepEqual(value(await Leaf.get(1, "oak", "default")), saved);
  const bare = value(await Leaf.save({ id: 2, title: "second" }, "default"));
  assert.deepEqual([bare.id, bare.text], [2, null]);
});

test("signed downloads and uploads are taken by an endpoint that verifies them", async () => {
  const bytes = random(1000);
  value(await Picture.put("files/a b+ü&=.bin", new Blob([bytes]), "image/x"));
  value(await Album.save({ id: 2, title: "Two", file: "files/a b+ü&=.bin" }));
  value(await Album.save({ id: 3, title: "Three", file: "files/none" }));
  const { download } = value(await Album.get(2, "downloads"));
  assert.equal(value(await Album.get(3, "downloads")).download, null);
  assert.equal(download.size, 1000);
  assert.ok(download.expires > new Date());
  const answer = await fetch(download.url);
  assert.equal(answer.status, 200);
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes);
  // Within a quarter of its 600 seconds the URL stays the same; the clock may go on to the next meanwhile.
  const quarter = () => Math.floor(Date.now() / 150_000);
  const readTwice = async () => {
    const begin = quarter();
    const urls = [];
    for (let read = 0; read < 2; read++) {
      urls.push(value(await Album.get(2, "downloads")).download.url);
      await new Promise((resolve) => setTimeout(resolve, 1100));
    }
    return begin === quarter() ? urls : readTwice();
  };
  const [once, again] = await readTwice();
  assert.equal(again, once);
  assert.equal((await fetch(again)).status, 200);
  const part = await fetch(download.url, { headers: { range: "bytes=0-9" } });
  assert.equal(part.status, 206);
  assert.equal((await part.arrayBuffer()).byteLength, 10);
  const tampered = new URL(download.url);
  for (const change of [
    (url) => (url.pathname += "x"),
    (url) => url.searchParams.set("X-Amz-Expires", "6000"),
    (url) => url.searchParams.set("more", "1"),
    (url) =>
      url.searchParams.set(
        "X-Amz-Signature",
        url.searchParams.get("X-Amz-Signature").replace(/^./, (c) => (c === "0" ? "1" : "0")),
      ),
  ]) {
    const url = new URL(tampered);
    change(url);
    assert.equal((await fetch(url)).status, 403, change.toString());
  }
  assert.equal((await fetch(download.url, { method: "DELETE" })).status, 403);

  const signed = value(await Uploads.sign("up/ü 1.png", "image/png", 4));
  const put = (headers, body, url = signed.url) => fetch(url, { method: "PUT", headers, body });
  assert.equal((await put({ "content-type": "text/html" }, "four")).status, 403);
  assert.equal((await put({ "content-type": "image/png" }, "fives")).status, 403);
  assert.equal((await Picture.head("up/ü 1.png")).status, 404);
  assert.equal((await put({ "content-type": "image/png" }, "four")).status, 200);
  const head = value(await Picture.head("up/ü 1.png"));
  assert.deepEqual([head.size, head.httpMetadata.contentType], [4, "image/png"]);
  for (const key of ["", "a/../b", "k".repeat(1025)])
    assert.equal((await Uploads.sign(key, "image/png", 1)).status, 400, key);
});

test("signed URLs hold every printable character of a key, up and down", async () => {
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const beyond = [
    "\t",
    "\x7f",
    "é",
    "ß",
    "€",
    "\u{1f600}",
    "e\u0301",
    "%41",
    "%2F",
    "a//b",
    "/a",
    "a/",
  ];
  const keys = [...printable, ...beyond].map((character) => `c${character}d`);
  const probe = async (key) => {
    const signed = value(await Uploads.sign(key, "text/plain", 3));
    const put = await fetch(signed.url, {
      method: "PUT",
      headers: { "content-type": "text/plain" },
      body: "abc",
    });
    assert.equal(put.status, 200, `PUT ${JSON.stringify(key)} ${await put.text()}`);
    assert.equal(value(await Picture.head(key)).key, key);
    value(await Album.save({ id: 77, title: "Key", file: key }));
    const got = await fetch(value(await Album.get(77, "downloads")).download.url);
    assert.equal(got.status, 200, `GET ${JSON.stringify(key)}`);
    assert.equal(await got.text(), "abc");
  };
  for (const key of keys) await probe(key);
});

test("ready-made methods answer on the path of the instance too, as they do by query", async () => {
  for (const key of ["p/é +&=?#%2F", "42", "a;b"]) {
    const segment = encodeURIComponent(key);
    const put = await api(`Picture/${segment}/put?contentType=text%2Fx`, {
      method: "PUT",
      body: "bytes",
      headers: { "content-type": "application/octet-stream" },
    });
    assert.equal(put.status, 200, await put.clone().text());
    assert.equal((await put.json()).head.key, key);
    const head = await api(`Picture/${segment}/head`, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), "5");
    const got = await api(`Picture/${segment}/get`);
    assert.deepEqual([got.headers.get("content-type"), await got.text()], ["text/x", "bytes"]);
    value(await TextEntry.save(key, "v"));
    assert.equal((await (await api(`TextEntry/${segment}/get`)).json()).value, "v");
    const streamed = await api(`StreamEntry/${segment}/save`, {
      method: "PUT",
      body: "stream",
      headers: { "content-type": "application/octet-stream" },
    });
    assert.equal(streamed.status, 200, await streamed.text());
    assert.equal(await (await api(`StreamEntry/${segment}/get`)).text(), "stream");
  }
  const raw = await api("Picture/a+b/get");
  assert.equal(raw.status, 404);
  assert.equal((await api("Picture//get")).status, 400);
  const twice = await api("Picture/a/get?key=b");
  assert.equal(twice.status, 400);
  assert.match(await twice.text(), /^CLO1203: key/);
  assert.equal((await api("Picture/a/get", { method: "POST" })).headers.get("allow"), "GET");
  assert.equal((await api("Picture/a/list")).status, 404);
});

test("an entry that is no JSON: the failure names the store, the log the key and the binding", async () => {
  value(await TextEntry.save("odd/broken", "{"));
  for (const result of [await JsonEntry.list("odd/"), await JsonEntry.get("odd/broken")])
    assert.deepEqual(status(result), [500, "CLO1305: an entry of KV is no JSON"]);
  for (let tries = 0; tries < 50 && !server.output().includes("odd/broken"); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.match(server.output(), /KV NS, .*"odd\/broken" is no JSON/);
});

test("without a secret: a 500 that the log explains, and nothing of it outside", async () => {
  await server.stop();
  await serve({ KEY_ID: credentials.accessKeyId, SECRET: "" });
  const failed = await Album.get(2, "downloads");
  assert.deepEqual(status(failed), [500, "CLO1305: the URL could not be signed"]);
  // What needs no signature goes on.
  assert.equal(value(await Album.get(2, "default")).title, "Two");
  // wrangler prints the log a little later.
  for (let tries = 0; tries < 50 && !server.output().includes("signed URLs"); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.match(
    server.output(),
    /signed URLs need the variable SECRET \(R2SecretAccessKey\), which is not set/,
  );
  assert.doesNotMatch(server.output(), /local-key-id|local-secret-key/);
});
