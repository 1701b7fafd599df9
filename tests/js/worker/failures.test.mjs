// One form for all failures: of the core, of methods and of hooks, with and without hooks that look at them.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { HttpResult } from "cloesce/backend";
import { sampleWorker } from "../../support/sample-app.mjs";

const text = "text/plain;charset=utf-8";
const problem = "application/problem+json";

/** What an Accept header asks for. */
const accepted = [
  [undefined, text],
  ["*/*", text],
  ["application/*", text],
  [problem, problem],
  [`${problem}, */*`, problem],
  [`text/plain, ${problem}`, problem],
  [`text/plain, ${problem};q=0`, text],
  [`text/plain;q=0.9, ${problem};q=0.5`, text],
  [`text/plain;q=0.5, ${problem};q=0.9`, problem],
  ["x-application/problem+json-not", text],
];

function workers() {
  const failing = {
    "Echo/any": () => HttpResult.fail(409, "CLO1302: taken"),
    "Echo/ping": () => undefined,
  };
  const plain = sampleWorker();
  const hooked = sampleWorker();
  const watched = sampleWorker();
  watched.app.onResult(() => {});
  for (const { app } of [hooked]) app.onResult((_, result) => result);
  for (const { app } of [plain, hooked, watched]) app.onMethod("Echo", "any", failing["Echo/any"]);
  return [plain, hooked, watched];
}

test("failures: one negotiation, and a hook that does nothing changes nothing", async () => {
  mock.method(console, "error", () => {});
  const calls = [
    ["GET", "Horse/get?id=x", undefined, 400, "CLO1204"],
    ["GET", "Nowhere/x", undefined, 404, "CLO1001"],
    ["DELETE", "Echo/ping", undefined, 405, "CLO1002"],
    ["POST", "Echo/any", `{"value":1}`, 409, "CLO1302"],
    ["GET", "Echo/boom", undefined, 500, "CLO1500"],
    ["GET", `Echo/ping?count=${"1".repeat(20_000)}`, undefined, 400, "CLO1003"],
    ["GET", `Echo/ping?count=${"1".repeat(70_000)}`, undefined, 400, "CLO1003"],
  ];
  const all = workers();
  for (const [method, path, body, status, code] of calls) {
    for (const [accept, type] of accepted) {
      const answers = [];
      for (const worker of all) {
        const headers = accept === undefined ? {} : { accept };
        const answer = await worker.send(method, path, body, headers);
        answers.push([answer.status, Object.fromEntries(answer.headers), await answer.text()]);
      }
      const name = `${path.slice(0, 30)} ${accept}`;
      const [first] = answers;
      assert.equal(first[0], status, name);
      assert.equal(first[1]["content-type"], type, name);
      for (const answer of answers) assert.deepEqual(answer, first, name);
      if (type === text) {
        assert.ok(first[2].startsWith(`${code}: `), name);
      } else {
        const { title, detail, issues, ...rest } = JSON.parse(first[2]);
        assert.deepEqual(rest, { type: "about:blank", status, code }, name);
        assert.ok(title.length > 0 && detail.startsWith(`${code}: `), name);
        assert.equal(issues[0].code, code);
      }
    }
  }
  mock.restoreAll();
});

test("failures: a hook may say something else, which is written like any other", async () => {
  const { app, send } = sampleWorker();
  app.onResult((_, result) => {
    if (!result.ok) result.message = `no: ${result.status}`;
  });
  const answer = await send("GET", "Horse/get?id=x", undefined, { accept: problem });
  assert.deepEqual(await answer.json(), { type: "about:blank", status: 400, detail: "no: 400" });
});

test("failures: a status without a body has no content type either", async () => {
  for (const status of [204, 205, 304]) {
    const { app, send } = sampleWorker();
    app.onRequest(() => HttpResult.fail(status, "nobody reads this"));
    const answer = await send("GET", "Echo/ping?count=1");
    assert.deepEqual(
      [answer.status, answer.headers.get("content-type"), await answer.text()],
      [status, null, ""],
    );
  }
});
