// Which files count as sources, and how they are read.
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { findSources, readSources } from "../../../dist/cli/extract/find-sources.js";
import { makeProject } from "./support.mjs";

test("sources: every *.cloesce.ts, but not in node_modules, dot folders and the output folder", async (t) => {
  const root = await makeProject(t, {
    "b.cloesce.ts": "",
    "a/z.cloesce.ts": "",
    "a/plain.ts": "",
    "a/types.cloesce.d.ts": "",
    "node_modules/p/x.cloesce.ts": "",
    "a/node_modules/p/x.cloesce.ts": "",
    ".hidden/x.cloesce.ts": "",
    "out/x.cloesce.ts": "",
    "a/out/kept.cloesce.ts": "",
  });
  const { files, folders } = await findSources([root], join(root, "out"));
  const sources = await readSources(root, files);
  assert.deepEqual(
    sources.map((source) => source.path),
    ["a/out/kept.cloesce.ts", "a/z.cloesce.ts", "b.cloesce.ts"],
  );
  assert.deepEqual(folders.sort(), [root, join(root, "a"), join(root, "a/out")]);
});

test("sources: overlapping places and single files count once", async (t) => {
  const root = await makeProject(t, { "src/a.cloesce.ts": "", "src/in/b.cloesce.ts": "" });
  const places = ["src", "src/in", "src/a.cloesce.ts"].map((place) => join(root, place));
  const { files } = await findSources(places, join(root, ".generated"));
  assert.equal(files.length, 2);
});

test("sources: a folder inside node_modules is searched when it is named", async (t) => {
  const root = await makeProject(t, { "node_modules/p/x.cloesce.ts": "" });
  const { files } = await findSources([join(root, "node_modules/p")], join(root, "out"));
  assert.equal(files.length, 1);
});

test("sources: links that lead in circles end", async (t) => {
  const root = await makeProject(t, { "a/x.cloesce.ts": "" });
  await symlink(root, join(root, "a/loop"));
  const { files } = await findSources([root], join(root, "out"));
  assert.deepEqual(files, [join(root, "a/x.cloesce.ts")]);
});

test("sources: a place that is missing or no source is refused by name", async (t) => {
  const root = await makeProject(t, { "a.ts": "" });
  await assert.rejects(
    findSources([join(root, "src")], root),
    /source folder .*src does not exist/,
  );
  await assert.rejects(findSources([join(root, "a.ts")], root), /neither a folder nor a/);
});

test("sources: the byte order mark goes, bytes that are not UTF-8 are noticed", async (t) => {
  const root = await makeProject(t, { "a.cloesce.ts": "\ufeffclass A {}" });
  await mkdir(join(root, "d"));
  await writeFile(join(root, "b.cloesce.ts"), Uint8Array.of(0x61, 0xff));
  const sources = await readSources(root, [join(root, "b.cloesce.ts"), join(root, "a.cloesce.ts")]);
  assert.deepEqual(
    sources.map((source) => [source.path, source.text, source.utf8]),
    [
      ["a.cloesce.ts", "class A {}", true],
      ["b.cloesce.ts", "a\ufffd", false],
    ],
  );
});
