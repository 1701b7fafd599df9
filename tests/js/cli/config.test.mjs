// cloesce.config.json: names old and new, defaults, and complaints that say where and what.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { parseConfig } from "../../../dist/cli/config/config.js";
import { loadProject } from "../../../dist/cli/config/project.js";
import { makeProject } from "./support.mjs";

const parse = (value) =>
  parseConfig("cloesce.config.json", typeof value === "string" ? value : JSON.stringify(value));

test("config: the names of 0.0.5 and the newer ones mean the same", () => {
  const old = { paths: ["src"], outPath: "out", migrationsPath: "sql", truncateSourcePaths: true };
  assert.deepEqual(parse(old), {
    config: { source: ["src"], outPath: "out", migrationsPath: "sql", truncateSourcePaths: true },
    warnings: [],
  });
  assert.deepEqual(parse({ source: "src", migrations: "sql" }).config, {
    source: ["src"],
    migrationsPath: "sql",
  });
});

test("config: comments and trailing commas are fine", () => {
  assert.deepEqual(parse('{ // hi\n "$schema": "x", "projectName": "a", }').config, {
    projectName: "a",
  });
});

test("config: unknown keys are warned about with the likely one", () => {
  const { config, warnings } = parse('{\n  "workerUrl": "http://x",\n  "colour": 1\n}');
  assert.deepEqual(config, {});
  assert.deepEqual(warnings, [
    'cloesce.config.json:2:3: unknown key "workerUrl" is ignored; did you mean "workersUrl"?',
    'cloesce.config.json:3:3: unknown key "colour" is ignored',
  ]);
});

test("config: wrong types are refused with place, key and what is expected", () => {
  const cases = [
    [
      '{ "source": 3 }',
      'cloesce.config.json:1:13: "source" must be a path or a list of paths, not 3',
    ],
    ['{ "paths": [] }', '"paths" must be a path or a list of paths'],
    ['{ "paths": ["a", 1] }', '"paths" must be a path or a list of paths'],
    ['{ "outPath": "" }', '"outPath" must be a string that is not empty'],
    ['{ "workersUrl": "localhost" }', '"workersUrl" must be a URL such as'],
    ['{ "workersUrl": "ftp://x" }', '"workersUrl" must be a URL such as'],
    ['{ "clientUrl": 1 }', '"clientUrl" must be a URL such as'],
    ['{ "truncateSourcePaths": "yes" }', '"truncateSourcePaths" must be true or false, not "yes"'],
    ['{ "wranglerFormat": "yaml" }', '"wranglerFormat" must be "toml" or "jsonc", not "yaml"'],
    [
      '{\n  "source": "a",\n  "paths": ["b"]\n}',
      'config.json:3:3: "source" and "paths" mean the same',
    ],
    ['{ "outPath": "a", "outPath": "b" }', '"outPath" is given twice'],
    ['{ "outPath": "a" ', "not valid JSON"],
    ["[]", "a JSON object is expected"],
    ["", "not valid JSON"],
  ];
  for (const [text, expected] of cases) {
    assert.throws(
      () => parse(text),
      (error) => error.exitCode === 2 && error.message.includes(expected),
      text,
    );
  }
});

test("project: everything has a default", async (t) => {
  const root = await makeProject(t, { "package.json": '{ "name": "@acme/horse-app" }' });
  assert.deepEqual(await loadProject(root, null), {
    root,
    configPath: null,
    name: "horse-app",
    sources: [root],
    outDir: join(root, ".generated"),
    migrationsDir: join(root, "migrations"),
    workersUrl: "http://localhost:8787/api",
    clientUrl: null,
    nestedWrites: "granted",
    wranglerPath: null,
    wranglerFormat: "toml",
    bindings: {},
    warnings: [],
  });
});

test("project: the config marks the root, found from inside or named", async (t) => {
  const root = await makeProject(t, {
    "cloesce.config.json": '{ "source": ["src", "lib"], "projectName": "n" }',
    "src/deep/x": "",
    "other/my.json": '{ "outPath": "../out" }',
    "package.json": '{ "name": "ignored" }',
  });
  const inside = await loadProject(join(root, "src/deep"), null);
  assert.equal(inside.root, root);
  assert.equal(inside.name, "n");
  assert.deepEqual(inside.sources, [join(root, "src"), join(root, "lib")]);
  const named = await loadProject(root, "other/my.json");
  assert.equal(named.root, join(root, "other"));
  assert.equal(named.name, "other", "without a package.json the folder gives the name");
  assert.equal(named.outDir, join(root, "out"));
});

test("project: a config that is named must exist, and the root is no output folder", async (t) => {
  const root = await makeProject(t, { "c.json": '{ "outPath": "./" }' });
  await assert.rejects(loadProject(root, "none.json"), /does not exist/);
  await assert.rejects(loadProject(root, "c.json"), /"outPath" must be a folder of its own/);
});
