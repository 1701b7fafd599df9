// Random calls of KV, R2, D1 and the Cache API as data, so that several stores can be given the same (perform.mjs makes them).

/** mulberry32: the same numbers for the same seed everywhere. */
function randomFrom(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  const some = (most, make) => Array.from({ length: below(most + 1) }, make);
  return { below, pick, some };
}

/** Few, so that calls meet; and such as stores are known to mix up. */
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
const oddKeys = ["", ".", "..", "k".repeat(513), "é".repeat(257), "k".repeat(1025), "a\0b"];
const values = ["", "0", "null", "text", '{"a":1}', "é".repeat(40), "x".repeat(5000)];
const stored = [
  ...values,
  { is: "bytes", length: 3 },
  { is: "bytes", length: 0 },
  { is: "view", length: 4 },
  { is: "stream", text: "streamed" },
];
const prefixes = [undefined, "", "a", "a/", "a/b", "é", "z", "k", "A", "%", "_"];
const types = ["text", "json", "arrayBuffer", "stream"];
const etagOfText = "1cb251ec0d568de6a929b520c4aed8d1";
const moments = ["Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2099 07:28:00 GMT"];
const dates = moments.map((text) => ({ is: "date", text }));

const conditions = [
  { etagMatches: "*" },
  { etagDoesNotMatch: "*" },
  { etagMatches: "x" },
  { etagMatches: etagOfText },
  { etagDoesNotMatch: etagOfText },
  ...dates.flatMap((date) => [{ uploadedBefore: date }, { uploadedAfter: date }]),
  { etagMatches: etagOfText, uploadedBefore: dates[0] },
  { etagDoesNotMatch: etagOfText, uploadedAfter: dates[1] },
  { uploadedAfter: dates[0], secondsGranularity: true },
  { is: "headers", pairs: [["if-match", `"${etagOfText}"`]] },
  { is: "headers", pairs: [["if-none-match", `W/"${etagOfText}", "x"`]] },
  { is: "headers", pairs: [["if-none-match", "*"]] },
  { is: "headers", pairs: [["if-modified-since", moments[0]]] },
  { is: "headers", pairs: [["if-unmodified-since", moments[0]]] },
];

const rangeHeaders = [
  "bytes=0-1",
  "bytes=2-",
  "bytes=-3",
  "bytes=0-0,2-3",
  "bytes=9-2",
  "bytes=-0",
  "bytes=",
  "BYTES = 1-2",
  "lines=1-2",
  "bytes=9999999-",
  "bytes=1",
];

const urls = [
  "http://example.com/a",
  "http://example.com/A",
  "http://EXAMPLE.com/a#x",
  "http://example.com/a?b=c",
  "http://example.com/a?b=%63",
  "https://example.com/a",
  "http://example.com:8080/a",
];
const cacheHeaders = [
  { "cache-control": "max-age=3600" },
  { "cache-control": "s-maxage=3600, max-age=0" },
  { "cache-control": "public, max-age=3600", etag: '"t"', "content-type": "text/x" },
  { "cache-control": "max-age=3600", etag: 'W/"t"', "last-modified": moments[0] },
  { "cache-control": "no-store" },
  { "cache-control": "private, max-age=3600" },
  { "cache-control": "max-age=0" },
  { "cache-control": "max-age=3600", "set-cookie": "a=b" },
  { "cache-control": "private=set-cookie, max-age=3600", "set-cookie": "a=b" },
  { expires: moments[1] },
  { expires: moments[0] },
  { "cache-control": "max-age=3600", vary: "*" },
  { "cache-control": "max-age=3600", vary: "accept" },
  {},
];
const askedHeaders = [
  {},
  {},
  ...rangeHeaders.map((range) => ({ range })),
  { "if-none-match": '"t"' },
  { "if-none-match": 'W/"x", "t"' },
  { "if-none-match": "*", range: "bytes=0-1" },
  { "if-modified-since": moments[0] },
  { "if-modified-since": "no date" },
];

const table = "create table if not exists t(k text primary key, v text, n integer)";
const undefinedValue = { is: "undefined" };
const bound = [
  1.5,
  -0,
  true,
  null,
  "x",
  "é\u{1f40e}",
  9007199254740993,
  { is: "number", text: "NaN" },
];
const oddBound = [
  undefinedValue,
  { is: "bytes", length: 2 },
  { is: "number", text: "-Infinity" },
  [1, 2],
  [1, "a"],
  {},
];

