// The same random calls to several stores give the same answers: memory and disk many times, Miniflare as often as its
// speed allows. CLOESCE_SEED says which calls ("random": others at each run), CLOESCE_DIFFERENTIAL how many Miniflare gets.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createLocal } from "../../dist/local/index.js";
import { endWithMiniflare, startMiniflare } from "../support/miniflare.mjs";

const { CLOESCE_SEED = "20261130" } = process.env;
const seed = CLOESCE_SEED === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(CLOESCE_SEED);
const localCalls = 100_000;
const miniflareCalls = Number(process.env.CLOESCE_DIFFERENTIAL ?? 1500);

/** mulberry32: the same numbers for the same seed everywhere. */
function randomFrom(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, pick: (list) => list[below(list.length)] };
}

const keys = [
  "a",
  "A",
  "a/b",
  "a/b/c",
  "a/",
  "b",
  "é",
  "e\u0301",
  "\u{e000}",
  "\u{10000}",
  "...",
  "k".repeat(300),
  "x y",
  "%2f",
  "a--b",
  "a--c",
];
const values = ["", "0", "null", "text", '{"a":1}', "é".repeat(40), "x".repeat(5000)];
const prefixes = [undefined, "", "a", "a/", "a/b", "é", "z", "k"];

/** One call, as data: both sides get the same. */
function randomCall({ below, pick }) {
  const key = pick(keys);
  switch (below(13)) {
    case 0:
    case 1:
      return [
        "kv.put",
        key,
        pick(values),
        pick([
          {},
          { metadata: pick([0, "", { a: 1 }, false]) },
          { expirationTtl: pick([60, 61, 59, 0]) },
        ]),
      ];
    case 2:
      return ["kv.get", key, pick(["text", "arrayBuffer", "stream"])];
    case 3:
      return ["kv.many", Array.from({ length: 1 + below(5) }, () => pick(keys))];
    case 4:
      return ["kv.delete", key];
    case 5:
      return [
        "kv.list",
        { prefix: pick(prefixes), limit: pick([undefined, 1, 2, 5, 0]) },
        below(3),
      ];
    case 6:
    case 7:
      return [
        "r2.put",
        key,
        pick(values),
        pick([
          {},
          {},
          { customMetadata: { k: pick(values).slice(0, 9) } },
          { httpMetadata: { contentType: "x/y" } },
          { onlyIf: { etagDoesNotMatch: "*" } },
          { onlyIf: { etagMatches: "*" } },
        ]),
      ];
    case 8:
      return [
        "r2.get",
        key,
        pick([
          {},
          { range: { offset: below(6), length: below(6) } },
          { range: { suffix: below(6) } },
          { range: { offset: below(8) } },
          { header: pick(["bytes=0-1", "bytes=2-", "bytes=-3", "bytes=0-0,2-3", "bytes=9-2"]) },
          { onlyIf: { etagMatches: "x" } },
        ]),
      ];
    case 9:
      return ["r2.head", key];
    case 10:
      return ["r2.delete", [key, pick(keys)]];
    case 11:
      return [
        "r2.list",
        {
          prefix: pick(prefixes),
          delimiter: pick([undefined, "/", "--"]),
          limit: pick([undefined, 1, 2, 3]),
          startAfter: pick([undefined, "a", "a/b", "b"]),
        },
        below(3),
      ];
    default:
      return pick([
        ["d1", "insert or replace into t(k, v) values (?, ?)", [key, pick(values)]],
        ["d1", "select k, v, typeof(n) y from t where k >= ? order by k limit 3", [key]],
        ["d1", "update t set n = coalesce(n, 0) + ? where k = ?", [below(5), key]],
        ["d1", "delete from t where k = ? returning k, n", [key]],
        ["d1", "select count(*) c, max(n) m, ? a from t", [pick([1.5, true, null, "x"])]],
        ["d1", "insert into t(k) values (?)", [key]],
      ]);
  }
}

const object = (found) =>
  found && {
    key: found.key,
    size: found.size,
    etag: found.etag,
    range: found.range,
    custom: found.customMetadata,
    http: found.httpMetadata,
    sums: found.checksums.toJSON(),
  };

/** Performs a call and answers what can be compared. */
async function perform({ KV, FILES, DB }, [what, first, second, third]) {
  try {
    switch (what) {
      case "kv.put":
        return await KV.put(first, second, third);
      case "kv.get": {
        const { value, metadata } = await KV.getWithMetadata(first, second);
        return [
          value === null || typeof value === "string" ? value : await new Response(value).text(),
          metadata,
        ];
      }
      case "kv.many":
        return [...(await KV.getWithMetadata(first))];
      case "kv.delete":
        return await KV.delete(first);
      case "kv.list": {
        const pages = [];
        let cursor;
        for (let page = 0; page <= second; page += 1) {
          const found = await KV.list({ ...first, cursor });
          pages.push(
            found.keys.map(({ name, metadata }) => [name, metadata]),
            found.list_complete,
          );
          if (found.list_complete) break;
          cursor = found.cursor;
        }
        return pages;
      }
      case "r2.put":
        return object(await FILES.put(first, second, third));
      case "r2.get": {
        const { header, ...options } = second;
        const range = header === undefined ? {} : { range: new Headers({ range: header }) };
        const found = await FILES.get(first, { ...options, ...range });
        if (found === null) return null;
        // A look at `body` counts as its use outside workerd.
        return typeof found.text === "function" ? [object(found), await found.text()] : "condition";
      }
      case "r2.head":
        return object(await FILES.head(first));
      case "r2.delete":
        return await FILES.delete(first);
      case "r2.list": {
        const pages = [];
        let cursor;
        for (let page = 0; page <= second; page += 1) {
          const found = await FILES.list({ ...first, cursor });
          pages.push(
            found.objects.map(({ key }) => key),
            found.delimitedPrefixes,
            found.truncated,
          );
          if (!found.truncated) break;
          cursor = found.cursor;
        }
        return pages;
      }
      default: {
        const { results, meta } = await DB.prepare(first)
          .bind(...second)
          .all();
        return [results, meta.changes];
      }
    }
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
}

/** What Miniflare answers where it fails inside (docs/local.md: a range of a length that begins at the end). */
const unanswered = "Error: get: Unspecified error (0)";
const refusedRange = "Error: get: The requested range is not satisfiable (10039)";

async function compare(count, left, right, random) {
  for (const { DB } of [left, right])
    await DB.prepare("create table t(k text primary key, v text, n integer)").run();
  for (let index = 0; index < count; index += 1) {
    const call = randomCall(random);
    const [one, other] = [await perform(left, call), await perform(right, call)];
    assert.deepEqual(
      one,
      other === unanswered ? refusedRange : other,
      `call ${index} of seed ${seed}: ${JSON.stringify(call)}`,
    );
  }
}

const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"] };

test(`memory and disk agree on ${localCalls} random calls, seed ${seed}`, async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-differential-"));
  const memory = await createLocal({ memory: true, ...stores });
  const disk = await createLocal({ root, ...stores });
  t.after(() => {
    memory.close();
    disk.close();
    rmSync(root, { recursive: true, force: true });
  });
  await compare(localCalls, memory.env, disk.env, randomFrom(seed));
});

test(`memory and Miniflare agree on ${miniflareCalls} random calls, seed ${seed}`, async (t) => {
  const memory = await createLocal({ memory: true, ...stores });
  const miniflare = await startMiniflare(stores);
  t.after(() => {
    memory.close();
    endWithMiniflare(miniflare);
  });
  await compare(miniflareCalls, memory.env, await miniflare.getBindings(), randomFrom(seed));
});
