// Whole requests and ORM calls on the real local KV, R2 and D1, with the interface written by hand.

import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";
import { CloesceApp, createWorker, Orm } from "cloesce/backend";
import { engine } from "cloesce/engine/stored";
import { openLocalBindings } from "../support/local-bindings.mjs";
import { imageOf } from "../support/image.mjs";
import { storedClasses, storedInterface, storedTables } from "../support/stored-interface.mjs";

let release, env, worker;
const classes = storedClasses();
const { Album, TextEntry, JsonEntry, BytesEntry, StreamEntry, Picture, Account } = classes;
const calls = [];

/** The binding, with every call of its methods noted. */
function counted(name, binding) {
  return new Proxy(binding, {
    get(target, member) {
      const value = target[member];
      if (typeof value !== "function") return value;
      return (...values) => {
        calls.push(`${name}.${String(member)}`);
        return value.apply(target, values);
      };
    },
  });
}

before(async () => {
  const local = await openLocalBindings("stored", {
    kv_namespaces: [{ binding: "NS", id: "ns" }],
    r2_buckets: [{ binding: "BUCKET", bucket_name: "the-bucket" }],
    d1_databases: [{ binding: "db", database_name: "db", database_id: "db" }],
  });
  release = local.release;
  env = {
    NS: counted("NS", local.env.NS),
    BUCKET: counted("BUCKET", local.env.BUCKET),
    db: counted("db", local.env.db),
    ENDPOINT: "http://127.0.0.1:1/s3",
    KEY_ID: "id",
    SECRET: "the secret value",
  };
  for (const sql of storedTables) await env.db.prepare(sql).run();
  worker = createWorker({
    engine,
    image: imageOf(storedInterface),
    classes,
    app: new CloesceApp(),
  });
});
after(() => release?.());

async function call(method, target, init = {}, given = env) {
  const request = new Request(`http://localhost/api/${target}`, { method, ...init });
  const response = await worker.fetch(request, given, {});
  const type = response.headers.get("content-type") ?? "";
  const body = type.startsWith("application/json") ? await response.json() : await response.text();
  return { status: response.status, body, headers: response.headers };
}
const json = (value) => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
const saveEntry = (model, entry) =>
  call(
    "POST",
    `${model}/save`,
    json({ metadata: null, expirationTtl: null, expiration: null, ...entry }),
  );

test("an entry is saved, got, listed and deleted", async () => {
  const saved = await saveEntry("TextEntry", { key: "t/1", value: "ü", metadata: { a: [1] } });
  assert.deepEqual(saved.body, { key: "t/1", value: "ü", metadata: { a: [1] } });
  assert.equal(saved.status, 200);
  const got = await call("GET", "TextEntry/get?key=t%2F1");
  assert.deepEqual(got.body, saved.body);
  assert.equal((await call("GET", "TextEntry/t%2F1/shout")).body, "t/1: Ü");
  await saveEntry("TextEntry", { key: "t/2", value: "two" });
  const first = await call("GET", "TextEntry/list?prefix=t/&limit=1");
  assert.deepEqual(first.body.items, [saved.body]);
  const second = await call(
    "GET",
    `TextEntry/list?prefix=t/&limit=5&cursor=${encodeURIComponent(first.body.cursor)}`,
  );
  assert.deepEqual(second.body, {
    items: [{ key: "t/2", value: "two", metadata: null }],
    cursor: null,
  });
  assert.equal((await call("DELETE", "TextEntry/t%2F1/delete")).status, 200);
  assert.equal((await call("DELETE", "TextEntry/t%2F1/delete")).status, 200);
  const gone = await call("GET", "TextEntry/get?key=t%2F1");
  assert.deepEqual([gone.status, gone.body], [404, "CLO1301: there is no such TextEntry"]);
  assert.equal((await call("GET", "TextEntry/t%2F1/shout")).status, 404);
});

