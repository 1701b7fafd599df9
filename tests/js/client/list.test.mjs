// What is asked of a list, and the way from page to page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api } from "../../../dist/client/index.js";
import { json, startServer } from "./support.mjs";

const server = await startServer();
const api = new Api(`${server.url}/api`);
const link = (query) => ({ Link: `<?${query}>; rel="next"` });

test("list: conditions and orders travel as JSON, limit and cursor as they are", async () => {
  server.answer = json([]);
  const settings = {
    where: { born: { gte: new Date("2024-02-29T12:00:00.000Z") }, key: new Uint8Array([1, 2]) },
    orderBy: [{ name: "desc" }],
    limit: 5,
    after: "abc",
    headers: undefined,
  };
  const page = await api.list(["Horse", "list"], { dataSource: "none", settings });
  const query = Object.fromEntries(new URL(server.last.url, server.url).searchParams);
  assert.deepEqual(query, {
    where: '{"born":{"gte":"2024-02-29T12:00:00.000Z"},"key":"AQI="}',
    orderBy: '[{"name":"desc"}]',
    limit: "5",
    after: "abc",
    __datasource: "none",
  });
  assert.deepEqual(page.data, []);
  assert.equal(page.next(), null);
});

test("list: a page leads to the next, and to all rows", async () => {
  server.answer = {
    ...json([1, 2]),
    headers: { "Content-Type": "application/json", ...link("limit=2&after=x") },
  };
  const settings = { limit: 2 };
  const first = await api.list(["Horse", "list"], { dataSource: "none", settings });
  assert.ok(first.ok);
  server.answer = json([3]);
  const second = await first.next();
  assert.equal(server.last.url, "/api/Horse/list?limit=2&after=x");
  assert.deepEqual(second.data, [3]);
  assert.equal(second.next(), null);
  const rows = [];
  for await (const row of first) rows.push(row);
  assert.deepEqual(rows, [1, 2, 3]);
});

test("list: a failure has no next page, and ends an iteration", async () => {
  server.answer = { status: 400, headers: { "Content-Type": "text/plain" }, body: "CLO1213: no" };
  const page = await api.list(["Horse", "list"], {});
  assert.equal(page.ok, false);
  assert.equal(page.next(), null);
  await assert.rejects(async () => {
    for await (const row of page) assert.fail(String(row));
  }, /CLO1213/);
});
