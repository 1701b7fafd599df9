// What goes out of a method is looked through by its declared type, whatever it turns out to be.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloesceApp, createWorker, HttpResult } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../../support/image.mjs";
import { sampleCidl } from "../../support/sample-app.mjs";

const safe = { label: "s", code: "secret" };
const answers = {
  plain: () => safe,
  list: () => [safe, null, safe],
  ofItself: () => ({ ...safe, inner: { ...safe, inner: safe }, all: [safe, [safe]] }),
  instance: () => Object.assign(new (class Safe {})(), safe),
  asJson: () => ({ code: "secret", toJSON: () => safe }),
  asItself: () => ({
    ...safe,
    toJSON() {
      return this;
    },
  }),
  withStatus: () => HttpResult.ok(201, safe, { "x-mine": "yes" }),
  nothing: () => null,
  undefined: () => undefined,
  text: () => "secret is no member",
  date: () => ({ label: new Date(0), code: new Date(0) }),
};

function workerWith(app) {
  class Echo {}
  Object.assign(Echo.prototype, answers);
  const cidl = sampleCidl();
  cidl.models = [];
  cidl.plainObjects = [
    {
      name: "Safe",
      file: "app.ts",
      fields: [
        { name: "label", type: "Text" },
        { name: "code", type: "Text", access: "Hidden" },
        { name: "inner", type: { Nullable: { Object: "Safe" } } },
        { name: "all", type: { Array: { Object: "Safe" } } },
      ],
    },
  ];
  cidl.services[0].methods = Object.keys(answers).map((name) => ({
    name,
    verb: "GET",
    static: false,
    parameters: [],
    returns: { HttpResult: name === "list" ? { Array: { Object: "Safe" } } : { Object: "Safe" } },
    parametersMedia: "Json",
    returnsMedia: "Json",
  }));
  const worker = createWorker({ engine, image: imageOf(cidl), classes: { Echo }, app });
  return async (name) => {
    const response = await worker.fetch(new Request(`http://localhost/api/Echo/${name}`), {}, {});
    return [response, await response.text()];
  };
}

describe("visible", () => {
  const hooked = new CloesceApp();
  hooked.onResult((_di, result) => HttpResult.ok(result.status, result.data, result.headers));
  for (const [what, app] of Object.entries({ "no hook": new CloesceApp(), "a hook": hooked })) {
    test(`visible: hidden members are in nothing that a method answers, with ${what}`, async () => {
      const ask = workerWith(app);
      const open = '{"label":"s"}';
      const expected = {
        plain: open,
        list: `[${open},null,${open}]`,
        ofItself: `{"label":"s","inner":{"label":"s","inner":${open}},"all":[${open},[${open}]]}`,
        instance: open,
        asJson: open,
        asItself: open,
        withStatus: open,
        nothing: "null",
        undefined: "null",
        text: '"secret is no member"',
        date: '{"label":"1970-01-01T00:00:00.000Z"}',
      };
      for (const [name, text] of Object.entries(expected)) {
        const [response, body] = await ask(name);
        assert.equal(body, text, name);
        if (name !== "withStatus") continue;
        assert.equal(response.status, 201);
        assert.equal(response.headers.get("x-mine"), "yes");
      }
      assert.equal(safe.code, "secret", "what the method answered is left alone");
    });
  }
});