test("a model of a namespace is a parameter and a result", async () => {
  const entry = { key: "k", value: "v", metadata: { m: 1 } };
  const echoed = await call("POST", "TextEntry/echo", json({ entry }));
  assert.deepEqual(echoed.body, entry);
  for (const [wrong, message] of [
    [{ key: "k" }, /CLO1202.*entry.value: missing/],
    [{ key: 1, value: "v" }, /CLO1204.*entry.key/],
    [{ key: "k", value: 1 }, /CLO1204.*entry.value/],
    [{ key: "k", value: "v", more: 1 }, /CLO1201.*entry.more/],
  ]) {
    const refused = await call("POST", "TextEntry/echo", json({ entry: wrong }));
    assert.equal(refused.status, 400);
    assert.match(refused.body, message);
  }
});

test("JSON values are themselves; what is no JSON is a failure that the log explains", async () => {
  for (const value of [null, 1.5, "text", [1, { a: null }], { "": "\u2028\u0000" }, true]) {
    const saved = await saveEntry("JsonEntry", { key: "j", value });
    assert.deepEqual(saved.body.value, value);
    assert.deepEqual((await call("GET", "JsonEntry/j/self")).body, saved.body);
    assert.deepEqual((await call("GET", "JsonEntry/get?key=j")).body, saved.body);
  }
  for (const broken of ["", "{", "1 2", '{"__proto__":1}', '"\n"', "nul"]) {
    await env.NS.put("broken", broken);
    const log = mock.method(console, "error", () => undefined);
    const answer = await call("GET", "JsonEntry/get?key=broken");
    log.mock.restore();
    assert.equal(answer.status, 500, broken);
    assert.doesNotMatch(answer.body, /broken/);
    assert.match(
      String(log.mock.calls[0].arguments[0]),
      /KV NS, \["broken"\]: the value under "broken" is no JSON/,
    );
  }
});

test("bytes travel as forms, base64 and streams", async () => {
  const bytes = new Uint8Array(3 * 1024 * 1024).map((_, index) => index * 7);
  const form = new FormData();
  form.append("json", JSON.stringify({ key: "bytes", value: 0, metadata: { a: 1 } }));
  form.append("blob", new Blob([bytes]), "blob");
  const saved = await call("POST", "BytesEntry/save", { body: form });
  assert.equal(saved.status, 200, saved.body);
  assert.equal((await call("GET", "BytesEntry/bytes/size")).body, bytes.length);
  const got = await call("GET", "BytesEntry/get?key=bytes");
  assert.equal(got.body.value, Buffer.from(bytes).toString("base64"));
  assert.deepEqual(got.body.metadata, { a: 1 });
  const listed = await call("GET", "BytesEntry/list?prefix=bytes");
  assert.deepEqual(listed.body, { items: [got.body], cursor: null });

  const put = await call(
    "PUT",
    `StreamEntry/save?key=s&metadata=${encodeURIComponent('{"m":1}')}`,
    {
      headers: { "content-type": "application/octet-stream" },
      body: bytes,
    },
  );
  assert.deepEqual([put.status, put.body], [200, ""]);
  for (const target of ["StreamEntry/get?key=s", "StreamEntry/s/read"]) {
    const response = await worker.fetch(new Request(`http://localhost/api/${target}`), env, {});
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  }
  assert.deepEqual((await env.NS.getWithMetadata("s", "text")).metadata, { m: 1 });
  assert.equal((await call("GET", "StreamEntry/get?key=missing")).status, 404);
});

