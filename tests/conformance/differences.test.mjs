// Where cloesce/local and Miniflare differ: each row of the table in docs/local.md, shown on both, and no row without one.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Response as MiniflareResponse } from "miniflare";
import { createLocal } from "../../dist/local/index.js";
import { endWithMiniflare } from "../support/miniflare.mjs";
import { performAll } from "./differential/perform.mjs";
import { startPerforming } from "./differential/workerd.mjs";

const page = readFileSync(new URL("../../docs/local.md", import.meta.url), "utf8");
const [, section] = /## Where it differs from Miniflare\n([^]*?)\n## /.exec(page);
const headings = [...section.matchAll(/^\| ([^|]+?) +\|/gm)]
  .map(([, heading]) => heading)
  .filter((heading) => !heading.startsWith("---"));

const message = (work) =>
  work().then(
    () => assert.fail("nothing was thrown"),
    (error) => error.message,
  );
const names = ({ keys }) => keys.map(({ name }) => name);
const groups = async ({ FILES }) => {
  for (const key of ["dir/1", "z"]) await FILES.put(key, "v");
  const { cursor } = await FILES.list({ delimiter: "/", limit: 1 });
  await FILES.put("dir/2", "v");
  return (await FILES.list({ delimiter: "/", cursor })).delimitedPrefixes;
};
const cached = async ({ cache, makeResponse }) => {
  const headers = { "cache-control": "max-age=100", date: "Wed, 21 Oct 2015 07:28:00 GMT" };
  await cache.put("http://example.com/", makeResponse("x", { headers }));
  const found = (await cache.match("http://example.com/")).headers;
  return [found.get("age"), found.get("date")];
};
const counted = async ({ DB }) => {
  await DB.exec("create table counted(a)");
  await DB.exec("insert into counted values (1), (2), (3)");
  const { meta } = await DB.prepare("select count(*) from counted").all();
  return meta.rows_read;
};
const deferred = async ({ DB }) => {
  await DB.exec("create table p(id integer primary key)");
  await DB.exec("create table c(p references p(id) deferrable initially deferred)");
  return message(() => DB.prepare("insert into c values (7)").run());
};
const largeText = ({ DB }) =>
  DB.prepare("select length(?) n").bind("x".repeat(2_000_001)).first("n");
/** What a match answers of a response that was put: its status, headers and text, or undefined. */
const putAndMatched = async ({ perform }, response, headers = {}) => {
  const request = { url: "http://example.com/put-and-matched", method: "GET" };
  await perform([["cache.put", request, response]]);
  const [found] = await perform([["cache.match", { ...request, headers }, {}]]);
  return Array.isArray(found) ? [found[0], new Map(found[1]), found[2]] : undefined;
};
const fresh = { "cache-control": "max-age=100" };
const servedBy = async ({ DB }) => (await DB.prepare("select 1").all()).meta.served_by;

