// A writer that is killed at any moment loses nothing that it was told is stored, and leaves nothing behind.
// CLOESCE_CRASH_ROUNDS sets how often it is killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { createLocal } from "../../../dist/local/index.js";
import { numberOf, stores } from "./crash-content.mjs";
import { filesOf } from "./store-files.mjs";

const writer = fileURLToPath(new URL("crash-writer.mjs", import.meta.url));
const rounds = Number(process.env.CLOESCE_CRASH_ROUNDS ?? 12);

/**
 * Runs the writer and kills it; answers the lines that it said. That is when it has said so many, or where `lines` is null so many
 * milliseconds after its start, which is while it opens what the one before it left.
 */
function writeAndKill(root, first, lines, milliseconds) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer, root, String(first)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const kill = () => child.kill("SIGKILL");
    if (lines === null) setTimeout(kill, milliseconds);
    let output = "";
    let said = 0;
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text) => {
      output += text;
      said += text.split("\n").length - 1;
      // Not always in the same part of an operation.
      if (lines !== null && said >= lines) setTimeout(kill, milliseconds);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(output.split("\n").slice(0, -1));
      else reject(new Error(`the writer ended by itself with ${code}`));
    });
  });
}

/** Whatever the four stores hold, by key. */
async function contents({ KV, FILES, PARTS, DB }) {
  const found = new Map();
  for (const { name } of (await KV.list()).keys) found.set(name, await KV.get(name, "arrayBuffer"));
  for (const bucket of [FILES, PARTS])
    for (const { key } of (await bucket.list()).objects)
      found.set(key, await (await bucket.get(key)).arrayBuffer());
  for (const [key, value] of await DB.prepare("select key, value from t").raw())
    found.set(key, value);
  return found;
}

test(`crash: four writers, killed ${rounds} times`, async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-crash-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  // So that there is something to look at, however early the first one is killed.
  const local = await createLocal({ root, ...stores });
  await local.env.DB.exec("create table if not exists t(key text primary key, value blob)");
  local.close();
  /** What each key may hold: what was acknowledged last, and what was begun since. */
  const possible = new Map();
  const sums = { acknowledged: 0, orphans: 0, trash: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const when =
      round % 4 === 3
        ? [null, 30 + Math.random() * 300]
        : [20 + Math.floor(Math.random() * 400), Math.random() * 3];
    for (const line of await writeAndKill(root, round * 10_000, ...when)) {
      const [what, key, count] = line.split(" ");
      if (what === "begin") possible.set(key, [...(possible.get(key) ?? ["-"]), count]);
      if (what === "done") possible.set(key, [count]);
      if (what === "done") sums.acknowledged += 1;
    }
    const before = filesOf(root);
    sums.orphans += before.there.length - before.named.length;
    sums.trash += before.trash;
    const again = await createLocal({ root, ...stores });
    try {
      const after = filesOf(root);
      assert.deepEqual(after.there, after.named, "files, and what rows name");
      assert.equal(after.trash, 0);
      const found = await contents(again.env);
      for (const key of found.keys()) assert.ok(possible.has(key), `${key} was never written`);
      for (const [key, counts] of possible) {
        const number = numberOf(key, found.get(key) ?? null);
        assert.ok(counts.includes(number), `${key} holds ${number}, not one of ${counts}`);
        possible.set(key, [number]);
      }
    } finally {
      again.close();
    }
  }
  const { acknowledged, orphans, trash } = sums;
  t.diagnostic(
    `${acknowledged} acknowledged writes; ${orphans} orphans and ${trash} rows of trash collected`,
  );
  assert.ok(acknowledged > rounds, "the writers did not get to write");
});