test("keys are checked where they come in, and taken as they are", async () => {
  const odd = [
    "__proto__",
    "../x",
    "%2F",
    "a b?#&",
    "42",
    "é/\u{1f600}",
    "k".repeat(512),
    "constructor",
  ];
  for (const key of odd) {
    assert.equal((await saveEntry("TextEntry", { key, value: "v" })).status, 200, key);
    const path = `TextEntry/${encodeURIComponent(key)}/shout`;
    assert.equal((await call("GET", path)).body, `${key}: V`);
    const got = await call("GET", `TextEntry/get?key=${encodeURIComponent(key)}`);
    assert.equal(got.body.key, key);
  }
  for (const [key, message] of [
    ["", /key: a key of KV has 1 to 512 bytes/],
    [".", /neither \. nor \.\.|must not be/],
    ["..", /neither \. nor \.\.|must not be/],
    ["é".repeat(256) + "x", /1 to 512 bytes/],
  ]) {
    for (const answer of [
      await saveEntry("TextEntry", { key, value: "v" }),
      await call("GET", `TextEntry/get?key=${encodeURIComponent(key)}`),
      ...(key.startsWith(".")
        ? []
        : [
            await call("GET", `TextEntry/${encodeURIComponent(key)}/shout`),
            await call("DELETE", `TextEntry/${encodeURIComponent(key)}/delete`),
          ]),
    ]) {
      assert.equal(answer.status, 400, key.slice(0, 9));
      assert.match(answer.body, message);
    }
  }
  const long = await call("GET", `Picture/get?key=${"k".repeat(1025)}`);
  assert.deepEqual(
    [long.status, /key: a key of R2 has 1 to 1024 bytes/.test(long.body)],
    [400, true],
  );
  for (const [query, message] of [
    ["limit=0", /limit: expected a whole number from 1 to 1000/],
    ["limit=1001", /limit: expected/],
    [`prefix=${"p".repeat(513)}`, /prefix/],
  ]) {
    const refused = await call("GET", `TextEntry/list?${query}`);
    assert.equal(refused.status, 400, query);
    assert.match(refused.body, message);
  }
});

test("limits of KV are the caller's to keep", async () => {
  for (const [entry, status, message] of [
    [{ metadata: "x".repeat(1023) }, 413, /metadata: at most 1024 bytes/],
    [{ expirationTtl: 59 }, 400, /expirationTtl: at least 60/],
    [{ expiration: 5 }, 400, /expiration: at least 60/],
    [{ expirationTtl: 60, expiration: 1e12 }, 400, /exclude each other/],
  ]) {
    const refused = await saveEntry("TextEntry", { key: "limit", value: "v", ...entry });
    assert.equal(refused.status, status);
    assert.match(refused.body, message);
  }
  assert.equal(await env.NS.get("limit"), null);
  const most = 25 * 1024 * 1024;
  for (const [size, status] of [
    [most, 200],
    [most + 1, 413],
  ]) {
    const form = new FormData();
    form.append("json", JSON.stringify({ key: `size${size}`, value: 0 }));
    form.append("blob", new Blob([new Uint8Array(size)]), "blob");
    assert.equal((await call("POST", "BytesEntry/save", { body: form })).status, status);
  }
  assert.equal((await call("GET", `BytesEntry/size${most}/size`)).body, most);
});

test("objects are put, described, served, listed and deleted", async () => {
  await env.BUCKET.put("p/1", "0123456789", {
    httpMetadata: { contentType: "text/x" },
    customMetadata: { by: "me" },
  });
  const { head } = (await call("GET", "Picture/p%2F1/self")).body;
  assert.equal(head.key, "p/1");
  assert.deepEqual(head.customMetadata, { by: "me" });
  const described = await call("GET", "Picture/p%2F1/describe");
  assert.deepEqual(described.body, {
    uploaded: true,
    md5: 16,
    headers: [["content-type", "text/x"]],
  });
  const whole = await call("GET", "Picture/get?key=p%2F1");
  assert.deepEqual([whole.status, whole.body], [200, "0123456789"]);
  assert.equal(whole.headers.get("content-type"), "text/x");
  const part = await call("GET", "Picture/get?key=p%2F1", { headers: { range: "bytes=2-3" } });
  assert.deepEqual([part.status, part.body], [206, "23"]);
  const same = await call("GET", "Picture/get?key=p%2F1", {
    headers: { "if-none-match": head.httpEtag },
  });
  assert.deepEqual([same.status, same.body], [304, ""]);
  for (const target of ["Picture/head?key=p%2F1", "Picture/p%2F1/own"]) {
    const answer = await call("HEAD", target);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("etag"), head.httpEtag);
    assert.equal(answer.headers.get("content-length"), "10");
    assert.deepEqual(JSON.parse(decodeURIComponent(answer.headers.get("cloesce-object"))), head);
  }
  const listed = await call("GET", "Picture/list?prefix=p/");
  assert.deepEqual(listed.body, { items: [head], cursor: null });
  for (const target of ["head", "get"])
    assert.equal((await call(target.toUpperCase(), `Picture/${target}?key=no`)).status, 404);
  assert.equal((await call("GET", "Picture/no/self")).status, 404);
  assert.equal((await call("DELETE", "Picture/p%2F1/delete")).status, 200);
  assert.equal((await call("DELETE", "Picture/p%2F1/delete")).status, 200);
  assert.equal((await call("GET", "Picture/p%2F1/self")).status, 404);
  const wrong = await call("PUT", "Picture/put?key=x&metadata=[1]", {
    headers: { "content-type": "application/octet-stream", "content-length": "1" },
    body: "1",
  });
  assert.equal(wrong.status, 400);
});