/** By heading: what both are asked, and what each does. */
const differences = {
  "KV cursors": [
    ({ KV }) =>
      KV.list({ cursor: "junk!" }).then(
        () => "a list",
        (error) => error.message,
      ),
    (told) => assert.match(told, /^KV GET failed: 400/),
    (told) => assert.equal(told, "a list"),
  ],
  "Byte order marks in bulk reads": [
    async ({ perform }) => {
      const [, [value], [many]] = await perform([
        ["kv.put", "mark", "\ufeffx", {}],
        ["kv.get", "mark", { type: "text" }],
        ["kv.many", ["mark"], "text"],
      ]);
      return [value, many.entries[0][1]];
    },
    (found) => assert.deepEqual(found, ["\ufeffx", "\ufeffx"]),
    (found) => assert.deepEqual(found, ["\ufeffx", "x"]),
  ],
  "R2 cursors": [
    async ({ FILES }) => {
      await FILES.put("\u{10000}", "v");
      return (await FILES.list({ cursor: "junk" })).objects.length;
    },
    (found) => assert.equal(found, 0),
    (found) => assert.equal(found, 1),
  ],
  "NUL in prefixes": [
    async ({ KV }) => {
      await KV.put("a\0b", "v");
      return names(await KV.list({ prefix: "a\0" }));
    },
    (found) => assert.deepEqual(found, ["a\0b"]),
    (found) => assert.deepEqual(found, []),
  ],
  "R2 delete": [
    ({ FILES }) =>
      FILES.delete(Array.from({ length: 1001 }, (_, index) => `k${index}`)).then(
        () => "done",
        (error) => error.message,
      ),
    (told) => assert.match(told, /\(10022\)/),
    (told) => assert.equal(told, "done"),
  ],
  "Groups and cursors": [
    groups,
    (found) => assert.deepEqual(found, []),
    (found) => assert.deepEqual(found, ["dir/"]),
  ],
  "Ranges at the end": [
    async ({ FILES }) => {
      await FILES.put("ten", "0123456789");
      return message(() => FILES.get("ten", { range: { offset: 10, length: 1 } }));
    },
    (told) => assert.equal(told, "get: The requested range is not satisfiable (10039)"),
    (told) => assert.equal(told, "get: Unspecified error (0)"),
  ],
  "Ranges past the end of an object of parts": [
    async ({ FILES }) => {
      const upload = await FILES.createMultipartUpload("parts");
      await upload.complete([await upload.uploadPart(1, "text")]);
      return FILES.get("parts", { range: { offset: 4, length: 1 } }).then(
        (found) => found.text(),
        (error) => error.message,
      );
    },
    (told) => assert.equal(told, "get: The requested range is not satisfiable (10039)"),
    (told) => assert.equal(told, ""),
  ],
  "Storage class": [
    async ({ FILES }) => (await FILES.put("key", "v")).storageClass,
    (found) => assert.equal(found, "Standard"),
    (found) => assert.equal(found, ""),
  ],
  Freshness: [
    cached,
    (found) => assert.deepEqual(found, [null, "Wed, 21 Oct 2015 07:28:00 GMT"]),
    ([age, date]) => {
      assert.match(age, /^\d+$/);
      assert.ok(Math.abs(Date.parse(date) - Date.now()) < 3_600_000, date);
    },
  ],
  "Lengths of cached answers": [
    async (side) => {
      const body = "0123456789";
      const headers = { range: "bytes=0-1,4-5" };
      const [, parts, text] = await putAndMatched(
        side,
        { status: 200, headers: fresh, body },
        headers,
      );
      const stream = { is: "stream of any length", text: body };
      const [, whole] = await putAndMatched(side, { status: 200, headers: fresh, body: stream });
      const length = Number(parts.get("content-length"));
      // perform.mjs gives every boundary the same name, which is shorter.
      return [length === 10 ? "of the whole" : length > text.length, whole.get("content-length")];
    },
    (found) => assert.deepEqual(found, [true, "10"]),
    (found) => assert.deepEqual(found, ["of the whole", undefined]),
  ],
  "Excepted cookies": [
    async (side) => {
      const headers = { "cache-control": "private=set-cookie, max-age=100", "set-cookie": "a=b" };
      const [, found] = await putAndMatched(side, { status: 200, headers, body: "x" });
      return found.get("cache-control");
    },
    (found) => assert.equal(found, "private=set-cookie, max-age=100"),
    (found) => assert.equal(found, ", max-age=100"),
  ],
  "Status 204 in the cache": [
    async (side) => {
      await side.perform([["cache.delete", { url: "http://example.com/put-and-matched" }, {}]]);
      return (await putAndMatched(side, { status: 204, headers: fresh, body: "" }))?.[0];
    },
    (status) => assert.equal(status, 204),
    (status) => assert.equal(status, undefined),
  ],
  "Ranges of R2 that are no numbers": [
    ({ perform }) =>
      perform(
        ["NaN", "Infinity"].map((text) => [
          "r2.get",
          "no-numbers",
          { range: { offset: { is: "number", text } } },
        ]),
      ),
    (told) =>
      assert.deepEqual(
        told,
        ["NaN", "Infinity"].map(
          (text) =>
            `RangeError: Invalid range. Starting offset (${text}) must be an integer, not floating point.`,
        ),
      ),
    (told) =>
      assert.deepEqual(told, [
        "RangeError: Invalid range. Starting offset (nan) must be greater than or equal to 0.",
        null,
      ]),
  ],
  "Streams for R2": [
    ({ FILES }) =>
      FILES.put("stream", new Blob(["abc"]).stream()).then(
        ({ size }) => size,
        (error) => error.message,
      ),
    (told) => assert.equal(told, 3),
    (told) => assert.match(told, /must have a known length/),
  ],
  "SQL messages": [
    ({ DB }) => message(() => DB.prepare("select * frm x").all()),
    (told) => assert.equal(told, 'D1_ERROR: near "frm": syntax error: SQLITE_ERROR'),
    (told) => assert.equal(told, 'D1_ERROR: near "frm": syntax error at offset 9: SQLITE_ERROR'),
  ],
  "A text of several statements, twice": [
    async ({ DB }) => {
      const twice = () => DB.prepare("select 1; select 2 b").first("b");
      await twice();
      return twice().catch((error) => error.message);
    },
    (told) => assert.equal(told, 2),
    (told) => assert.match(String(told), /can only be executed once at a time/),
  ],
  "An empty text in a batch": [
    ({ DB }) =>
      DB.batch([DB.prepare(""), DB.prepare("select 1")]).then(
        (results) => results.length,
        (error) => error.message,
      ),
    (told) => assert.equal(told, "D1_ERROR: No SQL statements detected."),
    (told) => assert.equal(told, 1),
  ],
  "`rows_read`, `rows_written`": [
    counted,
    (rows) => assert.equal(rows, 1),
    (rows) => assert.equal(rows, 3),
  ],
  "A deferred foreign key that fails": [
    deferred,
    (told) => assert.match(told, /^D1_ERROR: FOREIGN KEY constraint failed/),
    (told) => assert.match(told, /^internal error/),
  ],
  "A statement that rolls back by itself, as `or rollback`": [
    async ({ DB }) => {
      await DB.exec("create table once(a unique)");
      await DB.exec("insert into once values (1)");
      return message(() => DB.prepare("insert or rollback into once values (1)").run());
    },
    (told) => assert.match(told, /^D1_ERROR: UNIQUE constraint failed: once.a/),
    (told) => assert.match(told, /^internal error/),
  ],
  "Long values of SQL": [
    (env) => largeText(env).catch((error) => error.message),
    (told) => assert.match(String(told), /string or blob too big/),
    (told) => assert.equal(told, 2_000_001),
  ],
  "Halves of surrogate pairs": [
    async ({ perform }) => {
      const [put, , [value]] = await perform([
        ["kv.put", "\ud800", "v", {}],
        ["kv.put", "half", "\ud800", {}],
        ["kv.get", "half", { type: "text" }],
      ]);
      return [put, value];
    },
    (found) => assert.deepEqual(found, [{ is: "undefined" }, "\ufffd"]),
    (found) =>
      assert.deepEqual(found, [
        "Error: KV PUT failed: 400 Could not URL-decode key name",
        "\ufffd\ufffd\ufffd",
      ]),
  ],
  "`served_by`": [
    servedBy,
    (told) => assert.equal(told, "cloesce.local"),
    (told) => assert.equal(told, "miniflare.db"),
  ],
};

