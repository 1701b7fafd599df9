// Data sources with a query of lists, under `wrangler dev`.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/sources");
let server;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-sources"));
  const articles = [
    { id: 1, title: "a", written: 10, draft: false, remarks: [{ words: "why?" }, { words: "b" }] },
    { id: 2, title: "b", written: 40, draft: true, remarks: [{ words: "spam" }] },
    { id: 3, title: "c", written: 30, draft: false },
    { id: 4, title: "d", written: 20, draft: false, remarks: [{ words: "a" }] },
    { id: 5, title: "a", written: 20, draft: false },
  ];
  for (const article of articles) {
    const saved = await server.client.Article.save(article, "plain");
    assert.equal(saved.ok, true, saved.message);
  }
});
after(() => server?.stop());

async function ask(query, model = "Article") {
  const response = await fetch(`${server.url}/api/${model}/list?${query}`);
  const next = /<([^>]*)>/.exec(response.headers.get("link") ?? "")?.[1].slice(1);
  const body = response.ok ? await response.json() : await response.text();
  return { status: response.status, body, next };
}
const ids = ({ body }) => body.map(({ id }) => id);
const json = (value) => encodeURIComponent(JSON.stringify(value));

test("sources: a list has the rows, the order and the page of its source", async () => {
  const first = await ask("__datasource=recent");
  assert.equal(first.status, 200, first.body);
  assert.deepEqual(ids(first), [3, 5]);
  const second = await ask(first.next);
  assert.deepEqual(ids(second), [4, 1]);
  assert.deepEqual(
    second.body[1].remarks.map(({ words }) => words),
    ["b"],
  );
  assert.equal(second.next, undefined);
});

test("sources: what a caller asks holds beside it", async () => {
  assert.deepEqual(ids(await ask(`__datasource=recent&where=${json({ title: "a" })}`)), [5, 1]);
  assert.deepEqual(ids(await ask(`__datasource=recent&where=${json({ title: "b" })}`)), []);
  const any = json({ OR: [{ title: "b" }, { title: "c" }] });
  assert.deepEqual(ids(await ask(`__datasource=recent&where=${any}`)), [3]);
  assert.deepEqual(ids(await ask(`__datasource=recent&orderBy=${json({ title: "asc" })}`)), [1, 5]);
  assert.deepEqual(ids(await ask("__datasource=recent&limit=1")), [3]);
});

test("sources: its limit is the most, and it opens nothing to callers", async () => {
  const many = await ask("__datasource=recent&limit=3");
  assert.equal(many.status, 400);
  assert.match(many.body, /from 1 to 2/);
  for (const query of [
    `where=${json({ draft: true })}`,
    `orderBy=${json({ written: "asc" })}`,
    `where=${json({ OR: [{ draft: true }] })}`,
  ]) {
    assert.equal((await ask(`__datasource=recent&${query}`)).status, 400, query);
  }
});

test("sources: a cursor of its order is none of another", async () => {
  const { next } = await ask("__datasource=recent");
  const other = await ask(next.replace("recent", "plain"));
  assert.match(other.body, /^CLO1214/);
});

test("sources: a condition over a relation, and trees without a query", async () => {
  assert.deepEqual(ids(await ask("__datasource=discussed")), [1]);
  assert.deepEqual(ids(await ask("__datasource=plain")), [1, 2, 3, 4, 5]);
  assert.deepEqual(ids(await ask("")), [1, 2, 3, 4, 5]);
});

test("sources: the default one is that of lists that name none, whole tables too", async () => {
  const words = async (query) => (await ask(query, "Remark")).body.map((remark) => remark.words);
  assert.deepEqual(await words(""), ["a", "b", "why?"]);
  assert.equal((await words("__datasource=none")).length, 4);
  assert.deepEqual(await words("limit=2"), ["a", "b"]);
});

test("sources: a key names its row whatever the query says", async () => {
  const draft = await server.client.Article.get(2, "recent");
  assert.equal(draft.ok, true, draft.message);
  assert.equal(draft.data.remarks.length, 1);
  const saved = await server.client.Article.save({ id: 2, title: "still" }, "recent");
  assert.equal(saved.data.title, "still");
});

test("sources: Orm.list takes one as its options", async () => {
  const front = await server.client.Article.front();
  assert.deepEqual(
    front.data.map(({ id }) => id),
    [3, 5],
  );
});
