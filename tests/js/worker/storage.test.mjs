// Storage operations, object serving and writes on the real local KV and R2 of workerd.

import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";
import { openLocalBindings } from "../../support/local-bindings.mjs";
import { serveObject } from "../../../dist/worker/serve-object.js";
import { performStorage } from "../../../dist/stored/operations.js";
import { deleteKey, putObject, saveEntry } from "../../../dist/stored/writes.js";

let release, env;

before(async () => {
  ({ env, release } = await openLocalBindings("storage", {
    kv_namespaces: [{ binding: "NS", id: "ns" }],
    r2_buckets: [{ binding: "BUCKET", bucket_name: "bucket" }],
  }));
});
after(() => release?.());

// As the core reads answers: each ends with \x1e, each part of one with \x1f, and all parts are JSON.
const perform = async (operations, kept = []) => {
  const text = await performStorage(JSON.stringify(operations), {
    env,
    kept,
    signing: { endpoint: "ENDPOINT", accessKeyId: "KEY_ID", secretAccessKey: "SECRET" },
    encodeBase64: (bytes) => Buffer.from(bytes).toString("base64"),
  });
  return text.split("\x1e").map((answer) => answer.split("\x1f").map((part) => JSON.parse(part)));
};

test("a download is signed once in a quarter of its time, and anew with other keys", async () => {
  const sign = mock.method(crypto.subtle, "sign");
  mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 21) });
  try {
    Object.assign(env, { ENDPOINT: "https://r2.example", KEY_ID: "id", SECRET: "first" });
    const operation = ["sign", "bucket", "covers/1.png", { expiresIn: "600" }];
    const [[first]] = await perform([operation]);
    const [[other]] = await perform([["sign", "bucket", "covers/2.png", { expiresIn: "600" }]]);
    const signatures = sign.mock.callCount();
    assert.ok(signatures > 0 && other.url !== first.url);
    assert.deepEqual(await perform([operation, operation]), [[first], [first]]);
    assert.equal(sign.mock.callCount(), signatures);
    env.SECRET = "second";
    const [[changed]] = await perform([operation]);
    assert.notEqual(changed.url, first.url);
    mock.timers.setTime(Date.UTC(2026, 10, 21, 0, 2, 30));
    const [[later]] = await perform([operation]);
    assert.equal(later.expires, "2026-11-21T00:12:30.000Z");
  } finally {
    mock.timers.reset();
    sign.mock.restore();
    for (const name of ["ENDPOINT", "KEY_ID", "SECRET"]) delete env[name];
  }
});

test("texts come in bulk with their metadata, missing keys as null, in the order asked", async () => {
  await env.NS.put("a", "Ä", { metadata: { n: 1 } });
  await env.NS.put("42", "forty-two");
  await env.NS.put("__proto__", "odd");
  const answers = await perform([
    ["kv", "NS", "text", ["missing", "a", "missing too"], 0],
    ["kv", "NS", "text", ["42"], 60],
    ["kv", "NS", "text", ["__proto__"], 0],
    ["kv", "NS", "text", ["missing"], 0],
  ]);
  assert.deepEqual(answers, [
    [null],
    ["Ä", { n: 1 }],
    [null],
    ["forty-two", null],
    ["odd", null],
    [null],
  ]);
});

test("values that are too large together come in halves", async () => {
  const megabytes = 9 * 1024 * 1024;
  for (const key of ["x", "y", "z"]) await env.NS.put(key, key.repeat(megabytes));
  const entries = await perform([["kv", "NS", "text", ["x", "y", "z"], 0]]);
  assert.deepEqual(
    entries.map(([text]) => [text[0], text.length]),
    [
      ["x", megabytes],
      ["y", megabytes],
      ["z", megabytes],
    ],
  );
});

test("bytes come as base64, or are kept", async () => {
  await env.NS.put("bytes", new Uint8Array([0, 255, 128]), { metadata: "m" });
  const kept = [];
  const answers = await perform(
    [
      ["kv", "NS", "base64", ["bytes"], 0],
      ["kv", "NS", "keep", ["bytes"], 0],
      ["kv", "NS", "stream", ["bytes"], 0],
      ["kv", "NS", "keep", ["missing"], 0],
    ],
    kept,
  );
  assert.deepEqual(answers[0], ["AP+A", "m"]);
  assert.deepEqual([...kept[answers[1][0]]], [0, 255, 128]);
  const [number] = answers[2];
  assert.deepEqual(
    new Uint8Array(await new Response(kept[number]).arrayBuffer()),
    new Uint8Array([0, 255, 128]),
  );
  assert.deepEqual(answers[3], [null]);
});

test("keys are listed by prefix and go on from a cursor", async () => {
  for (let number = 0; number < 5; number++) await env.NS.put(`list/${number}`, "v");
  const [[cursor, ...first]] = await perform([["kvList", "NS", "list/", { limit: "3" }]]);
  assert.deepEqual(first, ["list/0", "list/1", "list/2"]);
  const second = await perform([["kvList", "NS", "list/", { limit: "3", cursor }]]);
  assert.deepEqual(second, [[null, "list/3", "list/4"]]);
  await assert.rejects(perform([["kvList", "NS", "list/", { limit: "1001" }]]), /limit: expected/);
});

