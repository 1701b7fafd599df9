// A whole app through its generated client: models, services, middleware, data sources, every kind of parameter.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/stable");
let server;
let Horse, Like, Tag, Stay, EchoService, Person, Address;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-stable"));
  ({ Horse, Like, Tag, Stay, EchoService, Person, Address } = server.client);
});
after(() => server?.stop());

/** The value of a result that must have succeeded. */
function value(result) {
  assert.equal(result.ok, true, `${result.status} ${result.message}`);
  return result.data;
}

const withHeaders = (headers) => (input, init) =>
  fetch(input, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init?.headers)), ...headers },
  });

test("save: answers the saved object with generated keys, through the data source", async () => {
  const horse = value(
    await Horse.save(
      {
        name: "Roach",
        born: new Date("2020-02-29T10:00:00.000Z"),
        retired: false,
        weight: 431.5,
        bio: null,
        likes: [],
      },
      "withLikes",
    ),
  );
  assert.ok(horse instanceof Horse);
  assert.equal(typeof horse.id, "number");
  assert.deepEqual(
    [horse.name, horse.bio, horse.retired, horse.weight],
    ["Roach", null, false, 431.5],
  );
  assert.ok(horse.born instanceof Date);
  assert.equal(horse.born.toISOString(), "2020-02-29T10:00:00.000Z");
  assert.deepEqual(horse.likes, []);
});

test("save: a nested graph, keys flowing down", async () => {
  const friend = value(await Horse.save({ name: "Friend" }));
  const horse = value(
    await Horse.save(
      { name: "Nested", likes: [{ horseId2: friend.id }, { horseId2: friend.id }] },
      "withLikes",
    ),
  );
  assert.equal(horse.likes.length, 2);
  for (const like of horse.likes) {
    assert.ok(like instanceof Like);
    assert.equal(like.horseId1, horse.id);
    assert.ok(like.horse2 instanceof Horse);
    assert.equal(like.horse2.name, "Friend");
    assert.deepEqual(like.horse2.likes, []);
  }
});

test("save: some attributes of a row that is not there are not found, and nothing is made", async () => {
  const missing = await Horse.save({ id: 4_000_001, bio: "whose?" });
  assert.deepEqual(
    [missing.status, missing.message],
    [404, "CLO1301: there is no Horse with id 4000001, and a new one needs name"],
  );
  assert.equal((await Horse.get(4_000_001)).status, 404);
});

test("save: some attributes update only those", async () => {
  const horse = value(await Horse.save({ name: "Before", bio: "kept" }));
  const changed = value(await Horse.save({ id: horse.id, name: "After" }));
  assert.deepEqual([changed.id, changed.name, changed.bio], [horse.id, "After", "kept"]);
});

test("save: many-to-many links are written and read from both sides", async () => {
  const horse = value(
    await Horse.save(
      { name: "Tagged", tags: [{ name: "fast" }, { name: 'brown "quoted" ünï' }] },
      "default",
    ),
  );
  assert.deepEqual(horse.tags.map((tag) => tag.name).sort(), ['brown "quoted" ünï', "fast"]);
  const tag = value(await Tag.get('brown "quoted" ünï', "withHorses"));
  assert.deepEqual(
    tag.horses.map((each) => each.id),
    [horse.id],
  );
  assert.ok(tag.horses[0] instanceof Horse);
});

test("save: a failing child leaves nothing behind", async () => {
  const before = value(await Horse.list()).length;
  const result = await Horse.save({ name: "Doomed", likes: [{ horseId2: 999_999 }] }, "withLikes");
  assert.equal(result.status, 409);
  assert.match(result.message, /^CLO1303/);
  assert.equal(value(await Horse.list()).length, before);
});

test("get: what is not included is absent or empty; none is sent when nothing is said", async () => {
  const horse = value(await Horse.save({ name: "Plain", tags: [{ name: "plain" }] }, "default"));
  const plain = value(await Horse.get(horse.id));
  assert.deepEqual([plain.tags, plain.likes], [[], []]);
  const response = await fetch(`${server.url}/api/Horse/get?id=${horse.id}`);
  assert.deepEqual(
    (await response.json()).tags.map((tag) => tag.name),
    ["plain"],
    "without a name the default data source is used",
  );
});

