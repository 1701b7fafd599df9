// Every TypeScript example of the documentation is compiled and type-checked. The words behind a fence say what it is:
//   ts cloesce     decorated source. With `// file: src/x.cloesce.ts` as its first line it is part of the page's project,
//                  else a project of its own.
//   ts worker      a module that uses the generated worker of the page's project
//   ts client      a module that uses the generated client of the page's project
//   ts rejected X  decorated source, a project of its own, that the compiler refuses with code X
//   ts node        a module for Node, which may use the generated client of the page's project
//   json config    the page's project's cloesce.config.json
//   sql migration  a part of the first migration of the page's project
// A page without a project says whose to use: <!-- examples: tests/e2e/projects/stable -->.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";

import { packageRoot, pagePaths, readPage } from "./pages.mjs";
import {
  runCloesce,
  surroundings,
  typeProblems,
  typescriptIn,
  writeFiles,
  writeProject,
} from "./projects.mjs";

const kinds = new Set(["cloesce", "worker", "client", "node", "rejected"]);

for (const path of pagePaths) {
  const page = readPage(path);
  const blocks = page.blocks.filter(({ words }) => words[0] === "ts" || words[0] === "typescript");
  if (blocks.length > 0) describe(`examples of ${path}`, () => testPage(page, blocks));
}

function testPage(page, blocks) {
  const pageName = basename(page.path, ".md").toLowerCase();
  const of = (kind) => blocks.filter(({ words }) => words[1] === kind);
  const template = /<!-- examples: (\S+) -->/.exec(page.text)?.[1] ?? null;

  test("every block says what it is", () => {
    const unmarked = blocks.filter(({ words }) => !kinds.has(words[1])).map(({ line }) => line);
    assert.deepEqual(unmarked, [], "lines of blocks that no test looks at");
  });

  const files = {};
  for (const block of of("cloesce")) {
    const file = /^\/\/ file: (\S+)\n/.exec(block.text)?.[1];
    if (file === undefined) {
      test(`source in line ${block.line}`, async () => {
        const project = { "src/example.cloesce.ts": block.text };
        await compiles(await writeProject(`${pageName}-${block.line}`, project));
      });
      continue;
    }
    files[file] = (files[file] ?? "") + block.text;
  }

  for (const block of of("rejected")) {
    test(`source in line ${block.line} is refused`, async () => {
      const project = { "src/example.cloesce.ts": block.text };
      const folder = await writeProject(`${pageName}-${block.line}`, project);
      const { code, output } = await runCloesce(folder, "compile");
      assert.equal(code, 1, output);
      assert.match(output, new RegExp(`\\[${block.words[2]}\\]`));
    });
  }

  for (const { words, text } of page.blocks)
    if (words[0] === "json" && words[1] === "config") files["cloesce.config.json"] = text;

  const nodes = Object.fromEntries(
    of("node").map((block) => [`node-${block.line}.ts`, block.text]),
  );
  const checkNodes = async (folder) => {
    await writeFiles(folder, nodes);
    const paths = Object.keys(nodes).map((file) => join(folder, file));
    assert.deepEqual(typeProblems(paths, surroundings.node), []);
  };
  if (Object.keys(files).length === 0 && template === null) {
    if (of("node").length > 0)
      test("modules for Node", async () => checkNodes(await writeProject(pageName, {})));
    test("modules have a project to use", () => {
      assert.deepEqual([...of("worker"), ...of("client")], []);
    });
    return;
  }
  test("the page's project", async () => {
    const workers = of("worker").map((block) => [fileOf(block, "src/worker"), block.text]);
    // The export makes a module of a block that imports nothing.
    const clients = of("client").map((block) => [
      fileOf(block, "client"),
      `${block.text}export {};\n`,
    ]);
    const folder = await writeProject(
      pageName,
      { ...files, ...Object.fromEntries(workers) },
      template === null ? null : join(packageRoot, template),
    );
    await compiles(folder);
    if (clients.length > 0) {
      await writeFiles(folder, Object.fromEntries(clients));
      const paths = clients.map(([file]) => join(folder, file));
      assert.deepEqual(typeProblems(paths, surroundings.browser), []);
    }
    if (of("node").length > 0) await checkNodes(folder);
    const statements = page.blocks.filter(({ words }) => words[1] === "migration");
    if (statements.length > 0) await migrates(folder, statements);
  });
}

function fileOf(block, stem) {
  return /^\/\/ file: (\S+)\n/.exec(block.text)?.[1] ?? `${stem}-${block.line}.ts`;
}

/** The command line accepts it without a word of warning, and TypeScript has nothing against it. */
async function compiles(folder) {
  const { code, output } = await runCloesce(folder, "compile", "--quiet");
  assert.deepEqual({ code, output }, { code: 0, output: "" });
  const sources = [...typescriptIn(join(folder, "src")), join(folder, ".generated", "workers.ts")];
  assert.deepEqual(typeProblems(sources, surroundings.worker), []);
}

/** The first migration of the project has the statements of the page in it. */
async function migrates(folder, blocks) {
  const { code, output } = await runCloesce(folder, "migrate", "Initial");
  assert.equal(code, 0, output);
  const migrations = join(folder, "migrations");
  const file = readdirSync(migrations).find((name) => name.endsWith("_Initial.sql"));
  const text = readFileSync(join(migrations, file), "utf8");
  for (const block of blocks)
    assert.ok(text.includes(block.text), `not in the migration:\n${text}`);
}
