// Where requests go, what they carry beside a body, and what becomes of the answers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, HttpResult, MediaType } from "../../../dist/client/index.js";
import { json, octet, startServer } from "./support.mjs";

const server = await startServer();
const api = new Api(`${server.url}/api/`);

test("api: keys are path segments of their own, whatever is in them", async () => {
  server.answer = json(1);
  const born = new Date("2024-02-29T12:00:00.000Z");
  await api.call("GET", ["Horse", "a/b?c#d e%", born, 7, true, "like"]);
  assert.equal(
    server.last.url,
    "/api/Horse/a%2Fb%3Fc%23d%20e%25/2024-02-29T12%3A00%3A00.000Z/7/true/like",
  );
});

test("api: a key that a URL would swallow is refused before anything is sent", async () => {
  const before = server.requests.length;
  for (const key of [".", ".."]) {
    await assert.rejects(api.call("DELETE", ["Horse", key, "delete"]), /cannot be part of a URL/);
  }
  for (const key of [undefined, null]) {
    await assert.rejects(
      api.call("DELETE", ["Horse", key, "delete"]),
      /Horse\.delete: a key of the Horse is not set/,
    );
  }
  assert.equal(server.requests.length, before);
});

test("api: GET parameters are in the query, texts as they are, the rest as JSON", async () => {
  server.answer = json([]);
  await api.call("GET", ["Horse", "search"], {
    parameters: {
      text: "a&b=c d",
      number: 1.5,
      flag: false,
      at: new Date(0),
      list: ["x", null, 2],
      object: { at: new Date(0) },
      nothing: null,
      missing: undefined,
    },
    dataSource: "withLikes",
  });
  const url = new URL(server.last.url, server.url);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    text: "a&b=c d",
    number: "1.5",
    flag: "false",
    at: "1970-01-01T00:00:00.000Z",
    list: '["x",null,2]',
    object: '{"at":"1970-01-01T00:00:00.000Z"}',
    __datasource: "withLikes",
  });
  assert.equal(server.last.body.length, 0);
  assert.equal(server.last.headers["content-type"], undefined);
});

test("api: the data source is in the query of a POST too", async () => {
  server.answer = json(null);
  await api.call("POST", ["Horse", "save"], { parameters: { model: {} }, dataSource: "none" });
  assert.equal(server.last.url, "/api/Horse/save?__datasource=none");
});

test("api: a success has data and no message", async () => {
  server.answer = {
    ...json({ id: 1 }, 201),
    headers: { "Content-Type": "application/json; charset=utf-8", "X-A": "b" },
  };
  const result = await api.call("GET", ["Horse", "get"]);
  assert.ok(result instanceof HttpResult);
  assert.equal(result.ok, true);
  assert.equal(result.status, 201);
  assert.equal(result.headers.get("x-a"), "b");
  assert.deepEqual(result.data, { id: 1 });
  assert.equal(result.message, undefined);
});

test("api: a failure resolves, with the text exactly as it was sent", async () => {
  for (const status of [400, 404, 409, 500, 503]) {
    const text = `  no "such" horse\n${status} `;
    server.answer = { status, headers: { "Content-Type": "text/plain" }, body: text };
    const result = await api.call("GET", ["Horse", "get"]);
    assert.equal(result.ok, false);
    assert.equal(result.status, status);
    assert.equal(result.message, text);
    assert.equal(result.data, undefined);
  }
});

test("api: of problem details the message is the sentence", async () => {
  const headers = { "Content-Type": "application/problem+json" };
  const cases = [
    ['{"title":"Conflict","detail":"already liked"}', "already liked"],
    ['{"title":"Conflict"}', "Conflict"],
    ["null", "null"],
    ["{broken", "{broken"],
  ];
  for (const [body, message] of cases) {
    server.answer = { status: 409, headers, body };
    assert.equal((await api.call("POST", ["Horse", "like"])).message, message);
  }
});

