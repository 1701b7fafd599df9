// What local.bench.mjs asks of stores, in Node and inside workerd. `env` is { KV, FILES, DB, cache }.

const kilobyte = new Uint8Array(1024).fill(7);
const megabyte = new Uint8Array(1024 * 1024).fill(7);
const url = "http://example.com/page";

export const table = "create table t(id integer primary key, a text)";
export const rows =
  "insert into t(id, a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) select i, 'row ' || i from n";
export const selectByKey = "select * from t where id = ?";

/** Fills stores that are empty. */
export async function setUp({ KV, FILES, DB, cache }) {
  for (let index = 0; index < 2000; index += 1) await KV.put(`key ${index}`, "");
  await KV.put("key", kilobyte);
  await FILES.put("key", megabyte);
  await DB.prepare(table).run();
  await DB.prepare(rows).run();
  const headers = { "cache-control": "max-age=10000", "content-type": "text/plain" };
  await cache.put(url, new Response(kilobyte, { headers }));
}

const size = async (body) => (await new Response(body).arrayBuffer()).byteLength;

/** Each answers something by which it can be told to have worked. */
export const cases = {
  "KV put 1 KB": async ({ KV }) => (await KV.put("key", kilobyte)) ?? null,
  "KV get 1 KB": async ({ KV }) => (await KV.get("key", "arrayBuffer")).byteLength,
  "KV list 1,000 of 2,000": async ({ KV }) => (await KV.list({ prefix: "key 1" })).keys.length,
  "R2 put 1 MiB": async ({ FILES }) => (await FILES.put("key", megabyte)).etag,
  "R2 get 1 MiB": async ({ FILES }) => size((await FILES.get("key")).body),
  "R2 get 1 KB of it": async ({ FILES }) =>
    size((await FILES.get("key", { range: { offset: 500_000, length: 1024 } })).body),
  "Cache match 1 KB": async ({ cache }) =>
    (await (await cache.match(url)).arrayBuffer()).byteLength,
  "D1 select by key": ({ DB }) => DB.prepare(selectByKey).bind(500).first(),
  "D1 batch of 10": async ({ DB }) => {
    const select = DB.prepare(selectByKey);
    const found = await DB.batch(Array.from({ length: 10 }, (_, index) => select.bind(index + 1)));
    return found.map(({ results }) => results);
  },
};
