// What hooks are told of the call that they stand in front of, in a real Worker with local D1, KV and R2.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/guarded");
let server;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-guarded"));
});
after(() => server?.stop());

/** A request; answers status, text and what the hooks saw. */
async function send(verb, target, body, headers = {}) {
  const init = { method: verb, headers: { "x-user": "ada", ...headers } };
  if (body !== undefined) {
    const isForm = body instanceof FormData;
    const isBytes = body instanceof Uint8Array;
    init.body = isForm || isBytes ? body : JSON.stringify(body);
    if (isBytes) init.headers["content-type"] = "application/octet-stream";
    else if (!isForm) init.headers["content-type"] = "application/json";
  }
  const response = await fetch(`${server.url}/api/${target}`, init);
  const text = await response.text();
  const log = (response.headers.get("x-log") ?? "").split(/, (?=[a-z]+ )/).filter(Boolean);
  return { status: response.status, text, log };
}

const ticket = (id, owner) => ({ model: { id, owner, opened: "2026-05-01T00:00:00.000Z" } });

test("guarded: SAVE shows the model as an instance, dates and bytes revived, and keeps what was sent", async () => {
  const saved = await send("POST", "Ticket/save", {
    model: { ...ticket(1, "ada").model, picture: "AQID" },
  });
  assert.equal(saved.status, 200, saved.text);
  assert.deepEqual(saved.log, [
    'namespace ["Ticket","save","POST",{},true]',
    'save [true,"ada",true,3]',
  ]);
  assert.equal(JSON.parse(saved.text).owner, "ada", "what the hook changed is its own");
  assert.equal(JSON.parse(saved.text).picture, "AQID");
});

test("guarded: a method of an instance shows key, arguments by name, and the instance that it runs on", async () => {
  await send("POST", "Ticket/save", ticket(2, "ada"));
  const body = { to: "bob", at: "2027-01-01T00:00:00.000Z" };
  const done = await send("POST", "Ticket/2/assign", body);
  assert.deepEqual(done.log, [
    'namespace ["Ticket","assign","POST",{"id":2},true]',
    'assign [2,"bob",true,["to","at"]]',
    'instance ["assign",true,2,true]',
  ]);
  assert.equal(done.text, '"ada to bob at 2027 by ada, seen"');

  const refused = await send("POST", "Ticket/2/assign", { ...body, to: "nobody" });
  assert.deepEqual([refused.status, refused.text], [403, "to somebody, please"]);
  assert.equal(refused.log.length, 2, "the instance was not read");

  const other = await send("POST", "Ticket/2/assign", body, { "x-user": "eve" });
  assert.deepEqual([other.status, other.text], [404, "no such ticket"]);
});

test("guarded: arguments of a query string", async () => {
  const found = await send("GET", "Ticket/find?owner=ada&since=2026-01-01T00:00:00Z");
  assert.deepEqual(found.log.slice(1), ['find ["ada",true,{}]']);
  assert.equal(found.text, '"ada since 2026"');
});

test("guarded: bytes of a form and of base64 are there before the method runs", async () => {
  const form = new FormData();
  form.set("json", '{"name":"ab","bytes":0}');
  form.append("blob", new Blob([Uint8Array.of(7, 8, 9)]), "x");
  for (const body of [form, { name: "ab", bytes: "BwgJ" }]) {
    const done = await send("POST", "Ticket/attach", body);
    assert.equal(done.text, "5");
    assert.deepEqual(done.log.slice(1), ['attach ["ab",[7,8,9]]']);
  }
  // So long that the core takes it out of the body before it reads the rest.
  const long = Buffer.alloc(60_000, 5).toString("base64");
  assert.equal((await send("POST", "Ticket/attach", { name: "ab", bytes: long })).text, "60002");
});