test("api: a failure has its code and its issues, and unwrap throws it", async () => {
  const issues = [
    { code: "CLO1204", path: "a.b", message: "expected Integer" },
    { code: "CLO1202", path: "c", message: "missing" },
  ];
  const problem = { detail: "CLO1204: a.b: expected Integer\nCLO1202: c: missing", issues };
  server.answer = {
    status: 400,
    headers: { "Content-Type": "application/problem+json" },
    body: JSON.stringify(problem),
  };
  const result = await api.call("POST", ["Horse", "like"]);
  assert.match(server.last.headers.accept, /application\/problem\+json/);
  assert.deepEqual([result.code, result.issues], ["CLO1204", issues]);
  assert.throws(() => result.unwrap(), { message: problem.detail, cause: result });

  server.answer = { status: 404, headers: { "Content-Type": "text/plain" }, body: "CLO1301: gone" };
  const plain = await api.call("POST", ["Horse", "like"]);
  assert.deepEqual([plain.code, plain.issues], ["CLO1301", []]);
  server.answer.body = "gone";
  assert.equal((await api.call("POST", ["Horse", "like"])).code, undefined);
  server.answer = json({ id: 1 });
  assert.deepEqual((await api.call("GET", ["Horse", "get"])).unwrap(), { id: 1 });
});

test("api: a signal ends a call; a client of its own goes elsewhere with what it was given", async () => {
  const reason = new Error("no longer wanted");
  const slow = (_url, { signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)),
    );
  const controller = new AbortController();
  const call = api.call("GET", ["A", "b"], {
    fetchImpl: { fetch: slow, signal: controller.signal },
  });
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  await assert.rejects(
    api.call("GET", ["A", "b"], { fetchImpl: { signal: AbortSignal.abort(reason) } }),
    (error) => error === reason,
  );

  server.answer = json(1);
  const client = api.create({ baseUrl: `${server.url}/own`, headers: { "X-Own": "1" } });
  await api.call("GET", ["A", "b"], { fetchImpl: { client } });
  assert.deepEqual([server.last.url, server.last.headers["x-own"]], ["/own/A/b", "1"]);
  await api.call("GET", ["A", "b"]);
  assert.deepEqual([server.last.url, server.last.headers["x-own"]], ["/api/A/b", undefined]);
});

test("api: an answer of another shape is an error that names the method and the place", async () => {
  const cases = [
    [json({}), ["date"], /GET Horse\.list: .* it is \{\}, not a list/],
    [json(["x"]), ["date"], /it\[0\] is "x", not a date/],
    [json([1.5e300]), ["date"], /not a date/],
    [json({ at: [] }), () => ({ make: () => ({}), fields: { at: "date" } }), /it\.at is \[\]/],
    [json({ b: 1 }), () => ({ make: () => ({}), fields: { b: "blob" } }), /it\.b is 1, not base64/],
    [json(7), () => ({ make: () => ({}), fields: {} }), /it is 7, not an object/],
    [{ body: "{" }, "date", /GET Horse\.list: /],
  ];
  for (const [answer, returns, message] of cases) {
    server.answer = answer;
    await assert.rejects(api.call("GET", ["Horse", "list"], { returns }), {
      name: "TypeError",
      message,
    });
  }
});

test("api: dates that SQL wrote are read as UTC", async () => {
  const moment = Date.UTC(2024, 0, 2, 3, 4, 5);
  for (const written of [
    "2024-01-02 03:04:05",
    "2024-01-02T03:04:05.000",
    moment,
    "2024-01-02T04:04:05+01:00",
  ]) {
    server.answer = json(written);
    const { data } = await api.call("GET", ["Horse", "born"], { returns: "date" });
    assert.equal(data.getTime(), moment, String(written));
  }
});