describe("differences between cloesce/local and Miniflare", () => {
  const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"] };
  let miniflare, local, sides;
  // Calls that the way from Node to workerd would change are made in there.
  before(async () => {
    local = await createLocal({ memory: true, cache: true, ...stores });
    const inside = await startPerforming(stores);
    ({ miniflare } = inside);
    sides = [
      {
        ...local.env,
        cache: local.caches.default,
        makeResponse: (...given) => new Response(...given),
        perform: (calls) =>
          performAll({ ...local.env, cache: local.caches.default }, new Map(), calls),
      },
      {
        ...(await miniflare.getBindings()),
        cache: (await miniflare.getCaches()).default,
        makeResponse: (...given) => new MiniflareResponse(...given),
        perform: inside.perform,
      },
    ];
  });
  after(() => {
    local.close();
    endWithMiniflare(miniflare);
  });

  for (const [heading, [ask, ours, theirs]] of Object.entries(differences)) {
    test(heading, async () => {
      ours(await ask(sides[0]));
      theirs(await ask(sides[1]));
    });
  }
});

test("the table has a row for each difference, and no other", () => {
  assert.deepEqual(headings, Object.keys(differences));
});

test("what the suites leave out over Miniflare has a row", () => {
  const folder = new URL(".", import.meta.url);
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".test.mjs"))) {
    const text = readFileSync(new URL(name, folder), "utf8");
    for (const [, heading] of text.matchAll(/^ +differs: "(.+)",$/gm))
      assert.ok(headings.includes(heading), `${name}: ${heading}`);
  }
});
