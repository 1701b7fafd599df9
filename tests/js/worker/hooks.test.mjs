// Hooks that are registered while requests are under way, or for nothing.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { CloesceApp, createWorker } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../../support/image.mjs";
import { sampleCidl } from "../../support/sample-app.mjs";

/** A service that takes its time to get ready. */
class Clock {
  time = "not ready";
  async init() {
    await new Promise((resolve) => setImmediate(resolve));
    this.time = "noon";
  }
}

class Echo {
  any(value) {
    return value;
  }
}

function openApp() {
  const cidl = sampleCidl();
  cidl.models = [];
  cidl.services.push({
    name: "Clock",
    file: "app.ts",
    attributes: [],
    initializer: [],
    methods: [],
  });
  const app = new CloesceApp();
  const worker = createWorker({ engine, image: imageOf(cidl), classes: { Clock, Echo }, app });
  return {
    app,
    send: (body) =>
      worker.fetch(
        new Request("http://localhost/api/Echo/any", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          duplex: "half",
        }),
        {},
        {},
      ),
  };
}

test("hooks: one that comes while a request waits for its body finds its services ready", async () => {
  const { app, send } = openApp();
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  const waiting = send(
    new ReadableStream({
      async start(controller) {
        await gate;
        controller.enqueue(new TextEncoder().encode('{"value":1}'));
        controller.close();
      },
    }),
  );
  const seen = [];
  app.onMethod("Echo", "any", (di) => {
    seen.push(di.get(Clock).time);
  });
  // The core learns of the hook from the next request.
  assert.equal(await (await send('{"value":2}')).text(), "2");
  release();
  assert.equal(await (await waiting).text(), "1");
  assert.deepEqual(seen, ["noon", "noon"]);
});

test("hooks: one for what has no route is a 500 whose log names it", async () => {
  const { app, send } = openApp();
  app.onMethod("Echo", "nothing", () => undefined);
  const log = mock.method(console, "error", () => undefined);
  try {
    assert.equal((await send('{"value":1}')).status, 500);
    assert.match(String(log.mock.calls[0].arguments[0]), /a hook onMethod for Echo\.nothing/);
  } finally {
    log.mock.restore();
  }
});