/** The makers of calls, each as often as it is written here: reads more often than writes. */
const makers = [
  kvPut,
  ...often(5, kvGet),
  kvMany,
  kvDelete,
  ...often(2, kvList),
  r2Put,
  ...often(3, r2Get),
  ...often(3, r2Head),
  r2Delete,
  ...often(2, r2List),
  r2Multipart,
  ...often(2, d1),
  d1Read,
  d1Batch,
  cachePut,
  ...often(5, cacheMatch),
  cacheDelete,
];

/** Calls without end, each `[what, ...]`. */
export function* randomCalls(seed) {
  const random = randomFrom(seed);
  yield ["d1.exec", table];
  for (;;) yield random.pick(makers)(random);
}

function often(count, maker) {
  return times(count, () => maker);
}

function times(count, make) {
  return Array.from({ length: count }, make);
}

function keyOf({ below, pick }) {
  return below(40) === 0 ? pick(oddKeys) : pick(keys);
}

/** Now and then one that is read from its file piece by piece. */
function valueOf({ below, pick }, more) {
  return below(50) === 0 ? { is: "view", length: 70_000 } : pick([...stored, ...more]);
}

function kvPut(random) {
  const { pick } = random;
  const options = pick([
    {},
    {},
    { metadata: pick([0, "", { a: 1 }, false, null, "m".repeat(1022), "m".repeat(1023)]) },
    { expirationTtl: pick([3600, "3600", 7200.5, 59, 0, -1, null]) },
    { expiration: pick([2145916800, 1e13, 10, 0, null]) },
    { expiration: 2145916800, expirationTtl: 3600, metadata: [1] },
  ]);
  return ["kv.put", keyOf(random), valueOf(random, [5, null]), options];
}

function kvGet(random) {
  const { below, pick } = random;
  const cacheTtl = below(20) === 0 ? { cacheTtl: pick([30, 29, 0, null]) } : {};
  return ["kv.get", keyOf(random), { type: pick(types), ...cacheTtl }];
}

function kvMany(random) {
  const { below, pick } = random;
  const many = below(50) === 0 ? 101 : below(8);
  // Which of several faults is told first is nobody's contract: odd keys come with texts alone.
  if (below(4) === 0) return ["kv.many", times(many, () => pick(keys)), pick(["json", "stream"])];
  return ["kv.many", times(many, () => keyOf(random)), "text"];
}

function kvDelete(random) {
  return ["kv.delete", keyOf(random)];
}

function kvList({ below, pick }) {
  const limit = pick([undefined, undefined, 1, 2, 5, 0, -1, 1.9, 1000, 1001]);
  return ["kv.list", { prefix: pick(prefixes), limit }, below(4)];
}

function r2Put(random) {
  const { below, pick } = random;
  const options = pick([
    {},
    {},
    { customMetadata: { k: pick(values).slice(0, 9), é: "" } },
    { httpMetadata: { contentType: "x/y", cacheControl: "no-cache", cacheExpiry: dates[1] } },
    { httpMetadata: { is: "headers", pairs: [["content-language", "en"]] } },
    { customMetadata: { k: "m".repeat(pick([2047, 2048])) } },
    { onlyIf: pick(conditions) },
    { onlyIf: pick(conditions) },
    { md5: pick([etagOfText, "00".repeat(16), "00"]) },
    { sha1: pick(["372ea08cab33e71c02c651dbc83a474d32c676ea", "zz"]) },
    { sha256: "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1" },
    { storageClass: pick(["Standard", "InfrequentAccess", "Other"]) },
  ]);
  const value = below(3) === 0 ? "text" : valueOf(random, [null]);
  return ["r2.put", keyOf(random), value, options];
}

function r2Get(random) {
  const { below, pick } = random;
  const options = pick([
    {},
    {},
    { range: { offset: below(6), length: below(6) } },
    { range: { suffix: below(6) } },
    { range: { offset: below(8) } },
    { range: { length: below(8) } },
    { range: { offset: pick([-1, 4999, 5000]), length: 10 } },
    { range: { suffix: 3, offset: 1 } },
    { range: { is: "headers", pairs: [["range", pick(rangeHeaders)]] } },
    { onlyIf: pick(conditions) },
    { onlyIf: pick(conditions), range: { offset: 1 } },
  ]);
  return ["r2.get", keyOf(random), options];
}

function r2Head(random) {
  return ["r2.head", keyOf(random)];
}

function r2Delete(random) {
  return ["r2.delete", random.pick([keyOf(random), [keyOf(random), keyOf(random)], []])];
}

