// The Cache API: one suite over every implementation.
import assert from "node:assert/strict";
import { Request as MiniflareRequest, Response as MiniflareResponse } from "miniflare";
import { conformance, fails, textOf } from "./implementations.mjs";

const url = "http://example.com/a?b=c";
const text = "hello world";
const fresh = { "cache-control": "max-age=100" };

/** Miniflare takes its own classes alone. */
function makers(cache) {
  const local = cache.constructor.name === "LocalCache";
  return {
    response: (body, init) => new (local ? Response : MiniflareResponse)(body, init),
    request: (target, init) => new (local ? Request : MiniflareRequest)(target, init),
  };
}

async function stored(cache, headers, status = 200, body = text) {
  const { response } = makers(cache);
  await cache.put(url, response(status === 204 ? null : body, { status, headers }));
  const found = await cache.match(url);
  await found?.text();
  return found;
}

conformance("cache", [
  {
    name: "a response comes back with its status and headers",
    async run(opening) {
      const cache = await opening;
      const found = await stored(cache, { ...fresh, "x-own": "1" }, 404);
      assert.equal(found.status, 404);
      assert.equal(found.headers.get("x-own"), "1");
      assert.equal(found.headers.get("cf-cache-status"), "HIT");
      assert.equal(await (await cache.match(url)).text(), text);
      assert.equal(await cache.match("http://example.com/other"), undefined);
    },
  },
  {
    name: "the key is the URL without its fragment, the host in any case",
    async run(opening) {
      const cache = await opening;
      await stored(cache, fresh);
      for (const same of ["http://EXAMPLE.com/a?b=c", "http://example.com:80/a?b=c#x"])
        assert.notEqual(await cache.match(same), undefined, same);
      for (const other of [
        "http://example.com/A?b=c",
        "http://example.com/a?B=c",
        "http://example.com/a",
        "https://example.com/a?b=c",
      ])
        assert.equal(await cache.match(other), undefined, other);
    },
  },
  {
    name: "delete says whether there was something",
    async run(opening) {
      const cache = await opening;
      await stored(cache, fresh);
      assert.equal(await cache.delete(url), true);
      assert.equal(await cache.delete(url), false);
      assert.equal(await cache.match(url), undefined);
    },
  },
  {
    name: "methods other than GET neither match nor are stored",
    async run(opening) {
      const cache = await opening;
      const { request, response } = makers(cache);
      await stored(cache, fresh);
      const post = () => request(url, { method: "POST" });
      assert.equal(await cache.match(post()), undefined);
      assert.equal(await (await cache.match(post(), { ignoreMethod: true })).text(), text);
      assert.equal(await cache.delete(post()), false);
      await fails(
        () => cache.put(post(), response(text, { headers: fresh })),
        "Cannot cache response to non-GET request.",
        "TypeError",
      );
      assert.equal(await cache.delete(post(), { ignoreMethod: true }), true);
    },
  },
  {
    name: "what can never be stored is a TypeError",
    async run(opening) {
      const cache = await opening;
      const { response } = makers(cache);
      await fails(
        () => cache.put(url, response("x", { status: 206 })),
        "Cannot cache response to a range request (206 Partial Content).",
        "TypeError",
      );
      await fails(
        () => cache.put(url, response("x", { headers: { vary: "*" } })),
        "Cannot cache response with 'Vary: *' header.",
        "TypeError",
      );
    },
  },
  {
    name: "what must not be stored is dropped",
    async run(opening) {
      const cache = await opening;
      for (const headers of [
        {},
        { "cache-control": "no-store" },
        { "cache-control": "private, max-age=10" },
        { "cache-control": "no-cache" },
        { "cache-control": "max-age=0" },
        { "cache-control": "public" },
        { "cache-control": "max-age=10", "set-cookie": "a=b" },
        { "cache-control": "public, max-age=10", "set-cookie": "a=b" },
        { "cache-control": "max-age=10", age: "20" },
        { etag: '"x"' },
        { expires: "0" },
      ])
        assert.equal(await stored(cache, headers), undefined, JSON.stringify(headers));
      for (const status of [201, 400, 500, 503])
        assert.equal(await stored(cache, fresh, status), undefined, String(status));
    },
  },
  {
    name: "what could be stored but is not fresh takes the place of what was, what must not be does not",
    async run(opening) {
      const cache = await opening;
      for (const headers of [{ expires: "Wed, 21 Oct 2015 07:28:00 GMT" }, { etag: '"x"' }]) {
        await stored(cache, fresh);
        assert.equal(await stored(cache, headers), undefined);
        assert.equal(await cache.delete(url), false);
      }
      await stored(cache, fresh);
      assert.equal((await stored(cache, { "cache-control": "no-store" })).status, 200);
    },
  },
  {
    name: "what answers one caller is not stored for all, unless it says so",
    async run(opening) {
      const cache = await opening;
      const { request, response } = makers(cache);
      const asked = () => request(url, { headers: { authorization: "Bearer x" } });
      await cache.put(asked(), response(text, { headers: fresh }));
      assert.equal(await cache.match(url), undefined);
      await cache.put(asked(), response(text, { headers: { "cache-control": "s-maxage=100" } }));
      assert.equal((await cache.match(url)).status, 200);
    },
  },
  {
    name: "headers of an answer cannot be changed, and it has its status's text",
    only: ["memory", "disk"], // Inside workerd so too; Node's way to Miniflare's makes others.
    async run(opening) {
      const cache = await opening;
      await stored(cache, fresh, 404);
      const found = await cache.match(url);
      assert.equal(found.statusText, "Not Found");
      for (const change of ["set", "append", "delete"])
        assert.throws(() => found.headers[change]("a", "b"), {
          name: "TypeError",
          message: "Can't modify immutable headers.",
        });
      const copy = new Response(found.body, found);
      copy.headers.set("a", "b");
      assert.equal(await copy.text(), text);
    },
  },
  {
    name: "the length is that of what is answered",
    only: ["memory", "disk"], // Node's way to Miniflare's loses it; inside workerd it is there.
    async run(opening) {
      const cache = await opening;
      const { request } = makers(cache);
      assert.equal(
        (await stored(cache, { ...fresh, etag: '"t"' })).headers.get("content-length"),
        "11",
      );
      const headers = { "if-none-match": '"t"' };
      const found = await cache.match(request(url, { headers }));
      assert.deepEqual([found.status, found.headers.get("content-length")], [304, "11"]);
    },
  },
  {
    name: "freshness comes from several headers",
    async run(opening) {
      const cache = await opening;
      for (const headers of [
        { "cache-control": "s-maxage=5" },
        { "cache-control": "MAX-AGE=5".toLowerCase() },
        { "cache-control": "must-revalidate, max-age=10" },
        { "cache-control": "immutable" },
        { "cache-control": "max-age=0, stale-while-revalidate=100" },
        { expires: "Wed, 21 Oct 2099 07:28:00 GMT" },
        { "last-modified": "Wed, 21 Oct 2015 07:28:00 GMT" },
      ]) {
        assert.equal((await stored(cache, headers))?.status, 200, JSON.stringify(headers));
        await cache.delete(url);
      }
      for (const status of [203, 300, 301, 302, 307, 308, 404, 410, 501])
        assert.equal((await stored(cache, fresh, status))?.status, status);
    },
  },
  {
    name: "a cookie that is excepted is not kept",
    async run(opening) {
      const cache = await opening;
      const found = await stored(cache, {
        "cache-control": "private=set-cookie, max-age=10",
        "set-cookie": "a=b",
      });
      assert.equal(found.status, 200);
      assert.equal(found.headers.get("set-cookie"), null);
    },
  },
  {
    name: "one range is a part",
    async run(opening) {
      const cache = await opening;
      const { request } = makers(cache);
      await stored(cache, fresh);
      for (const [range, part, told] of [
        ["bytes=1-3", "ell", "bytes 1-3/11"],
        ["BYTES = 6-", "world", "bytes 6-10/11"],
        ["bytes=-3", "rld", "bytes 8-10/11"],
        ["bytes=8-100", "rld", "bytes 8-10/11"],
      ]) {
        const found = await cache.match(request(url, { headers: { range } }));
        assert.equal(found.status, 206);
        assert.equal(found.headers.get("content-range"), told);
        assert.equal(found.headers.get("content-length"), String(part.length));
        assert.equal(await found.text(), part);
      }
    },
  },
  {
    name: "several ranges are a multipart body",
    async run(opening) {
      const cache = await opening;
      const { request } = makers(cache);
      await stored(cache, { ...fresh, "content-type": "text/x" });
      const found = await cache.match(request(url, { headers: { range: "bytes=0-1, 4-5, 0-0" } }));
      assert.equal(found.status, 206);
      const [, boundary] = /^multipart\/byteranges; boundary=(.+)$/.exec(
        found.headers.get("content-type"),
      );
      const parts = [
        ["0-1", "he"],
        ["4-5", "o "],
        ["0-0", "h"],
      ].map(
        ([range, part]) =>
          `--${boundary}\r\nContent-Type: text/x\r\nContent-Range: bytes ${range}/11\r\n\r\n${part}`,
      );
      assert.equal(await textOf(found.body), `${parts.join("\r\n")}\r\n--${boundary}--`);
    },
  },
  {
    name: "everything, or nothing, of what a range header names",
    async run(opening) {
      const cache = await opening;
      const { request } = makers(cache);
      await stored(cache, fresh);
      const match = (range) => cache.match(request(url, { headers: { range } }));
      for (const range of ["bytes=", "bytes=-20", "bytes=-0"]) {
        const found = await match(range);
        assert.equal(found.status, 200, range);
        assert.equal(await found.text(), text);
      }
      for (const range of [
        "bytes=100-",
        "lines=1-2",
        "bytes=5-2",
        "bytes=-",
        "bytes=1-2,",
        "bytes=1",
      ]) {
        const found = await match(range);
        assert.equal(found.status, 416, range);
        assert.equal(found.headers.get("content-range"), "bytes */11");
        assert.equal(found.headers.get("cf-cache-status"), "HIT");
      }
    },
  },
  {
    name: "conditions are judged before ranges",
    async run(opening) {
      const cache = await opening;
      const { request } = makers(cache);
      await stored(cache, {
        ...fresh,
        etag: '"t"',
        "last-modified": "Wed, 21 Oct 2015 07:28:00 GMT",
      });
      const status = async (headers) => {
        const found = await cache.match(request(url, { headers }));
        await found.text();
        return found.status;
      };
      assert.equal(await status({ "if-none-match": '"t"' }), 304);
      assert.equal(await status({ "if-none-match": '"x", W/"t"' }), 304);
      assert.equal(await status({ "if-none-match": "*" }), 304);
      assert.equal(await status({ "if-none-match": '"x"' }), 200);
      assert.equal(await status({ "if-modified-since": "Wed, 21 Oct 2015 07:28:00 GMT" }), 304);
      assert.equal(await status({ "if-modified-since": "Wed, 21 Oct 2015 07:27:00 GMT" }), 200);
      assert.equal(await status({ "if-none-match": '"t"', range: "bytes=0-1" }), 304);
    },
  },
]);
