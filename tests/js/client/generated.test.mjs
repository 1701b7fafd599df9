// The client generated for the wide sample project, bundled by esbuild as an application's would be.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { build } from "esbuild";

import { formOf, golden, json, loadClient, octet, packageRoot, startServer } from "./support.mjs";

const server = await startServer();
const { configure, Horse, Like, Pedigree, Person, StableService, Tag } = await loadClient("wide");
configure({ baseUrl: `${server.url}/v1/api` });

const at = "2024-05-06T07:08:09.000Z";
const bareHorse = {
  id: 1,
  name: "Al",
  born: at,
  weight: 1.5,
  trained: true,
  portrait: null,
  ownerId: null,
};

test("generated: save sends the partial model and answers an instance", async () => {
  server.answer = json({ ...bareHorse, likes: [{ horseId: 1, fanId: 2, at }], tags: [] });
  const result = await Horse.save({ name: "Al", likes: [{}, {}] }, "withLikes");
  assert.equal(server.last.method, "POST");
  assert.equal(server.last.url, "/v1/api/Horse/save?__datasource=withLikes");
  const form = await formOf(server.last);
  assert.deepEqual(JSON.parse(form.get("json")), { model: { name: "Al", likes: [{}, {}] } });
  assert.ok(result.data instanceof Horse);
  assert.deepEqual(result.data.born, new Date(at));
  assert.ok(result.data.likes[0] instanceof Like);
});

test("generated: get and list default to no relations", async () => {
  server.answer = json(bareHorse);
  const { data } = await Horse.get(1);
  assert.equal(server.last.method, "GET");
  assert.equal(server.last.url, "/v1/api/Horse/get?id=1&__datasource=none");
  assert.deepEqual(data.likes, []);
  assert.equal(data.owner, undefined);

  server.answer = json([bareHorse]);
  const list = await Horse.list("withLikes");
  assert.equal(server.last.url, "/v1/api/Horse/list?__datasource=withLikes");
  assert.ok(list.data[0] instanceof Horse);
});

test("generated: an instance addresses itself by its key, composite or oddly named", async () => {
  server.answer = json(null);
  await Object.assign(new Horse(), { id: 7 }).delete();
  assert.equal(server.last.method, "DELETE");
  assert.equal(server.last.url, "/v1/api/Horse/7/delete");

  await Object.assign(new Like(), { horseId: 1, fanId: 2 }).undo();
  assert.equal(server.last.url, "/v1/api/Like/1/2/undo?__datasource=none");

  server.answer = json(3);
  const { data } = await Object.assign(new Tag(), { default: "a/b" }).use();
  assert.equal(server.last.url, "/v1/api/Tag/a%2Fb/use?__datasource=none");
  assert.equal(data, 3);
});

test("generated: models are parameters of instance methods", async () => {
  server.answer = { status: 200, headers: {}, body: "" };
  const fan = Object.assign(new Person(), { id: 2, name: "Bea" });
  const horse = Object.assign(new Horse(), { id: 1 });
  const result = await horse.like(fan, null, "default");
  assert.equal(server.last.url, "/v1/api/Horse/1/like?__datasource=default");
  assert.deepEqual(JSON.parse(server.last.body.toString()), {
    fan: { id: 2, name: "Bea", horses: [] },
    at: null,
  });
  assert.equal(result.ok, true);
  assert.equal(result.data, undefined);
});

test("generated: a fetch given to one call is used for it", async () => {
  server.answer = json([]);
  let used = 0;
  const own = (url, init) => {
    used++;
    return fetch(url, init);
  };
  await Person.list("none", own);
  await Object.assign(new Horse(), { id: 7 }).delete(own);
  assert.equal(used, 2);
});

test("generated: query parameters that are any JSON are JSON text", async () => {
  server.answer = json(null);
  const result = await Horse.search("text", new Date(at), ["a", null], "withLikes");
  const query = new URL(server.last.url, server.url).searchParams;
  assert.deepEqual(Object.fromEntries(query), {
    filter: '"text"',
    since: at,
    names: '["a",null]',
    source: "withLikes",
  });
  assert.equal(result.data, null);
});

test("generated: services have static methods with every kind of body", async () => {
  server.answer = json(3);
  assert.equal((await StableService.upload(Uint8Array.of(1, 2, 3))).data, 3);
  assert.equal(server.last.method, "PUT");
  assert.equal(server.last.url, "/v1/api/StableService/upload");
  assert.deepEqual([...server.last.body], [1, 2, 3]);

  const pedigree = { title: "t", issued: null, seal: "AQ==", lines: [], parents: [], extra: 1 };
  server.answer = json({ ...pedigree, parents: [pedigree] });
  const seal = Uint8Array.of(9);
  const draft = { title: "t", issued: new Date(at), seal, lines: ["a"], parents: [], extra: null };
  const filed = await StableService.file(draft, [new Blob(["x"]), seal]);
  assert.deepEqual(JSON.parse((await formOf(server.last)).get("json")), {
    pedigree: { title: "t", issued: at, seal: 0, lines: ["a"], parents: [], extra: null },
    pictures: [1, 0],
  });
  assert.ok(filed.data instanceof Pedigree);
  assert.ok(filed.data.parents[0] instanceof Pedigree);
  assert.deepEqual(filed.data.seal, Uint8Array.of(1));

  server.answer = octet("bytes");
  const { data: stream } = await StableService.stream(new Blob(["bytes"]));
  assert.equal(await new Response(stream).text(), "bytes");
});

test("generated: fromJson makes instances from text that was kept", () => {
  const horse = Horse.fromJson({ ...bareHorse, owner: { id: 2, name: "Bea", horses: [] } });
  assert.ok(horse.owner instanceof Person);
  assert.deepEqual(Horse.fromJson(JSON.parse(JSON.stringify(horse))), horse);
});

test("generated: a bundle holds only the classes that are used", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { Pedigree } from ${JSON.stringify(golden("wide"))}; console.log(Pedigree);`,
      resolveDir: packageRoot,
    },
    bundle: true,
    format: "esm",
    write: false,
    alias: { "cloesce/client": join(packageRoot, "dist", "client", "index.js") },
    logLevel: "error",
  });
  const [{ text }] = outputFiles;
  assert.match(text, /var Pedigree = class/);
  for (const unused of ["Horse", "Person", "StableService", "Api", "Either"]) {
    assert.doesNotMatch(text, new RegExp(`var ${unused} = class`), unused);
  }
});