test("get: a missing row is 404", async () => {
  const result = await Horse.get(123_456);
  assert.deepEqual([result.ok, result.status, result.data], [false, 404, undefined]);
});

test("list: instances in order of their key", async () => {
  const horses = value(await Horse.list("withLikes"));
  assert.ok(horses.every((horse) => horse instanceof Horse));
  const ids = horses.map((horse) => horse.id);
  assert.deepEqual(
    ids,
    [...ids].sort((left, right) => left - right),
  );
});

test("delete: the row is gone, its second deletion 404", async () => {
  const horse = value(await Horse.save({ name: "Gone" }));
  assert.equal((await horse.delete()).ok, true);
  assert.equal((await Horse.get(horse.id)).status, 404);
  assert.equal((await horse.delete()).status, 404);
});

test("composite keys: in the URL in declaration order, percent-encoded", async () => {
  const horse = value(await Horse.save({ name: "Guest" }));
  const since = new Date("2024-01-02T03:04:05.678Z");
  const stay = value(
    await Stay.save(
      { stable: "north/wing é%", box: 0, horseId: horse.id, since, heated: true },
      "withHorse",
    ),
  );
  assert.deepEqual(
    [stay.box, stay.heated, stay.since.toISOString(), stay.horse.name],
    [0, true, since.toISOString(), "Guest"],
  );
  assert.equal(value(await stay.where()), "north/wing é%/0");
  assert.equal(value(await Stay.get("north/wing é%", 0)).horseId, horse.id);
});

test("instance methods: hydrated through the data source, with their own methods", async () => {
  const one = value(await Horse.save({ name: "One" }));
  const two = value(await Horse.save({ name: "Two" }));
  assert.equal((await one.like(two)).ok, true);
  assert.deepEqual(value(await one.relations("withLikes")), [1, 0]);
  assert.deepEqual(value(await one.relations("none")), [0, 0]);
  assert.equal(value(await one.greet("hello", 2)), "hello, I am ONEhello, I am ONE");
  assert.equal(value(await one.greet("hello", null)), "hello, I am ONE");
  const ghost = Object.assign(new Horse(), { id: 55_555 });
  assert.equal((await ghost.greet("hello", null)).status, 404);
});

test("user code: upsert, get, listQuery and mapSql through the ORM", async () => {
  const posted = value(
    await Horse.post(
      Object.assign(new Horse(), {
        id: 7000,
        name: "Posted",
        bio: null,
        born: null,
        retired: null,
        weight: 1.5,
      }),
    ),
  );
  assert.deepEqual([posted.id, posted.name, posted.weight], [7000, "Posted", 1.5]);
  const friend = value(await Horse.save({ name: "Only friend" }));
  await posted.like(friend);
  await posted.like(friend);
  const [named] = value(await Horse.named("Posted"));
  assert.equal(named.likes.length, 2);
  assert.equal(named.likes[0].horse2.name, "Only friend");
});

test("parameters: models, arrays of instances, dates and partials arrive revived", async () => {
  const horse = Object.assign(new Horse(), {
    id: 1,
    name: "x",
    bio: null,
    born: null,
    retired: null,
    weight: null,
    likes: [Object.assign(new Like(), { id: 1, horseId1: 1, horseId2: 2 })],
  });
  assert.equal(
    value(await Horse.kinds([horse, horse], [new Date(0)], { name: "partial" })),
    "true true true partial",
  );
});

test("parameters: a data source is checked and handed over", async () => {
  assert.equal(value(await Horse.source("withLikes")), "withLikes");
  const response = await fetch(`${server.url}/api/Horse/source?dataSource=nonsense`);
  assert.equal(response.status, 400);
});

test("services: attributes, services in services, init, injection", async () => {
  assert.equal(value(await EchoService.path()), "/api/EchoService/path");
  assert.equal(value(await EchoService.injected()), "true true GET");
  assert.equal(typeof value(await EchoService.motto()), "string");
});

