// Where cloesce/local and Miniflare differ: each row of the table in docs/local.md, shown on both, and no row without one.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Response as MiniflareResponse } from "miniflare";
import { createLocal } from "../../dist/local/index.js";
import { endWithMiniflare, startMiniflare } from "../support/miniflare.mjs";

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
  "Long values of SQL": [
    (env) => largeText(env).catch((error) => error.message),
    (told) => assert.match(String(told), /string or blob too big/),
    (told) => assert.equal(told, 2_000_001),
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
  before(async () => {
    local = await createLocal({ memory: true, cache: true, ...stores });
    miniflare = await startMiniflare(stores);
    sides = [
      {
        ...local.env,
        cache: local.caches.default,
        makeResponse: (...given) => new Response(...given),
      },
      {
        ...(await miniflare.getBindings()),
        cache: (await miniflare.getCaches()).default,
        makeResponse: (...given) => new MiniflareResponse(...given),
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