test("api: an answer without a body has no data", async () => {
  for (const answer of [{ status: 204, headers: {} }, { headers: {}, body: "" }, { body: "" }]) {
    server.answer = answer;
    const result = await api.call("POST", ["Horse", "like"]);
    assert.equal(result.ok, true);
    assert.equal(result.data, undefined);
  }
  server.answer = { headers: { ETag: '"1"' } };
  const head = await api.call("HEAD", ["Horse", "ping"]);
  assert.equal(head.headers.get("etag"), '"1"');
});

test("api: a success of another media type throws, naming both", async () => {
  server.answer = { headers: { "Content-Type": "text/html; charset=utf-8" }, body: "<html>" };
  await assert.rejects(
    api.call("GET", ["Horse", "list"]),
    /Horse\.list: expected a response of type application\/json, got text\/html/,
  );
  server.answer = json([]);
  await assert.rejects(
    api.call("GET", ["Files", "get"], { receives: MediaType.Octet, returns: "blob" }),
    /expected a response of type application\/octet-stream, got application\/json/,
  );
  server.answer = { headers: {}, body: "1" };
  await assert.rejects(api.call("GET", ["Horse", "list"]), /got one without a type/);
});

test("api: bytes are a Uint8Array, or the stream itself", async () => {
  server.answer = octet(Buffer.from([0, 255, 10]));
  const options = { receives: MediaType.Octet };
  const blob = await api.call("GET", ["Files", "get"], { ...options, returns: "blob" });
  assert.deepEqual(blob.data, Uint8Array.of(0, 255, 10));

  const stream = await api.call("GET", ["Files", "get"], { ...options, returns: "stream" });
  assert.ok(stream.data instanceof ReadableStream);
  assert.deepEqual(
    new Uint8Array(await new Response(stream.data).arrayBuffer()),
    Uint8Array.of(0, 255, 10),
  );

  server.answer = octet("");
  const empty = await api.call("GET", ["Files", "get"], { ...options, returns: "blob" });
  assert.deepEqual(empty.data, new Uint8Array());
});

test("api: base URL, headers and fetch can be changed, and changed back", async () => {
  const own = new Api("http://127.0.0.1:1/unreachable");
  server.answer = json(1);
  own.configure({ baseUrl: `${server.url}/v2`, headers: { Authorization: "one" } });
  await own.call("POST", ["A", "b"]);
  assert.equal(server.last.url, "/v2/A/b");
  assert.equal(server.last.headers.authorization, "one");
  assert.equal(server.last.headers["content-type"], "application/json");

  let tokens = 0;
  own.configure({ headers: async () => [["Authorization", `token ${++tokens}`]] });
  await own.call("GET", ["A", "b"]);
  await own.call("GET", ["A", "b"]);
  assert.equal(server.last.headers.authorization, "token 2");

  const seen = [];
  const record = (name) => async (url, init) => {
    seen.push([name, url, init.method]);
    return fetch(url, init);
  };
  own.configure({ fetch: record("configured"), headers: undefined });
  await own.call("GET", ["A", "b"]);
  await own.call("GET", ["A", "b"], { fetchImpl: record("given") });
  assert.deepEqual(seen, [
    ["configured", `${server.url}/v2/A/b`, "GET"],
    ["given", `${server.url}/v2/A/b`, "GET"],
  ]);
  assert.equal(server.last.headers.authorization, undefined);

  own.configure({ baseUrl: undefined, fetch: undefined });
  await assert.rejects(own.call("GET", ["A", "b"]), TypeError);
});

test("api: a relative base URL stays relative", async () => {
  const own = new Api("/api");
  const urls = [];
  await own.call("GET", ["A", "b"], {
    fetchImpl: async (url) => {
      urls.push(url);
      return new Response("1", { headers: { "Content-Type": "application/json" } });
    },
  });
  assert.deepEqual(urls, ["/api/A/b"]);
});

test("api: a fetch that fails rejects as it does", async () => {
  const failure = new TypeError("no network");
  const fetchImpl = () => Promise.reject(failure);
  await assert.rejects(api.call("GET", ["A", "b"], { fetchImpl }), (error) => error === failure);
});
