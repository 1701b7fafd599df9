// The option `cors`: what cannot work is refused before anything is served, and what answers carry.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CloesceApp, createWorker, HttpResult } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { cors } from "cloesce/engine/cors";
import { imageOf } from "../../support/image.mjs";
import { sampleCidl } from "../../support/sample-app.mjs";

const cidl = sampleCidl();
cidl.models = [];
const image = imageOf(cidl);

class Echo {
  any(value) {
    return value;
  }
}

function open(options, parts = { cors }) {
  const app = new CloesceApp({ cors: options });
  const worker = createWorker({ engine, image, classes: { Echo }, app, ...parts });
  const send = (method, origin, headers = {}, path = "api/Echo/any") =>
    worker.fetch(
      new Request(`http://localhost/${path}`, {
        method,
        headers: { ...(origin === null ? {} : { origin }), ...headers },
        ...(method === "POST" ? { body: '{"value":1}' } : {}),
      }),
      {},
      {},
    );
  return { app, send };
}

test("cors: what no browser would take is refused when the worker is made", () => {
  assert.throws(() => open({ origins: "*", credentials: true }), /credentials need a list/);
  for (const origin of [
    "shop.example",
    "https://shop.example/",
    "https://shop.example/path",
    "https://Shop.example",
    "https://*.shop.example/ ",
    "null",
    "*",
    "",
  ])
    assert.throws(() => open({ origins: [origin] }), /is no origin/, origin);
  assert.doesNotThrow(() => open({ origins: ["capacitor://localhost", "http://[::1]:5173"] }));
});

test("cors: a worker that was compiled without it says so", () => {
  assert.throws(() => open({ origins: "*" }, {}), /run "cloesce compile" again/);
});

test("cors: a preflight meets no hook, and says what the app takes", async () => {
  const { app, send } = open({ origins: ["https://a.b"], headers: ["x-token"], maxAge: 60 });
  app.onRequest(() => HttpResult.fail(401, "who?"));
  const asked = { "access-control-request-method": "PUT" };
  const answer = await send("OPTIONS", "https://a.b", asked);
  assert.deepEqual(Object.fromEntries(answer.headers), {
    "access-control-allow-headers": "content-type,x-token",
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "access-control-allow-origin": "https://a.b",
    "access-control-expose-headers":
      "access-control-allow-headers,access-control-allow-methods,access-control-max-age",
    "access-control-max-age": "60",
    vary: "origin",
  });
  // An OPTIONS that asks for nothing is a request like others.
  assert.equal((await send("OPTIONS", "https://a.b")).status, 401);
});

test("cors: every origin, and a list of them", async () => {
  const json = { "content-type": "application/json" };
  const all = await open({ origins: "*" }).send("POST", "https://a.b", json);
  assert.deepEqual(Object.fromEntries(all.headers), {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "content-type,x-content-type-options",
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
  });
  const { app, send } = open({ origins: ["https://a.b", "https://c.d"], credentials: true });
  app.onResult((_di, result) => result.headers.append("vary", "accept"));
  const some = await send("POST", "https://c.d", json);
  assert.equal(some.headers.get("access-control-allow-origin"), "https://c.d");
  assert.equal(some.headers.get("access-control-allow-credentials"), "true");
  assert.equal(some.headers.get("vary"), "accept, origin");
  const other = await send("POST", "https://a.b.evil", json);
  assert.equal(other.headers.get("access-control-allow-origin"), null);
  assert.equal(other.headers.get("access-control-allow-credentials"), null);
  assert.equal(other.headers.get("vary"), "accept, origin");
});

test("a POST that a page sends without asking is refused from a foreign origin alone", async () => {
  const json = "application/json";
  const typesOfForms = [
    "text/plain",
    "Text/Plain;charset=utf-8",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "",
  ];
  const closed = open(undefined);
  const listed = open({ origins: ["https://a.b"] });
  const everyone = open({ origins: "*" });
  const status = async ({ send }, origin, type, method = "POST") => {
    const response = await send(method, origin, { "content-type": type });
    const text = (await response?.text()) ?? "";
    return text.includes("CLO1011") ? "refused" : "taken";
  };
  for (const type of typesOfForms) {
    assert.equal(await status(closed, "https://a.b", type), "refused", type);
    assert.equal(await status(closed, "null", type), "refused", type);
    assert.equal(await status(closed, "http://localhost:8080", type), "refused", type);
    assert.equal(await status(closed, "http://localhost.a.b", type), "refused", type);
    assert.equal(await status(closed, "capacitor://localhost", type), "refused", type);
    assert.equal(await status(closed, null, type), "taken", type);
    assert.equal(await status(closed, "http://localhost", type), "taken", type);
    assert.equal(await status(closed, "https://localhost", type), "taken", type);
    assert.equal(await status(listed, "https://a.b", type), "taken", type);
    assert.equal(await status(listed, "https://a.c", type), "refused", type);
    assert.equal(await status(everyone, "https://a.c", type), "taken", type);
    assert.equal(await status(closed, "https://a.b", type, "PUT"), "taken", type);
  }
  assert.equal(await status(closed, "https://a.b", json), "taken");
  const { app, send } = closed;
  app.onRequest(() => assert.fail("a hook saw it"));
  const refused = await send("POST", "https://a.b", { "content-type": "text/plain" });
  assert.equal(refused.status, 403);
  const elsewhere = await send("POST", "https://a.b", { "content-type": "text/plain" }, "other");
  assert.equal(elsewhere.status, 404);
});
