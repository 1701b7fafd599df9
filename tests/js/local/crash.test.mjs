// A writer that is killed at any moment loses nothing that it was told is stored, and leaves nothing behind.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { createLocal } from "../../../dist/local/index.js";

const writer = fileURLToPath(new URL("crash-writer.mjs", import.meta.url));
const rounds = Number(process.env.CLOESCE_CRASH_ROUNDS ?? 12);

/** Lets the writer write for some milliseconds and kills it; answers the lines that it said. */
function writeAndKill(root, first, milliseconds) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer, root, String(first)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      if (output === "") setTimeout(() => child.kill("SIGKILL"), milliseconds);
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(output.split("\n").slice(0, -1));
      else reject(new Error(`the writer ended by itself with ${code}`));
    });
  });
}

test(`crash: ${rounds} writers killed`, async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-crash-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  /** What each key may hold: what was acknowledged last, and what was begun since. */
  const possible = new Map();
  let acknowledged = 0;
  let orphans = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const line of await writeAndKill(root, round * 10_000, 20 + Math.random() * 150)) {
      const [what, key, count] = line.split(" ");
      if (what === "begin") possible.set(key, [...(possible.get(key) ?? ["-"]), count]);
      if (what === "done") possible.set(key, [count]);
      if (what === "done") acknowledged += 1;
    }
    const blobs = (kind, name) => readdirSync(path.join(root, kind, name, "blobs")).length;
    const folders = [
      ["kv", "+k+v"],
      ["r2", "+f+i+l+e+s"],
    ];
    const before = folders.reduce((sum, [kind, name]) => sum + blobs(kind, name), 0);
    const local = await createLocal({ root, kv: ["KV"], r2: ["FILES"] });
    try {
      for (const [key, counts] of possible) {
        const kv = Number(key[0]) % 2 === 0;
        const bytes = kv
          ? await local.env.KV.get(key, "arrayBuffer")
          : await (await local.env.FILES.get(key))?.arrayBuffer();
        const found = bytes ? contentOf(key, Buffer.from(bytes)) : "-";
        assert.ok(counts.includes(found), `${key} holds ${found}, not one of ${counts}`);
        possible.set(key, [found]);
      }
      const rows = [await local.env.KV.list(), await local.env.FILES.list()];
      const named = rows[0].keys.length + rows[1].objects.length;
      const after = folders.reduce((sum, [kind, name]) => sum + blobs(kind, name), 0);
      assert.equal(after, named, "files that no row names");
      orphans += before - after;
    } finally {
      local.close();
    }
  }
  t.diagnostic(`${acknowledged} acknowledged writes, ${orphans} orphans collected`);
  assert.ok(acknowledged > rounds, "the writers did not get to write");
});

/** The number a value was written with; fails when it is not the whole of what was written. */
function contentOf(key, bytes) {
  const end = bytes.indexOf(10);
  const [name, count, size] = bytes.subarray(0, end).toString().split(" ");
  assert.equal(name, key);
  const rest = bytes.subarray(end + 1);
  assert.equal(rest.length, Number(size), `${key} is torn`);
  assert.ok(
    rest.every((byte) => byte === Number(count) % 256),
    `${key} is mixed`,
  );
  return count;
}
