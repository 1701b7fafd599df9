// Conditional requests for R2 objects: every pair of headers against what RFC 9110, section 13.2.2, says of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLocalBindings } from "../../support/local-bindings.mjs";
import { serveObject } from "../../../dist/worker/serve-object.js";

const content = "0123456789";
let release, env, object, second;

before(async () => {
  ({ env, release } = await openLocalBindings("conditions", {
    r2_buckets: [{ binding: "BUCKET", bucket_name: "bucket" }],
  }));
  object = await env.BUCKET.put("o", content, { httpMetadata: { contentType: "text/plain" } });
  second = Math.floor(object.uploaded.getTime() / 1000) * 1000;
});
after(() => release?.());

const seconds = (offset) => new Date(second + offset * 1000);
const dashed = (date) => {
  const [day, number, month, year, time] = date.toUTCString().replace(",", "").split(" ");
  const name = {
    Mon: "Mon",
    Tue: "Tues",
    Wed: "Wednes",
    Thu: "Thurs",
    Fri: "Fri",
    Sat: "Satur",
    Sun: "Sun",
  };
  return `${name[day]}day, ${number}-${month}-${year.slice(2)} ${time} GMT`;
};
const asctime = (date) => {
  const [day, number, month, year, time] = date.toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${String(Number(number)).padStart(2)} ${time} ${year}`;
};

/** Values of a header of tags, with what strong and weak comparison make of them; null where nothing is said. */
const tags = () => [
  [undefined, null, null],
  [object.httpEtag, true, true],
  [`W/${object.httpEtag}`, false, true],
  ['"other"', false, false],
  [`"a,b" ,W/"c",  ${object.httpEtag}`, true, true],
  ["*", true, true],
  [object.etag, null, null],
  ["", null, null],
];
/** Dates by how many seconds they are after the object's; null where they are none. */
const dates = () => [
  [undefined, null],
  [seconds(0).toUTCString(), 0],
  [seconds(-1).toUTCString(), -1],
  [seconds(1).toUTCString(), 1],
  [dashed(seconds(0)), 0],
  [asctime(seconds(-1)), -1],
  ["yesterday", null],
  [String(second), null],
  [seconds(0).toISOString(), null],
];

/** RFC 9110, 13.2.2, step by step. */
function expected({ match, unmodified, noneMatch, modified }) {
  if (match !== null) {
    if (!match) return 412;
  } else if (unmodified !== null && unmodified < 0) return 412;
  if (noneMatch !== null) {
    if (noneMatch) return 304;
  } else if (modified !== null && modified >= 0) return 304;
  return 200;
}

async function serve(given, method = "GET") {
  const headers = Object.entries(given).filter(([, value]) => value !== undefined);
  const request = new Request("http://localhost/", { method, headers });
  const result = await serveObject(env.BUCKET, "o", request);
  const text = result.data === undefined ? null : await new Response(result.data).text();
  return { status: result.status, text, headers: result.headers };
}

test("every pair of conditions, for GET and HEAD", async () => {
  const says = { match: null, unmodified: null, noneMatch: null, modified: null };
  const columns = {
    "if-match": tags().map(([value, strong]) => [value, { match: strong }]),
    "if-unmodified-since": dates().map(([value, offset]) => [value, { unmodified: offset }]),
    "if-none-match": tags().map(([value, , weak]) => [value, { noneMatch: weak }]),
    "if-modified-since": dates().map(([value, offset]) => [value, { modified: offset }]),
  };
  const names = Object.keys(columns);
  for (const [at, first] of names.entries()) {
    for (const other of names.slice(at + 1)) {
      for (const [left, leftSays] of columns[first]) {
        for (const [right, rightSays] of columns[other]) {
          const headers = { [first]: left, [other]: right };
          const status = expected({ ...says, ...leftSays, ...rightSays });
          const name = JSON.stringify(headers);
          const got = await serve(headers);
          assert.equal(got.status, status, name);
          assert.equal(got.text, status === 200 ? content : null, name);
          if (status === 304) assert.equal(got.headers.get("etag"), object.httpEtag);
          assert.equal((await serve(headers, "HEAD")).status, status, `HEAD ${name}`);
        }
      }
    }
  }
});

test("a range comes after the conditions, and If-Range says whether it is wanted", async () => {
  const part = { range: "bytes=2-4" };
  for (const [headers, status] of [
    [{ "if-unmodified-since": seconds(0).toUTCString() }, 206],
    [{ "if-unmodified-since": seconds(-1).toUTCString() }, 412],
    [{ "if-match": `W/${object.httpEtag}` }, 412],
    [{ "if-match": object.etag }, 206],
    [{ "if-none-match": `W/${object.httpEtag}` }, 304],
    [{ "if-modified-since": seconds(0).toUTCString() }, 304],
    [{ "if-range": object.httpEtag }, 206],
    [{ "if-range": `W/${object.httpEtag}` }, 200],
    [{ "if-range": '"other"' }, 200],
    [{ "if-range": object.etag }, 200],
    [{ "if-range": seconds(0).toUTCString() }, 206],
    [{ "if-range": asctime(seconds(0)) }, 206],
    [{ "if-range": seconds(1).toUTCString() }, 200],
    [{ "if-range": seconds(-1).toUTCString() }, 200],
    [{ "if-range": "garbage" }, 200],
    [{ "if-range": '"other"', "if-none-match": object.httpEtag }, 304],
    [{ "if-range": object.httpEtag, "if-match": '"other"' }, 412],
  ]) {
    const got = await serve({ ...part, ...headers });
    const name = JSON.stringify(headers);
    assert.equal(got.status, status, name);
    assert.equal(got.text, { 200: content, 206: "234" }[status] ?? null, name);
    assert.equal(got.headers.get("content-range"), status === 206 ? "bytes 2-4/10" : null, name);
  }
});

test("a range beyond the end is told only where the conditions hold", async () => {
  const beyond = { range: "bytes=10-" };
  for (const [headers, status] of [
    [{}, 416],
    [{ "if-match": object.httpEtag }, 416],
    [{ "if-match": '"other"' }, 412],
    [{ "if-none-match": object.httpEtag }, 304],
    [{ "if-range": '"other"' }, 200],
    [{ "if-range": object.httpEtag }, 416],
  ])
    assert.equal((await serve({ ...beyond, ...headers })).status, status, JSON.stringify(headers));
});

test("a condition on an object that is not there changes nothing about that", async () => {
  for (const headers of [
    { "if-match": "*" },
    { "if-none-match": "*" },
    { range: "bytes=0-1", "if-range": '"x"' },
  ]) {
    const request = new Request("http://localhost/", { headers });
    assert.equal((await serveObject(env.BUCKET, "nothing", request)).status, 404);
  }
});

test("an object that is replaced between a condition and its part is sent whole", async () => {
  const old = await env.BUCKET.put("r", "old old old");
  const bucket = {
    head: async (key) => {
      const head = await env.BUCKET.head(key);
      await env.BUCKET.put("r", "new");
      return head;
    },
    get: (key, options) => env.BUCKET.get(key, options),
  };
  const headers = { range: "bytes=0-4", "if-range": old.httpEtag };
  const result = await serveObject(bucket, "r", new Request("http://localhost/", { headers }));
  assert.equal(result.status, 200);
  assert.equal(await new Response(result.data).text(), "new");
});

test("an object that a store answers without its body is a failure, never an empty answer", async () => {
  const { key, size, etag, httpEtag, uploaded } = object;
  const head = { key, size, etag, httpEtag, uploaded, httpMetadata: {} };
  const bucket = { get: async () => head, head: async () => head };
  for (const headers of [{}, { range: "bytes=0-1" }])
    await assert.rejects(
      serveObject(bucket, "o", new Request("http://localhost/", { headers })),
      /without its body/,
    );
});