test("guarded: a stream is left to its method", async () => {
  const done = await send("PUT", "Ticket/upload", Uint8Array.of(104, 105));
  assert.deepEqual(done.log.slice(1), ['upload [["body"],true]']);
  assert.equal(done.text, "hi");
});

test("guarded: hooks of the instance stand before GET and DELETE of a row", async () => {
  await send("POST", "Ticket/save", ticket(3, "ada"));
  const eve = { "x-user": "eve" };
  for (const [verb, target] of [
    ["GET", "Ticket/get?id=3"],
    ["DELETE", "Ticket/3/delete"],
  ]) {
    const refused = await send(verb, target, undefined, eve);
    assert.deepEqual([refused.status, refused.text], [404, "no such ticket"]);
    assert.equal(
      (await send(verb, target, undefined, { "x-user": "" })).text,
      "CLO1010: sign in first",
    );
  }
  const got = await send("GET", "Ticket/get?id=3");
  assert.deepEqual(got.log.slice(1), ['instance ["get",true,3,true]']);
  assert.equal(JSON.parse(got.text).owner, "ada");
  assert.equal((await send("DELETE", "Ticket/3/delete")).status, 200);
  assert.equal((await send("GET", "Ticket/get?id=3")).status, 404);
});

test("guarded: and before those of entries and objects", async () => {
  await send("POST", "Note/save", { key: "a", value: "open" });
  await send("POST", "Note/save", { key: "b", value: "secret" });
  assert.deepEqual((await send("GET", "Note/get?key=a")).log, ['note ["get","open",{}]']);
  assert.equal((await send("GET", "Note/get?key=b")).status, 403);
  assert.equal((await send("DELETE", "Note/b/delete")).status, 403);
  const deleted = await send("DELETE", "Note/a/delete");
  assert.deepEqual([deleted.status, deleted.log], [200, ['note ["delete","open",{"key":"a"}]']]);
  assert.equal((await send("GET", "Note/get?key=a")).status, 404);

  const { File } = server.client;
  const put = (key, metadata) =>
    File.put(key, new Blob(["xyz"]), "text/plain", metadata).then(({ ok }) => assert.ok(ok));
  await put("open", null);
  await put("shut", { secret: "yes" });
  const read = await send("GET", "File/get?key=open");
  assert.deepEqual([read.text, read.log], ["xyz", ['file ["get","open",3]']]);
  assert.deepEqual((await send("HEAD", "File/head?key=open")).log, ['file ["head","open",3]']);
  for (const [verb, target] of [
    ["GET", "File/get?key=shut"],
    ["HEAD", "File/head?key=shut"],
    ["DELETE", "File/shut/delete"],
  ])
    assert.equal((await send(verb, target)).status, 403, target);
  assert.equal((await send("DELETE", "File/open/delete")).status, 200);
});

test("guarded: keys that are dates arrive as dates, by the names of their columns", async () => {
  await send("POST", "Shift/save", { model: { day: "2026-05-01T00:00:00.000Z", place: "a/b" } });
  const label = await send("GET", "Shift/2026-05-01T00%3A00%3A00.000Z/a%2Fb/label");
  assert.equal(label.text, '"2026-05-01T00:00:00.000Z a/b"');
  assert.deepEqual(label.log, [
    'namespace [true,{"day":"2026-05-01T00:00:00.000Z","place":"a/b"}]',
  ]);
});

test("guarded: need ends the request with 401", async () => {
  assert.equal((await send("GET", "Door/admin")).text, '"welcome"');
  const refused = await send("GET", "Door/admin", undefined, { "x-user": "" });
  assert.deepEqual([refused.status, refused.text], [401, "CLO1010: sign in first"]);
});

test("guarded: a call that is over says so instead of what another request left there", async () => {
  await send("POST", "Door/open", { key: "keep" });
  const late = await send("POST", "Door/open", { key: "late" });
  assert.deepEqual(late.log, [
    'late "Error: the call is over: look at it in its hook"',
    'open ["key"]',
  ]);
});