test("fields are filled where a tree names them, and missing ones are null", async () => {
  const album = await call("POST", "Album/save", json({ model: { id: 1, title: "One" } }));
  assert.equal(album.status, 200, album.body);
  assert.deepEqual([album.body.settings, album.body.blurb, album.body.cover], [null, null, null]);
  await env.NS.put("albums/1/settings", '{"loud":true}', { metadata: "m" });
  await env.NS.put("albums/1/blurb", "blurb");
  await env.NS.put("seen/me/1", "yesterday");
  await env.NS.put("thumbnails/1", new Uint8Array([1, 2, 3]));
  await env.BUCKET.put("covers/1.png", "png");
  await env.db.prepare(`insert into "Track" values (7, 1), (8, 1)`).run();
  await env.NS.put("lyrics/8", "la la");

  calls.length = 0;
  const got = await call("GET", "Album/get?id=1&viewer=me");
  assert.equal(got.status, 200, got.body);
  assert.deepEqual(got.body.settings, {
    key: "albums/1/settings",
    value: { loud: true },
    metadata: "m",
  });
  assert.equal(got.body.blurb.value, "blurb");
  assert.equal(got.body.cover.size, 3);
  assert.equal(got.body.viewer, "me");
  assert.equal(got.body.seen, undefined);
  // All keys are known from the URL: one wait for everything.
  const kv = "NS.getWithMetadata"; // one for texts, one for JSON
  assert.deepEqual(calls.sort(), ["BUCKET.head", kv, kv, "db.prepare"]);

  const summary = await call("GET", "Album/1/me/summary?__datasource=tracks");
  assert.deepEqual(summary.body, {
    viewer: "me",
    settings: null,
    thumbnail: 3,
    seen: "yesterday",
    lyrics: [null, "la la"],
    download: null,
  });
  const json1 = await call("GET", "Album/get?id=1&viewer=me&__datasource=tracks");
  assert.equal(json1.body.thumbnail.value, "AQID");
  assert.equal((await call("GET", "Album/2/me/summary")).status, 404);
  assert.equal((await call("GET", "Album/get?id=2&viewer=me")).status, 404);
  const sum = await call("POST", "Album/sum", json({ album: got.body }));
  assert.deepEqual(sum.body, { title: "One", settings: { loud: true } });
});

test("lists and pages of a prefix", async () => {
  for (let number = 0; number < 3; number++) {
    await env.NS.put(`notes/1/${number}`, `note ${number}`);
    await env.BUCKET.put(`scans/1/${number}`, "x".repeat(number));
  }
  const { body } = await call("GET", "Album/get?id=1&viewer=x&__datasource=lists");
  assert.deepEqual(
    body.notes.map((note) => note.value),
    ["note 0", "note 1", "note 2"],
  );
  assert.deepEqual(
    body.notePage.items.map((note) => note.key),
    ["notes/1/0", "notes/1/1"],
  );
  assert.equal(typeof body.notePage.cursor, "string");
  assert.deepEqual(
    body.scans.map((scan) => scan.size),
    [0, 1, 2],
  );
  const orm = Orm.fromEnv(env);
  const next = (
    await orm.get(Album, 1, { notePage: { limit: 2, cursor: body.notePage.cursor } })
  ).unwrap();
  assert.deepEqual(
    next.notePage.items.map((note) => note.value),
    ["note 2"],
  );
  assert.equal(next.notePage.cursor, null);
});