test("JSON comes as it was stored; what is no JSON is a failure that names the key", async () => {
  await env.NS.put("json", ' {"a":\n[1]}\n');
  assert.deepEqual(await perform([["kv", "NS", "json", ["json"], 0]]), [[{ a: [1] }, null]]);
  const escaped = String.raw`[{"\u005f_proto__":1}]`;
  for (const broken of ["", "{", "1 2", '{"__proto__":1}', escaped, "nul"]) {
    await env.NS.put("broken", broken);
    await assert.rejects(
      perform([["kv", "NS", "json", ["json", "broken"], 0]]),
      /^Error: KV NS, .*: the value under "broken" is no JSON$/,
    );
  }
});

test("JSON may speak of a prototype, as long as it does not set one", async () => {
  const harmless = String.raw`["__proto__",{"a":"\"__proto__\":1"}]`;
  await env.NS.put("harmless", harmless);
  const [[value]] = await perform([["kv", "NS", "json", ["harmless"], 0]]);
  assert.deepEqual(value, JSON.parse(harmless));
});

test("heads and lists of objects say all but the bytes", async () => {
  await env.BUCKET.put("h/1", "hello", {
    httpMetadata: { contentType: "text/plain", cacheExpiry: new Date(1000) },
    customMetadata: { by: "me" },
  });
  const [[head], [missing], listed] = await perform([
    ["head", "BUCKET", "h/1"],
    ["head", "BUCKET", "h/2"],
    ["r2List", "BUCKET", "h/", {}],
  ]);
  assert.equal(missing, null);
  assert.equal(head.size, 5);
  assert.equal(head.checksums.md5, "5d41402abc4b2a76b9719d911017c592");
  assert.deepEqual(head.httpMetadata, {
    contentType: "text/plain",
    cacheExpiry: "1970-01-01T00:00:01.000Z",
  });
  assert.deepEqual(head.customMetadata, { by: "me" });
  assert.deepEqual(listed, [null, head]);
});

test("a missing binding or secret is named, a secret's value never", async () => {
  await assert.rejects(perform([["head", "NOWHERE", "k"]]), /the env has no binding "NOWHERE"/);
  await assert.rejects(
    perform([["sign", "b", "k", {}]]),
    /the variable ENDPOINT \(R2Endpoint\), which is not set/,
  );
});

test("an entry is saved in the form of its model, within the limits of KV", async () => {
  const store = (value) => ({ binding: "NS", value, expirationTtl: null });
  await saveEntry(env, store("json"), { key: "s/json", value: "text", metadata: { a: 1 } });
  await saveEntry(env, store("text"), { key: "s/text", value: "text" });
  await saveEntry(env, store("bytes"), { key: "s/bytes", value: new Uint8Array([1, 2]).buffer });
  const [json, text, bytes] = await perform([
    ["kv", "NS", "text", ["s/json", "s/text"], 0],
    ["kv", "NS", "base64", ["s/bytes"], 0],
  ]);
  assert.deepEqual(
    [json, text, bytes],
    [
      ['"text"', { a: 1 }],
      ["text", null],
      ["AQI=", null],
    ],
  );

  const refused = async (entry, status, message) => {
    await assert.rejects(
      saveEntry(env, store("text"), { key: "k", value: "v", ...entry }),
      (error) => {
        assert.equal(error.status, status);
        assert.match(error.message, message);
        return true;
      },
    );
  };
  await refused({ key: "" }, 400, /CLO1004: key: a key of KV has 1 to 512 bytes/);
  await refused({ key: "é".repeat(256) + "x" }, 400, /a key of KV/);
  await refused({ key: ".." }, 400, /neither \. nor \.\./);
  await refused({ metadata: "x".repeat(1023) }, 413, /metadata: at most 1024 bytes/);
  await refused({ value: "x".repeat(25 * 1024 * 1024 + 1) }, 413, /value: at most 26214400 bytes/);
  await refused({ expirationTtl: 59 }, 400, /expirationTtl: at least 60/);
  await refused({ expiration: Math.floor(Date.now() / 1000) + 50 }, 400, /expiration: at least 60/);
  await refused({ expirationTtl: 60, expiration: 1e11 }, 400, /exclude each other/);
  await saveEntry(env, store("text"), {
    key: "x".repeat(512),
    value: "x".repeat(25 * 1024 * 1024),
    metadata: "x".repeat(1022),
    expirationTtl: 60,
  });
});

