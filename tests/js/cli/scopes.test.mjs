// What the compile makes of an app's scopes: the engine that serves them, a line in the table of access, a word on one that
// can narrow nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { cloesce, makeProject, read } from "./support.mjs";

const models = `import { CloesceApp, CRUD, D1, KV, KVModel, PrimaryKey, WranglerEnv, type Integer } from "cloesce/backend";
@WranglerEnv export class Env { db: D1Database; cache: KVNamespace; }
@D1 @CRUD(["GET", "LIST"]) export class Note { @PrimaryKey id: Integer; owner: string; }
`;
const app = `export const app = new CloesceApp();\n`;
const entry = `@KV("cache") @CRUD(["GET"]) export class Entry extends KVModel<string> {}\n`;

async function compile(t, files) {
  const root = await makeProject(t, { "package.json": '{ "name": "notes" }', ...files });
  const result = await cloesce(root, ["compile", "--access", "--quiet"]);
  return { ...result, root };
}

const engineOf = async (root) =>
  /import \{ engine \} from "([^"]+)"/.exec(await read(root, ".generated/workers.ts"))[1];

test("scopes: an app with one takes the engine that serves it, and the table says so", async (t) => {
  const scope = `app.scope(Note, () => ({ owner: "ann" }));\n`;
  const { code, stdout, stderr, root } = await compile(t, {
    "src/notes.cloesce.ts": models + app + scope,
  });
  assert.equal(code, 0, stderr);
  assert.equal(await engineOf(root), "cloesce/engine/scoped");
  assert.match(stdout, /\n {2}rows: those within 1 scope, whichever way they are reached\n/);
});

test("scopes: an app without any takes the engine without them", async (t) => {
  const { code, stdout, stderr, root } = await compile(t, { "src/notes.cloesce.ts": models + app });
  assert.equal(code, 0, stderr);
  assert.equal(await engineOf(root), "cloesce/engine");
  assert.doesNotMatch(stdout, /scope/);
});

test("scopes: beside KV models, and given by a file that a source imports", async (t) => {
  const { code, stderr, root } = await compile(t, {
    "src/notes.cloesce.ts": `${models}${entry}import { narrow } from "./narrow";\n${app}narrow(app);\n`,
    "src/narrow.ts": `import type { CloesceApp } from "cloesce/backend";
export const narrow = (app: CloesceApp) => app.scope(class {}, () => null);\n`,
  });
  assert.equal(code, 0, stderr);
  assert.equal(await engineOf(root), "cloesce/engine/stored-scoped");
});

test("scopes: what has no rows cannot be narrowed", async (t) => {
  const scope = `app.scope(Entry, () => null);\napp.scope(Nothing, () => null);\nclass Nothing {}\n`;
  const { code, stderr } = await compile(t, {
    "src/notes.cloesce.ts": models + entry + app + scope,
  });
  assert.equal(code, 1);
  assert.match(stderr, /CLO2630.*a scope narrows the rows of `Entry`, which has none/);
  assert.match(stderr, /app\.scope\(Entry/);
  assert.match(stderr, /`Nothing`, which is no model/);
});