test("downloads are signed, and null without an object, a key, or a key that a URL can hold", async () => {
  await env.BUCKET.put("files/a b+é.txt", "file");
  await env.BUCKET.put("x/../y", "dots");
  await env.NS.put("set", "[1]");
  for (const [id, file] of [
    [10, "files/a b+é.txt"],
    [11, "missing"],
    [12, null],
    [13, "x/../y"],
    [14, "k".repeat(2000)],
  ]) {
    await env.db
      .prepare(`insert into "Album" values (?1, 't', ?2, ?3)`)
      .bind(id, file, id === 10 ? "set" : null)
      .run();
  }
  const { body } = await call("GET", "Album/list?__datasource=downloads");
  const byId = Object.fromEntries(body.map((album) => [album.id, album]));
  const { download } = byId[10];
  const url = new URL(download.url);
  assert.equal(
    url.origin + url.pathname,
    "http://127.0.0.1:1/s3/the-bucket/files/a%20b%2B%C3%A9.txt",
  );
  assert.equal(url.searchParams.get("X-Amz-Expires"), "600");
  assert.equal(url.searchParams.get("response-content-type"), "image/x");
  assert.equal(download.size, 4);
  assert.deepEqual(byId[10].set, { key: "set", value: [1], metadata: null });
  assert.equal(byId[12].set, null);
  assert.deepEqual(
    [11, 12, 13, 14].map((id) => byId[id].download),
    [null, null, null, null],
  );
  const summary = await call("GET", "Album/10/x/summary?__datasource=downloads");
  assert.deepEqual(summary.body.download, [true, 4]);
});

test("a download keeps its URL for a quarter of its life, and says rightly when it ends", async () => {
  await env.BUCKET.put("files/same.txt", "file");
  await env.db.prepare(`insert into "Album" values (20, 't', 'files/same.txt', null)`).run();
  const begin = Date.UTC(2026, 10, 21, 12);
  const readAt = async (seconds) => {
    mock.timers.setTime(begin + seconds * 1000);
    const { body } = await call("GET", "Album/list?__datasource=downloads");
    return body.find((album) => album.id === 20).download;
  };
  mock.timers.enable({ apis: ["Date"], now: begin });
  try {
    const first = await readAt(1);
    assert.equal(new URL(first.url).searchParams.get("X-Amz-Date"), "20261121T120000Z");
    assert.equal(first.expires, "2026-11-21T12:10:00.000Z");
    const last = await readAt(149);
    assert.deepEqual([last.url, last.expires], [first.url, first.expires]);
    const next = await readAt(150);
    assert.notEqual(next.url, first.url);
    assert.equal(next.expires, "2026-11-21T12:12:30.000Z");
  } finally {
    mock.timers.reset();
  }
});

test("a missing secret is a 500 that the log explains and nobody else sees", async () => {
  const log = mock.method(console, "error", () => undefined);
  const answer = await call("GET", "Album/list?__datasource=downloads", {}, { ...env, KEY_ID: "" });
  log.mock.restore();
  assert.equal(answer.status, 500);
  assert.doesNotMatch(answer.body, /KEY_ID|secret/i);
  assert.match(
    String(log.mock.calls[0].arguments[0]),
    /signed URLs need the variable KEY_ID \(R2AccessKeyId\), which is not set/,
  );
  assert.doesNotMatch(String(log.mock.calls[0].arguments[0]), /the secret value/);
});

