// Numbers and tables of the documentation against the code that they describe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { packageRoot, pagePaths, proseOf, readPage } from "./pages.mjs";
import { runCloesce, writeProject } from "./projects.mjs";

const source = (path) => readFileSync(join(packageRoot, path), "utf8");

/** Cells of the tables of a page, without their header rows. */
function tableRows(text) {
  const rows = proseOf(text)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  return rows.filter(
    (row, index) => !/^-+$/.test(row[0]) && !/^-+$/.test(rows[index + 1]?.[0] ?? ""),
  );
}

/** `16 KiB` → 16384, `100,000` → 100000, `64 levels` → 64. */
function quantity(text) {
  const [, digits, unit] =
    /^([\d,]+)(?: (KiB|MiB))?/.exec(text) ?? assert.fail(`no number: ${text}`);
  const factor = { KiB: 1024, MiB: 1024 * 1024 }[unit] ?? 1;
  return Number(digits.replaceAll(",", "")) * factor;
}

/** The value of a constant: a product of integer literals. */
function constantIn(path, name) {
  const expression = new RegExp(`\\b${name}\\b(?:: \\w+)? = ([\\d'_ *]+)`).exec(source(path))?.[1];
  assert.ok(expression !== undefined, `${path} defines no ${name}`);
  return expression
    .replace(/['_]/g, "")
    .split("*")
    .reduce((product, factor) => product * Number(factor), 1);
}

test("docs/limits.md: every limit has the value that the code gives it", () => {
  const rows = tableRows(source("docs/limits.md"));
  const linked = rows.filter(([, , where]) => where?.includes("]("));
  assert.ok(linked.length >= 10, "the tables were not found");
  for (const [limit, value, where] of linked) {
    const [, name, path] = /\[`(\w+)`\]\(\.\.\/([^)]+)\)/.exec(where);
    assert.equal(quantity(value), constantIn(path, name), `${limit}: ${value}, but ${where}`);
  }
});

test("docs/limits.md: the limits that can be set have their defaults", () => {
  const defaults = {
    jsonBytes: constantIn("src/runtime/app.h", "json_bytes"),
    bodyBytes: constantIn("src/runtime/app.h", "body_bytes"),
    blobBytes: constantIn("src/runtime/app.h", "blob_bytes"),
    memory: constantIn("src/runtime/app.h", "memory"),
    blobs: constantIn("src/runtime/app.h", "blobs"),
    depth: constantIn("src/json/reader.h", "kDefaultDepth"),
    items: constantIn("src/validate/limits.h", "array_elements"),
  };
  const settable = tableRows(source("docs/limits.md")).filter(([, , name]) => /^`\w+`$/.test(name));
  assert.deepEqual(
    Object.fromEntries(settable.map(([, value, name]) => [name.slice(1, -1), quantity(value)])),
    defaults,
  );
});

test("every failure code that the documentation names exists", () => {
  const definitions = [
    "src/base/error_codes.def",
    "src/compile/sema/codes.def",
    "src/compile/migrate/codes.def",
  ];
  const known = new Set();
  for (const path of definitions) {
    for (const [, number] of source(path).matchAll(/^CLOESCE_\w+\(\w+, (\d{4})/gm))
      known.add(number);
  }
  assert.ok(known.size > 60, "the lists of codes were not found");
  const unknown = [];
  for (const path of pagePaths) {
    for (const [code, number] of source(path).matchAll(/CLO(\d{4})/g)) {
      if (!known.has(number)) unknown.push(`${path}: ${code}`);
    }
  }
  assert.deepEqual(unknown, []);
});

test("docs/configuration.md: the keys of the config are those that the command line reads", () => {
  const known = [...source("js/cli/config/config.ts").matchAll(/^ {4}\["(\w+)", \{ field/gm)].map(
    ([, key]) => key,
  );
  const { text } = readPage("docs/configuration.md");
  const section = text.slice(
    text.indexOf("## cloesce.config.json"),
    text.indexOf("## Generated files"),
  );
  const named = tableRows(section).flatMap(([keys]) =>
    [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key),
  );
  assert.deepEqual(named.sort(), known.sort());
});

test("docs/types.md: every type has the CIDL that the compiler gives it", async () => {
  const rows = tableRows(source("docs/types.md")).filter((row) => row.length === 5);
  const cases = [];
  for (const [written, cidl] of rows) {
    for (const [, spelling] of written.matchAll(/`([^`]+)`/g)) {
      const type = spelling.replaceAll("\\|", "|").replace(/\bT\b/g, "Thing");
      if (/HttpResult|Promise|void|Page/.test(type)) continue; // of returned values, not of parameters
      if (type !== "Thing") cases.push({ type, cidl: /`([^`]+)`/.exec(cidl)[1] });
    }
  }
  assert.ok(cases.length >= 15, "the table was not found");
  const methods = cases.map(
    ({ type }, index) => `  @POST m${index}(value: ${type}): void { void value; }`,
  );
  const text = `import { D1, POST, PrimaryKey, Service, WranglerEnv } from "cloesce/backend";
import type { DataSourceOf, DeepPartial, Integer, Json, KValue, R2Download, Stream } from "cloesce/backend";
@WranglerEnv export class Env { db: D1Database; }
@D1 export class Thing { @PrimaryKey id: string; }
@Service export class Types {\n${methods.join("\n")}\n}\n`;
  const folder = await writeProject("facts-types", { "src/types.cloesce.ts": text });
  const { code, output } = await runCloesce(folder, "compile", "--quiet");
  assert.equal(code, 0, output);
  const interfaceText = readFileSync(join(folder, ".generated", "cidl.json"), "utf8");
  const service = JSON.parse(interfaceText).services.find(({ name }) => name === "Types");
  for (const [index, { type, cidl }] of cases.entries()) {
    const found = service.methods.find(({ name }) => name === `m${index}`).parameters[0].type;
    const shown = typeof found === "string" ? found : JSON.stringify(found).replace(":", ": ");
    // The table writes T both for the class and for whatever type is inside.
    const wanted = cidl.replace(/"T"/, '"Thing"').replace(/: T\}/, ': {"Object":"Thing"}}');
    assert.equal(shown, wanted, type);
  }
});