test("services: plain objects travel both ways as instances", async () => {
  const home = Object.assign(new Address(), { street: "Straße", number: null, tags: ["a", "b"] });
  const person = Object.assign(new Person(), {
    name: "Ada",
    born: new Date("1815-12-10T00:00:00Z"),
    home,
    others: [home],
  });
  const echoed = value(await EchoService.person(person));
  assert.ok(
    echoed instanceof Person && echoed.home instanceof Address && echoed.born instanceof Date,
  );
  assert.deepEqual(echoed, person);
});

test("services: any JSON, nullables, query parameters of every type", async () => {
  const any = { a: [1, 2.5, "x", null, true, { deep: [] }] };
  assert.deepEqual(value(await EchoService.any(any)), any);
  assert.equal(value(await EchoService.nullable(null, [1, null])), "[null,[1,null]]");
  assert.equal(value(await EchoService.nullable("", null)), '["",null]');
  const when = new Date("2026-01-01T00:00:00.000Z");
  assert.deepEqual(
    JSON.parse(value(await EchoService.query("a&b=c ü", -3, 0.25, true, when, [1, 2], null))),
    {
      text: "a&b=c ü",
      count: -3,
      ratio: 0.25,
      flag: true,
      when: when.toISOString(),
      list: [1, 2],
      home: null,
    },
  );
});

test("results: status, headers, nothing, null, failures with their exact message", async () => {
  const created = await EchoService.created();
  assert.deepEqual([created.status, created.data, created.headers.get("x-extra")], [201, 7, "yes"]);
  assert.equal((await EchoService.nothing()).ok, true);
  assert.equal(value(await EchoService.empty()), null);
  const missing = await EchoService.missing();
  assert.deepEqual([missing.ok, missing.status, missing.message], [false, 404, "no horse here"]);
});

test("a thrown error is 500 and tells nothing; the next request works", async () => {
  const result = await EchoService.boom();
  assert.equal(result.status, 500);
  assert.doesNotMatch(result.message, /secret|at /);
  assert.equal(value(await EchoService.any(1)), 1);
});

test("middleware: each level can stop with a result, and sees the container", async () => {
  const stopped = await EchoService.any(1, withHeaders({ "x-stop": "request" }));
  assert.deepEqual([stopped.status, stopped.message], [418, "I am a teapot"]);
  const atNamespace = await fetch(`${server.url}/api/EchoService/path`, {
    headers: { "x-stop": "namespace" },
  });
  assert.equal(await atNamespace.json(), "stopped at the namespace");
  const atModel = await fetch(`${server.url}/api/Horse/list`, { headers: { "x-stop": "model" } });
  assert.deepEqual([atModel.status, await atModel.text()], [403, "no horses today"]);
  const guarded = await EchoService.guarded("hello");
  assert.deepEqual([guarded.status, guarded.message], [401, "who are you?"]);
  assert.equal(
    value(await EchoService.guarded("hello", withHeaders({ "x-visitor": "Ada" }))),
    "hello",
  );
  const seen = await fetch(`${server.url}/api/nowhere/at-all`, { headers: { "x-visitor": "Ada" } });
  assert.deepEqual([seen.status, seen.headers.get("x-visitor")], [404, "Ada"]);
});

test("errors as problem JSON when the caller accepts it", async () => {
  const response = await fetch(`${server.url}/api/Horse/get?id=x`, {
    headers: { accept: "application/problem+json" },
  });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.deepEqual(await response.json(), {
    type: "about:blank",
    title: "wrong type",
    status: 400,
    code: "CLO1204",
    detail: 'CLO1204: id: expected Integer, got "x"',
    issues: [{ code: "CLO1204", path: "id", message: 'expected Integer, got "x"' }],
  });
  const refused = await Horse.save({ name: 1, weight: "heavy" });
  assert.deepEqual(
    [refused.code, refused.issues.map(({ path }) => path)],
    ["CLO1204", ["model.name", "model.weight"]],
  );
  assert.throws(() => refused.unwrap(), { message: refused.message, cause: refused });
});