function r2List({ below, pick, some }) {
  const options = {
    prefix: pick(prefixes),
    delimiter: pick([undefined, undefined, "/", "--", "c", ""]),
    limit: pick([undefined, 1, 2, 3, 100, 0, 1001]),
    startAfter: pick([undefined, undefined, "a", "a/b", "b", ""]),
    include: some(2, () => pick(["httpMetadata", "customMetadata", "customMetadata"])),
  };
  return ["r2.list", options, below(4)];
}

/** Uploads lie in a few slots, so that steps of one meet, in any order. */
function r2Multipart(random) {
  const { below, pick, some } = random;
  const slot = below(3);
  return pick([
    ["r2.upload", slot, pick(keys), pick([{}, { customMetadata: { a: "b" } }])],
    ["r2.part", slot, pick([1, 2, 3, 1, 0, 10001]), pick(values)],
    ["r2.part", slot, 1, pick(values)],
    ["r2.complete", slot, some(2, () => ({ part: 1 + below(3), known: below(8) > 0 }))],
    ["r2.complete", slot, [{ part: 1, known: true }]],
    ["r2.abort", slot],
  ]);
}

function d1(random) {
  const { below, pick } = random;
  return pick([
    statement("insert or replace into t(k, v) values (?, ?)", pick(keys), pick(values)),
    statement("select k, v, typeof(n) y from t where k >= ? order by k limit 3", pick(keys)),
    statement("update t set n = coalesce(n, 0) + ? where k = ?", below(5), pick(keys)),
    statement("delete from t where k = ? returning k, n", pick(keys)),
    statement("select count(*) c, max(n) m, ? a, typeof(?1) y from t", pick(bound)),
    statement("select ? a, quote(?1) q", pick([...bound, ...oddBound])),
    statement("insert into t(k) values (?)", pick(keys)),
    statement(
      "insert into t(k, n) values (?, 1) on conflict(k) do update set n = n + 1",
      pick(keys),
    ),
    statement(
      "select length(k), hex(k), upper(k) from t where k like ? order by k",
      pick(["a%", "_", "é"]),
    ),
    statement(pick(["select ?", "select ?, ?", "select 1", "select ?2"]), 1),
    statement(pick(["select * from nope", "select nope from t", "sel", ""])),
    // Another text each time: docs/local.md, "A text of several statements, twice".
    statement(`select 1; select ${below(1e9)} b, ? x`, "y"),
    statement(
      "select json_group_array(k) j, group_concat(n) g, total(n) t, avg(n) a from (select * from t order by k)",
    ),
    statement("select 1/2 a, 1.0 b, 1e300*1e10 c, -9007199254740993 d, x'01ff' e, null f, 5 % 3 g"),
    statement(
      "with recursive c(i) as (select 1 union all select i + 1 from c where i < ?) select sum(i) s from c",
      below(9),
    ),
  ]);
}

function statement(sql, ...given) {
  return ["d1.all", sql, given];
}

function d1Read({ pick }) {
  const sql = pick([
    "select k, n, k from t order by k limit 2",
    "select n from t where k = 'a'",
    "select * from t where 0",
    "update t set v = v where k = 'b'",
  ]);
  const how = pick([
    ["raw"],
    ["raw", { columnNames: true }],
    ["first"],
    ["first", "n"],
    ["first", "nope"],
    ["run"],
  ]);
  return ["d1.read", sql, how];
}

function d1Batch(random) {
  if (random.below(3) === 0)
    return [
      "d1.exec",
      random.pick([
        "update t set n = 0; select 1",
        "select 1\nselect 2",
        "select (\n1)",
        "",
        "-- x",
        table,
      ]),
    ];
  const statements = random.some(3, () => d1(random).slice(1));
  // docs/local.md: "An empty text in a batch".
  return ["d1.batch", statements.filter(([sql]) => sql !== "")];
}

function cachePut({ pick }) {
  const status = pick([200, 200, 200, 200, 404, 301, 500, 206]);
  const request = { url: pick(urls), method: pick(["GET", "GET", "GET", "GET", "POST"]) };
  return ["cache.put", request, { status, body: pick(values), headers: pick(cacheHeaders) }];
}

function cacheMatch(random) {
  return ["cache.match", ...cacheAsked(random)];
}

function cacheDelete(random) {
  return ["cache.delete", ...cacheAsked(random)];
}

function cacheAsked({ pick }) {
  const method = pick(["GET", "GET", "GET", "GET", "HEAD", "POST"]);
  const request = { url: pick(urls), method, headers: pick(askedHeaders) };
  return [request, pick([{}, {}, {}, null, { ignoreMethod: true }])];
}