test("a model of keys alone", async () => {
  await env.NS.put("accounts/ann/home", '{"dark":1}');
  for (const name of ["1", "2", "3"]) await env.BUCKET.put(`accounts/ann/${name}`, name);
  calls.length = 0;
  const { body } = await call("GET", "Account/get?user=ann&place=home");
  assert.equal(body.user, "ann");
  assert.equal(body.place, "home");
  assert.deepEqual(body.settings.value, { dark: 1 });
  assert.deepEqual(
    body.files.items.map((file) => file.key),
    ["accounts/ann/1", "accounts/ann/2"],
  );
  assert.deepEqual(calls.sort(), ["BUCKET.list", "NS.getWithMetadata"]);
  assert.equal((await call("GET", "Account/ann/home/greet")).body, 'ann@home {"dark":1}');
  assert.equal((await call("GET", "Account/nobody/home/greet")).body, "nobody@home null");
  // Values with a slash, and empty ones, make no key: they would reach those of another template.
  assert.equal((await call("GET", "Account/a%2Fb/home/greet")).body, "a/b@home null");
  assert.equal((await call("GET", "Account//home/greet")).body, "@home null");
  const none = await call("GET", "Account/get?user=ann&place=home&__datasource=none");
  assert.deepEqual(none.body, { user: "ann", place: "home" });
});

test("100 models with two KV fields and one R2 field: one query, two KV calls, 100 heads", async () => {
  await env.db.prepare(`delete from "Track"`).run();
  await env.db.prepare(`delete from "Album"`).run();
  const rows = Array.from({ length: 100 }, (_, index) => `(${index + 1000}, 'a', null, null)`);
  await env.db.prepare(`insert into "Album" values ${rows.join()}`).run();
  await env.NS.put("albums/1099/blurb", "last");
  await env.BUCKET.put("covers/1042.png", "png");
  calls.length = 0;
  const { body } = await call("GET", "Album/list");
  assert.equal(body.length, 100);
  assert.equal(body[99].blurb.value, "last");
  assert.equal(body[42].cover.size, 3);
  assert.equal(body[41].cover, null);
  const counts = {};
  for (const name of calls) counts[name] = (counts[name] ?? 0) + 1;
  console.log(`binding calls for 100 models: ${JSON.stringify(counts)}`);
  assert.deepEqual(counts, { "db.prepare": 1, "NS.getWithMetadata": 2, "BUCKET.head": 100 });
});

