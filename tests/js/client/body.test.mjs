// Request bodies of each media type, as they arrive.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, MediaType } from "../../../dist/client/index.js";
import { formOf, json, startServer } from "./support.mjs";

const server = await startServer();
server.answer = json(null);
const api = new Api(server.url);

const send = async (parameters, sends, verb = "POST") => {
  await api.call(verb, ["A", "b"], { parameters, ...(sends && { sends }) });
  return server.last;
};
const sentJson = async (parameters) => JSON.parse((await send(parameters)).body.toString());

test("body: JSON by parameter name", async () => {
  const request = await send({ id: 1, name: "x", at: new Date(0), none: null, left: undefined });
  assert.equal(request.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(request.body.toString()), {
    id: 1,
    name: "x",
    at: "1970-01-01T00:00:00.000Z",
    none: null,
  });
});

test("body: an instance travels as its fields, without methods and without what is not there", async () => {
  class Horse {
    id = 1;
    owner = undefined;
    likes = [{ at: new Date(0) }];
    neigh = () => "!";
    like() {}
  }
  assert.deepEqual(await sentJson({ horse: new Horse() }), {
    horse: { id: 1, likes: [{ at: "1970-01-01T00:00:00.000Z" }] },
  });
});

test("body: a date that is none is refused, not turned into null", async () => {
  await assert.rejects(send({ at: new Date("x") }), RangeError);
});

test("body: a POST without parameters is an empty object, a DELETE has no body", async () => {
  assert.equal((await send({})).body.toString(), "{}");
  const bare = await send({}, undefined, "DELETE");
  assert.equal(bare.body.length, 0);
  assert.equal(bare.headers["content-type"], undefined);
  assert.equal((await send({ id: 1 }, undefined, "DELETE")).body.toString(), '{"id":1}');
});

test("body: bytes inside JSON are base64", async () => {
  const bytes = Uint8Array.of(0, 1, 250);
  const sent = await sentJson({
    bytes,
    again: [bytes],
    buffer: bytes.buffer,
    node: Buffer.from(bytes),
    blob: new Blob([bytes]),
    part: new Uint8Array(bytes.buffer, 1, 1),
  });
  assert.deepEqual(sent, {
    bytes: "AAH6",
    again: ["AAH6"],
    buffer: "AAH6",
    node: "AAH6",
    blob: "AAH6",
    part: "AQ==",
  });
});

test("body: base64 of many bytes is whole", async () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => index * 7);
  const { bytes: text } = await sentJson({ bytes });
  assert.deepEqual(new Uint8Array(Buffer.from(text, "base64")), bytes);
});

test("body: a form numbers its blobs, and the same one keeps its number", async () => {
  const first = new File(["first"], "first.txt", { type: "text/plain" });
  const second = Uint8Array.of(1, 2, 3);
  const request = await send(
    { title: "t", pictures: [first, second, first], deep: { seal: second, at: new Date(0) } },
    MediaType.FormData,
  );
  assert.match(request.headers["content-type"], /^multipart\/form-data; boundary=/);
  const form = await formOf(request);
  assert.deepEqual([...form.keys()], ["json", "blob", "blob"]);
  assert.deepEqual(JSON.parse(form.get("json")), {
    title: "t",
    pictures: [0, 1, 0],
    deep: { seal: 1, at: "1970-01-01T00:00:00.000Z" },
  });
  const [text, bytes] = form.getAll("blob");
  assert.equal(text.name, "first.txt");
  assert.match(text.type, /^text\/plain/);
  assert.equal(await text.text(), "first");
  assert.deepEqual(new Uint8Array(await bytes.arrayBuffer()), second);
});

test("body: every blob of a form has a file name, and no part is a text that may not be one", async () => {
  const files = [new File(["a"], ""), new File(["b"], "b.txt"), new Blob(["c"])];
  const request = await send({ note: "\ufffd", files }, MediaType.FormData);
  assert.ok(!request.body.includes("\ufffd"));
  assert.equal(JSON.parse((await formOf(request)).get("json")).note, "\ufffd");
  const names = [...request.body.toString().matchAll(/name="blob"; filename="(.*)"/g)];
  assert.deepEqual(
    names.map(([, name]) => name),
    ["blob", "b.txt", "blob"],
  );
});

test("body: a form without a blob still has its JSON", async () => {
  const form = await formOf(await send({ portrait: null }, MediaType.FormData));
  assert.deepEqual([...form.entries()], [["json", '{"portrait":null}']]);
});

test("body: one blob travels as its bytes", async () => {
  const bytes = Uint8Array.of(0, 255);
  for (const blob of [bytes, bytes.buffer, new Blob([bytes], { type: "image/png" })]) {
    const request = await send({ blob }, MediaType.Octet, "PUT");
    assert.equal(request.headers["content-type"], "application/octet-stream");
    assert.deepEqual(new Uint8Array(request.body), bytes);
  }
});

test("body: a stream is sent as it comes", async () => {
  let made = 0;
  const video = new ReadableStream({
    pull(controller) {
      if (made === 3) return controller.close();
      controller.enqueue(Uint8Array.of(made++));
    },
  });
  const request = await send({ video }, MediaType.Octet);
  assert.equal(request.headers["transfer-encoding"], "chunked");
  assert.equal(request.headers["content-type"], "application/octet-stream");
  assert.deepEqual([...request.body], [0, 1, 2]);
});

test("body: bytes have no place in a URL", async () => {
  const parameters = { filter: { seal: new Blob(["x"]) } };
  await assert.rejects(api.call("GET", ["A", "b"], { parameters }), /bytes cannot travel in a URL/);
});