test("an object is put with its type and metadata, within the limits of R2", async () => {
  const store = { binding: "BUCKET", value: null, expirationTtl: null };
  const { head } = await putObject(env, store, {
    key: "p/1",
    value: "bytes",
    contentType: "text/x",
    metadata: { a: "b".repeat(8191) },
  });
  assert.equal(head.size, 5);
  const refused = (object, message) =>
    assert.rejects(putObject(env, store, { key: "k", value: "v", ...object }), message);
  await refused({ key: "x".repeat(1025) }, /CLO1004: key: a key of R2 has 1 to 1024 bytes/);
  await refused({ contentType: "a\nb" }, /contentType/);
  await refused({ metadata: { a: 1 } }, /metadata: an object of texts/);
  await refused({ metadata: ["a"] }, /metadata: an object of texts/);
  await refused({ metadata: { a: "b".repeat(8192) } }, /metadata: at most 8192 bytes/);
  await deleteKey(env, store, "p/1");
  await deleteKey(env, store, "p/1");
  assert.equal(await env.BUCKET.head("p/1"), null);
});

test("an object is served whole, in part, or not at all", async () => {
  const stored = await env.BUCKET.put("served", "0123456789", {
    httpMetadata: { contentType: "text/plain", cacheControl: "max-age=5" },
  });
  const serve = async (headers = {}, method = "GET") => {
    const request = new Request("http://localhost/", { method, headers });
    const result = await serveObject(env.BUCKET, "served", request, { "x-own": "1" });
    const text = result.data === undefined ? null : await new Response(result.data).text();
    return { status: result.status, text, headers: result.headers };
  };
  const whole = await serve();
  assert.equal(whole.status, 200);
  assert.equal(whole.text, "0123456789");
  assert.equal(whole.headers.get("content-type"), "text/plain");
  assert.equal(whole.headers.get("cache-control"), "max-age=5");
  assert.equal(whole.headers.get("etag"), stored.httpEtag);
  assert.equal(whole.headers.get("x-own"), "1");
  assert.equal(whole.headers.get("content-range"), null);

  const cases = [
    [{ range: "bytes=2-4" }, 206, "234", "bytes 2-4/10"],
    [{ range: "bytes=8-" }, 206, "89", "bytes 8-9/10"],
    [{ range: "bytes=-3" }, 206, "789", "bytes 7-9/10"],
    [{ range: "bytes=5-999" }, 206, "56789", "bytes 5-9/10"],
    [{ range: "bytes=0-0" }, 206, "0", "bytes 0-0/10"],
    [{ range: "bytes=10-" }, 416, null, "bytes */10"],
    [{ range: "bytes=10-10" }, 416, null, "bytes */10"],
    [{ range: "bytes=-0" }, 416, null, "bytes */10"],
    [{ range: "bytes=99999999999999999999-" }, 416, null, "bytes */10"],
    [{ range: "bytes=-" }, 200, "0123456789", null],
    [{ range: "bytes=0-1,3-4" }, 200, "0123456789", null],
    [{ range: "lines=1-2" }, 200, "0123456789", null],
    [{ range: "bytes=4-2" }, 200, "0123456789", null],
    [{ "if-none-match": stored.httpEtag }, 304, null, null],
    [{ "if-none-match": `"x", W/${stored.httpEtag}` }, 304, null, null],
    [{ "if-none-match": "*" }, 304, null, null],
    [{ "if-none-match": '"x"' }, 200, "0123456789", null],
    [{ "if-match": '"x"' }, 412, null, null],
    [{ "if-match": stored.httpEtag }, 200, "0123456789", null],
    [{ "if-match": "*" }, 200, "0123456789", null],
    [{ "if-match": stored.httpEtag, "if-none-match": stored.httpEtag }, 304, null, null],
    [{ "if-modified-since": new Date(Date.now() + 9e6).toUTCString() }, 304, null, null],
    [{ "if-modified-since": new Date(0).toUTCString() }, 200, "0123456789", null],
    [{ "if-unmodified-since": new Date(0).toUTCString() }, 412, null, null],
    [{ range: "bytes=1-2", "if-range": stored.httpEtag }, 206, "12", "bytes 1-2/10"],
    [{ range: "bytes=1-2", "if-range": '"x"' }, 200, "0123456789", null],
    [{ range: "bytes=1-2", "if-none-match": stored.httpEtag }, 304, null, null],
  ];
  for (const [headers, status, text, range] of cases) {
    const answer = await serve(headers);
    const name = JSON.stringify(headers);
    assert.equal(answer.status, status, name);
    assert.equal(answer.text, status >= 400 ? null : text, name);
    assert.equal(answer.headers.get("content-range"), range, name);
  }
  for (const [headers, status] of [
    [{}, 200],
    [{ range: "bytes=0-1" }, 200],
    [{ "if-none-match": stored.httpEtag }, 304],
    [{ "if-match": '"x"' }, 412],
  ]) {
    const answer = await serve(headers, "HEAD");
    assert.equal(answer.status, status, JSON.stringify(headers));
    assert.equal(answer.text, null);
    if (status === 200) assert.equal(answer.headers.get("content-length"), "10");
  }
  const missing = await serveObject(env.BUCKET, "nothing", new Request("http://localhost/"));
  assert.equal(missing.status, 404);
});
