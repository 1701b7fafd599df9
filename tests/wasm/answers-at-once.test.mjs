// Answers of a database that come in one and the same turn: everyone is answered what is theirs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleWorker } from "../support/sample-app.mjs";

/** A database whose answers all wait until it is opened, and then come together. */
function lateDatabase() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  let rows = 0;
  return {
    open,
    prepare: (sql) => ({ bind: (...values) => ({ sql, values }) }),
    async batch(statements) {
      await opened;
      const [[, name]] = JSON.parse(statements[0].values[0]);
      const row = JSON.stringify([++rows, name, null]);
      return statements.map((_, index) => ({
        results: index === statements.length - 1 ? [{ j: row }] : [],
      }));
    },
  };
}

test("answers at once: saves that the database answers together are answered each with its own row", async () => {
  const database = lateDatabase();
  const worker = sampleWorker({ database });
  const names = Array.from({ length: 200 }, (_, number) => `horse ${number}`);
  const saves = names.map((name) =>
    worker.send("POST", "Horse/save", JSON.stringify({ model: { name } })),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  database.open();
  const answered = await Promise.all(saves.map(async (save) => (await (await save).json()).name));
  assert.deepEqual(answered, names);
});
