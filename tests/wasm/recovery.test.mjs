// A trap or an abort inside the core answers 500; the instance is rebuilt and the next request works.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { sampleWorker } from "../support/sample-app.mjs";

/** Runs `action` with console.error silenced; answers what was logged. */
async function silenced(action) {
  const log = mock.method(console, "error", () => undefined);
  try {
    await action();
    return log.mock.calls.map((call) => call.arguments.join(" "));
  } finally {
    log.mock.restore();
  }
}

/** Collects the instances that are made while `action` runs. */
async function watchingInstances(action) {
  const made = [];
  const Original = WebAssembly.Instance;
  WebAssembly.Instance = class extends Original {
    constructor(...given) {
      super(...given);
      made.push(this);
    }
  };
  try {
    await action(made);
  } finally {
    WebAssembly.Instance = Original;
  }
}

async function assertWell(worker) {
  const response = await worker.send("GET", "Echo/ping?count=41");
  assert.deepEqual([response.status, await response.text()], [200, "42"]);
}

test("a body that the limits allow and memory does not is refused, and nothing is broken by it", async () => {
  await watchingInstances(async (instances) => {
    const worker = sampleWorker({ limits: { jsonBytes: 200 * 1024 * 1024 } });
    await assertWell(worker);
    const log = await silenced(async () => {
      const body = `{"value":"${"x".repeat(50 * 1024 * 1024)}"}`;
      const response = await worker.send("POST", "Echo/any", body);
      // No use to try again.
      assert.equal(response.status, 413);
      assert.equal(response.headers.get("retry-after"), null);
      assert.match(await response.text(), /^CLO1102: .*\(memory\)/);
    });
    assert.deepEqual(log, []);
    await assertWell(worker);
    assert.equal(instances.length, 1);
  });
});

test("a trap: linear memory is overwritten while a request waits", async () => {
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  await watchingInstances(async (instances) => {
    const worker = sampleWorker();
    await assertWell(worker);
    const [broken] = instances;
    // The body arrives only after the damage is done.
    const stream = new ReadableStream({
      async start(controller) {
        await gate;
        controller.enqueue(new TextEncoder().encode('{"value":1}'));
        controller.close();
      },
    });
    const log = await silenced(async () => {
      const pending = worker.send("POST", "Echo/any", stream);
      await new Promise((resolve) => setImmediate(resolve));
      // Every pointer in the core now leads outside of its memory.
      new Uint8Array(broken.exports.memory.buffer).fill(0xff);
      release();
      const response = await pending;
      assert.equal(response.status, 500);
      assert.equal(await response.text(), "CLO1500: internal error");
    });
    assert.match(
      log.join("\n"),
      /memory access out of bounds|unreachable|table index|indirect call/,
    );
    await assertWell(worker);
    assert.equal(instances.length, 2);
  });
});

test("requests that were waiting in a broken instance are answered 500, not left hanging", async () => {
  const gates = [];
  const database = {
    prepare: () => ({
      bind: () => ({ raw: () => new Promise((resolve) => gates.push(resolve)) }),
      raw: () => new Promise((resolve) => gates.push(resolve)),
    }),
    batch: () => new Promise((resolve) => gates.push(resolve)),
  };
  await watchingInstances(async (instances) => {
    const worker = sampleWorker({ database });
    await silenced(async () => {
      const waiting = [worker.send("GET", "Horse/list"), worker.send("GET", "Horse/get?id=1")];
      await new Promise((resolve) => setImmediate(resolve));
      new Uint8Array(instances[0].exports.memory.buffer).fill(0xff);
      for (const open of gates) open([]);
      for (const response of await Promise.all(waiting)) assert.equal(response.status, 500);
    });
    await assertWell(worker);
  });
});

test("an app is opened while the Worker starts, and again when its prefix changes", async () => {
  await watchingInstances(async (instances) => {
    const worker = sampleWorker();
    assert.equal(instances.length, 1);
    await assertWell(worker);
    assert.equal(instances.length, 1);
    worker.app.routePrefix = "elsewhere";
    assert.equal((await worker.send("GET", "Echo/ping?count=41")).status, 404);
    worker.app.routePrefix = undefined;
    await assertWell(worker);
  });
});

test("an app that cannot be opened says so on every request", async () => {
  const worker = sampleWorker({ limits: { depth: -1 } });
  for (let turn = 0; turn < 2; turn++) {
    const log = await silenced(async () => {
      assert.equal((await worker.send("GET", "Echo/ping?count=41")).status, 500);
    });
    assert.match(log.join(), /could not open the app: .*depth/);
  }
});
