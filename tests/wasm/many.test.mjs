// Many requests and ORM calls at once over a database that takes its time: what waits takes next to nothing of the
// core, nobody is hurt by anybody else, and what was abandoned is no burden.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Orm } from "cloesce/backend";
import { sampleWorker } from "../support/sample-app.mjs";

const mebibyte = 1024 * 1024;

/** Collects the cores that are made while `action` runs. */
async function watchingMemory(action) {
  const memories = [];
  const Original = WebAssembly.Instance;
  WebAssembly.Instance = class extends Original {
    constructor(...given) {
      super(...given);
      memories.push(this.exports.memory);
    }
  };
  try {
    await action(memories);
  } finally {
    WebAssembly.Instance = Original;
  }
}

/** A database that answers when it is opened, and remembers the names that it was given. */
function lateDatabase() {
  const names = [];
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  const statement = (sql) => ({
    bind: (...values) => ({
      sql,
      values,
      raw: async () => {
        await opened;
        return [["[1]"]];
      },
    }),
  });
  return {
    names,
    open,
    prepare: statement,
    async batch(statements) {
      await opened;
      const [[, name]] = JSON.parse(statements[0].values[0]);
      names.push(name);
      const row = JSON.stringify([names.length, name, null]);
      return statements.map((_, index) => ({
        results: index === statements.length - 1 ? [{ j: row }] : [],
      }));
    },
  };
}

const nameOf = (number, bytes) => `${number}:`.padEnd(bytes, "x");

// Where blocks come to lie depends on a few bytes more or less, so several sizes are tried, and bodies of all sizes.
for (const [size, spread] of [
  [60_000, 0],
  [60_004, 0],
  [60_200, 0],
  [30_000, 10_000],
  [60_000, 20_000],
]) {
  test(`many: 1,000 saves of ${size} to ${size + spread} bytes wait in one core that hardly grows, and all are answered`, async () => {
    await watchingMemory(async (memories) => {
      const database = lateDatabase();
      const worker = sampleWorker({ database });
      assert.equal((await worker.send("GET", "Echo/ping?count=41")).status, 200);
      const idle = memories[0].buffer.byteLength;
      const names = Array.from({ length: 1000 }, (_, number) =>
        nameOf(number, size + (spread === 0 ? 0 : (number * 7919) % spread)),
      );
      const saves = names.map((name) =>
        worker.send("POST", "Horse/save", JSON.stringify({ model: { name } })),
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      const bystander = await worker.send("GET", "Echo/ping?count=41");
      assert.equal(await bystander.text(), "42");
      database.open();
      for (const [number, response] of (await Promise.all(saves)).entries()) {
        assert.equal(response.status, 200);
        assert.equal((await response.json()).name, names[number]);
      }
      assert.deepEqual(database.names.toSorted(), names.toSorted());
      assert.equal(memories.length, 1);
      const grown = memories[0].buffer.byteLength - idle;
      assert.ok(grown <= 16 * mebibyte, `${grown} bytes more than idle`);
    });
  });
}

test("many: ORM calls that nobody waits for any more do not keep others out", async () => {
  await watchingMemory(async (memories) => {
    const worker = sampleWorker({ database: lateDatabase() });
    const never = {
      prepare: () => ({ bind: () => ({ raw: () => new Promise(() => undefined) }) }),
    };
    const orm = Orm.fromD1(never);
    for (let number = 0; number < 10_000; number++) void orm.get(worker.classes.Horse, number);
    assert.equal((await worker.send("GET", "Echo/ping?count=41")).status, 200);
    const database = lateDatabase();
    database.open();
    const saved = await Orm.fromD1(database).save(worker.classes.Horse, { name: "Roach" });
    assert.equal(saved.unwrap().name, "Roach");
    assert.equal(memories.length, 1);
  });
});

test("many: ORM calls end with their signal, and leave nothing behind", async () => {
  const worker = sampleWorker({ database: lateDatabase() });
  const database = lateDatabase();
  const controller = new AbortController();
  const { signal } = controller;
  const orm = Orm.fromD1(database, { signal });
  const { Horse } = worker.classes;
  const calls = [orm.get(Horse, 1), orm.save(Horse, { name: "Roach" }), orm.list(Horse)];
  controller.abort(new Error("the caller went away"));
  for (const call of [...calls, orm.get(Horse, 2)]) {
    const answer = await call;
    assert.equal(answer.unwrapLeft().message, "the caller went away");
  }
  // What is not aborted goes on, and the answer that comes too late hurts nobody.
  const other = Orm.fromD1(database, { signal: new AbortController().signal });
  const saved = other.save(Horse, { name: "Plotka" });
  database.open();
  assert.equal((await saved).unwrap().name, "Plotka");
  assert.equal((await worker.send("GET", "Echo/ping?count=41")).status, 200);
});

test("many: a save of which the rows are nonsense is answered as saved", async () => {
  const worker = sampleWorker({
    database: {
      prepare: () => ({ bind: () => ({}) }),
      batch: async (statements) => statements.map(() => ({ results: [{ j: "nonsense" }] })),
    },
  });
  const save = async (model) =>
    (await worker.send("POST", "Horse/save", JSON.stringify({ model }))).text();
  assert.match(await save({ name: "x" }), /^CLO1505: Horse: it was saved, but /);
  // A key that was given is told.
  assert.match(
    await save({ id: 5, name: "x" }),
    /^CLO1505: Horse with the key \["5"\]: it was saved, but /,
  );
});

test("many: what a database or a thrown object says of itself reaches no caller", async () => {
  const hostile = {
    toString() {
      throw new Error("not even that");
    },
  };
  for (const thrown of [new Error("D1_ERROR: no such column: secret"), hostile, undefined, null]) {
    const database = {
      prepare: () => ({
        bind: () => ({
          raw: async () => {
            throw thrown;
          },
        }),
      }),
    };
    const worker = sampleWorker({ database });
    const log = console.error;
    console.error = () => undefined;
    try {
      const response = await worker.send("GET", "Horse/list");
      assert.equal(response.status, 500);
      assert.equal(await response.text(), "CLO1305: the database could not answer");
      const failed = await Orm.fromD1(database).list(worker.classes.Horse);
      assert.equal(failed.unwrapLeft().message, "CLO1305: the database could not answer");
      // The cause names the store, and is caused by what was thrown, where that can be looked at.
      const { cause } = failed.unwrapLeft();
      assert.match(cause.message, /^D1 db: /);
      if (thrown instanceof Error) assert.equal(cause.cause, thrown);
    } finally {
      console.error = log;
    }
  }
});