test("the ORM reads and writes every kind of model", async () => {
  const orm = Orm.fromEnv(env);
  const saved = (await orm.save(JsonEntry, { key: "o/1", value: { a: 1 } })).unwrap();
  assert.ok(saved instanceof JsonEntry);
  const got = (await orm.get(JsonEntry, "o/1")).unwrap();
  assert.ok(got instanceof JsonEntry);
  assert.deepEqual({ ...got }, { key: "o/1", value: { a: 1 }, metadata: null });
  assert.equal((await orm.get(JsonEntry, "o/2")).unwrap(), null);
  const page = (await orm.page(JsonEntry, { prefix: "o/", limit: 10 })).unwrap();
  assert.ok(page.items[0] instanceof JsonEntry);
  assert.equal(page.cursor, null);
  (await orm.save(BytesEntry, { key: "o/bytes", value: new Uint8Array([1, 2]) })).unwrap();
  assert.deepEqual((await orm.get(BytesEntry, "o/bytes")).unwrap().value, new Uint8Array([1, 2]));
  assert.equal((await orm.delete(JsonEntry, "o/1")).unwrap(), true);
  assert.equal((await orm.get(JsonEntry, "o/1")).unwrap(), null);
  assert.match(
    (await orm.save(JsonEntry, { key: "", value: 1 })).unwrapLeft().message,
    /key: a key of KV has 1 to 512 bytes/,
  );
  assert.match((await orm.get(JsonEntry, "x".repeat(513))).unwrapLeft().message, /1 to 512 bytes/);

  const picture = (await orm.save(Picture, { key: "o/p", value: "bytes" })).unwrap();
  assert.equal(picture.head.size, 5);
  const read = (await orm.get(Picture, "o/p")).unwrap();
  assert.ok(read instanceof Picture);
  assert.ok(read.head.uploaded instanceof Date);
  const pictures = (await orm.page(Picture, { prefix: "o/" })).unwrap();
  assert.equal(pictures.items[0].head.key, "o/p");

  const account = (
    await orm.get(Account, { user: "ann", place: "home" }, { settings: {} })
  ).unwrap();
  assert.ok(account instanceof Account);
  assert.deepEqual(account.settings.value, { dark: 1 });
  assert.equal(account.files, undefined);

  const album = (
    await orm.get(Album, { id: 1099, viewer: "me" }, { blurb: {}, seen: {} })
  ).unwrap();
  assert.equal(album.blurb.value, "last");
  assert.equal(album.seen, null);
  const hydrated = (await orm.hydrate(Album, { id: 1099 }, { blurb: {} })).unwrap();
  assert.ok(hydrated instanceof Album);
  assert.equal(hydrated.blurb.value, "last");
  const listed = (await orm.hydrate(Album, [{ id: 1 }, { id: 1099 }], { blurb: {} })).unwrap();
  const related = await orm.hydrate(Album, { id: 1 }, { blurb: {}, tracks: {} });
  assert.match(related.unwrapLeft().message, /CLO1403.*hydrate reads no relations.*tracks/);
  assert.deepEqual(
    listed.map((item) => item.blurb?.value),
    ["blurb", "last"],
  );
  await env.db.prepare(`update "Album" set "file" = 'o/p' where "id" = 1099`).run();
  const { results } = await env.db
    .prepare(Orm.listQuery(Album, { from: `select * from "Album" where "id" >= 1098` }))
    .all();
  const mapped = (await orm.mapSql(Album, results, { download: { expiresIn: 60 } })).unwrap();
  assert.equal(mapped[0].download, null);
  assert.match(mapped[1].download.url, /\/the-bucket\/o\/p\?(.*&)?X-Amz-Expires=60&/);
  assert.equal(Orm.mapSql(Album, results, { download: {} }).unwrap()[1].download, undefined);

  for (const tree of [
    { download: { expiresIn: 0 } },
    { download: { expiresIn: 604801 } },
    { download: { Range: "bytes=0-1" } },
    { notePage: { limit: 1001 } },
    { nothing: {} },
  ]) {
    const failed = await orm.get(Album, 1099, tree);
    assert.match(
      failed.unwrapLeft().message,
      /CLO1402|expected a whole number|no signed URL can carry/,
      JSON.stringify(tree),
    );
  }
});

test("uploads are signed with what they are bound to", async () => {
  const orm = Orm.fromEnv(env);
  const signed = (
    await orm.signUpload(Picture, "up/é 1.png", {
      contentType: "image/png",
      contentLength: 5,
      expiresIn: 60,
    })
  ).unwrap();
  const url = new URL(signed.url);
  assert.equal(url.pathname, "/s3/the-bucket/up/%C3%A9%201.png");
  assert.equal(url.searchParams.get("X-Amz-SignedHeaders"), "content-length;content-type;host");
  assert.deepEqual(signed.headers, { "content-type": "image/png", "content-length": "5" });
  assert.equal(signed.method, "PUT");
  assert.ok(signed.expires > new Date() && signed.expires < new Date(Date.now() + 61_000));
  for (const [key, options] of [
    ["", {}],
    ["a/../b", {}],
    ["k".repeat(1025), {}],
    ["k", { expiresIn: 604801 }],
  ]) {
    assert.match(
      (await orm.signUpload(Picture, key, options)).unwrapLeft().message,
      /key: |expiresIn: expected/,
    );
  }
  const failed = await Orm.fromEnv({ ...env, SECRET: undefined }).signUpload(Picture, "k");
  assert.match(
    failed.unwrapLeft().message,
    /the variable SECRET \(R2SecretAccessKey\), which is not set/,
  );
});
