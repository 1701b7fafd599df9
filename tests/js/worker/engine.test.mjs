// Engines: what each ships, and what an app says that is given the wrong one.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { CloesceApp, createWorker, Orm } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { bundleWorker, projects } from "../../../scripts/support/worker-bundle.mjs";
import { imageOf } from "../../support/image.mjs";
import { storedClasses, storedInterface } from "../../support/stored-interface.mjs";

const ofStorage = /dist\/stored\/|serve-object/;

async function shippedFiles(project) {
  const { inputs } = await bundleWorker(project);
  return Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0);
}

test("engine: a project of D1 models and services ships nothing of KV, R2 and signatures", async () => {
  const files = await shippedFiles(projects.base);
  assert.ok(files.some((file) => file.endsWith("dist/worker/serve.js")));
  assert.deepEqual(
    files.filter((file) => ofStorage.test(file)),
    [],
  );
});

test("engine: a project with KV and R2 ships all of it", async () => {
  const files = await shippedFiles(projects.stored);
  for (const part of [
    "dist/stored/signature.js",
    "dist/stored/operations.js",
    "dist/worker/serve-object.js",
  ])
    assert.ok(
      files.some((file) => file.includes(part)),
      part,
    );
});

test("engine: without the ORM its code is not there", async () => {
  const files = await shippedFiles({ engine: "cloesce/engine", imports: ["CloesceApp"] });
  assert.deepEqual(
    files.filter((file) => /backend\/(orm|either)/.test(file)),
    [],
  );
});

test("engine: createWorker says when it is given none", () => {
  const app = new CloesceApp();
  assert.throws(
    () => createWorker({ image: imageOf(storedInterface), classes: {}, app }),
    /no engine; run "cloesce compile"/,
  );
});

/** An app with KV and R2 models on the engine that has no part for them. */
function worldWithoutStorage() {
  const classes = storedClasses();
  const worker = createWorker({
    engine,
    image: imageOf(storedInterface),
    classes,
    app: new CloesceApp(),
  });
  return { classes, worker };
}

for (const [what, method, path] of [
  ["a storage step", "GET", "TextEntry/get?key=a"],
  ["a ready-made method", "DELETE", "TextEntry/a/delete"],
  ["an object", "GET", "Picture/get?key=a"],
]) {
  test(`engine: ${what} without the part for it is a 500 whose log says what to do`, async () => {
    const { worker } = worldWithoutStorage();
    const log = mock.method(console, "error", () => undefined);
    try {
      const request = new Request(`http://localhost/api/${path}`, { method });
      const response = await worker.fetch(request, { NS: {}, BUCKET: {} }, {});
      assert.deepEqual([response.status, await response.text()], [500, "CLO1500: internal error"]);
      const logged = log.mock.calls.map((call) => String(call.arguments[0])).join("\n");
      assert.match(
        logged,
        /KV or R2 models, which cloesce\/engine leaves out: run cloesce compile/,
      );
    } finally {
      log.mock.restore();
    }
  });
}

test("engine: a call of the ORM says the same", async () => {
  const { TextEntry } = worldWithoutStorage().classes;
  await assert.rejects(
    async () => Orm.fromEnv({ NS: {} }).get(TextEntry, "a"),
    /which cloesce\/engine leaves out: run cloesce compile/,
  );
});
