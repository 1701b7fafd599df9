// Every finding of the analysis, end to end: real sources through the real extractor and the real
// compiler module. Each file in tests/fixtures/errors says in comments what must be found:
//
//   name: Integr;
//   // CLO2201 at `Integr`: has the unknown type
//
// is one finding of that code in the line above, whose place is exactly that text (its first
// occurrence, or `at 2` its second), with a message that holds the rest. `// CLO2009: ...` is one
// without a place. Nothing else may be found.
//
// A file that imports nothing from cloesce/backend is read as if it imported everything. What
// stands below a line `// file: other.ts` is another file of the project.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "tests/fixtures/errors");
const environment = `@WranglerEnv
export class Env {
  db: D1Database;
  archive: D1Database;
  kv: KVNamespace;
}
`;

const expectation = /^\s*\/\/ (CLO\d{4})(?: at (?:(\d+) )?`(.+?)`)?:\s*(.*)$/;

/** What the comments of a file ask for. */
function readExpectations(text) {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const match = expectation.exec(line);
    if (match === null) return [];
    const [, code, occurrence, place, message] = match;
    if (place === undefined) return [{ code, place: null, message }];
    let above = index - 1;
    while (expectation.test(lines[above])) above--;
    let at = -1;
    for (let count = Number(occurrence ?? 1); count > 0; count--) {
      at = lines[above].indexOf(place, at + 1);
    }
    assert.notEqual(at, -1, `line ${index + 1} of the fixture names a place that is not above it`);
    return [{ code, place, line: above + 1, column: at + 1, message }];
  });
}

/** An import of everything that cloesce/backend has for sources. */
function importOfEverything() {
  const names = (file, pattern) =>
    [...readFileSync(join(root, file), "utf8").matchAll(pattern)].map((match) => match[1]);
  const decorators = names("js/backend/decorators.ts", /^export (?:const|function) (\w+)/gm);
  const types = names("src/compile/sema/builtin_types.cpp", /"(\w+)", [\w:]+, Home::kCloesce/g);
  const values = ["CloesceApp", "KVModel", "R2Model", "Get", "Head", "Post", "Delete"];
  return `import { ${[...decorators, ...types, ...values].join(", ")} } from "cloesce/backend";\n`;
}

/** Of the environment that is read with every fixture. */
function importOfEnvironment(path, files) {
  return path === "env.cloesce.ts" || files["env.cloesce.ts"] === undefined
    ? ""
    : 'import type { Env } from "./env.cloesce";\n';
}

/** The files of a fixture by their names, the fixture itself first. */
function filesOf(name, text) {
  const [own, ...others] = text.split(/^\/\/ file: (\S+)\n/m);
  const files = { [name]: own };
  for (let at = 0; at < others.length; at += 2) files[others[at]] = others[at + 1];
  if (!text.includes("@WranglerEnv")) files["env.cloesce.ts"] = environment;
  const everything = importOfEverything();
  return Object.fromEntries(
    Object.entries(files).map(([path, one]) => [
      path,
      one.includes('from "cloesce/') ? one : one + everything + importOfEnvironment(path, files),
    ]),
  );
}

async function loadTools() {
  const { extract } = await import(join(root, "dist/cli/extract/extract.js"));
  const { loadCompiler } = await import(join(root, "dist/cli/compiler.js"));
  const compiler = await loadCompiler();
  return (files, project = {}) => {
    const all = Object.entries(files).map(([path, text]) => ({ path, text, utf8: true }));
    const sources = all.filter(({ path }) => path.endsWith(".cloesce.ts"));
    const pre = extract({
      project: {
        name: "app",
        workersUrl: "http://localhost:8787/api",
        clientUrl: null,
        ...project,
      },
      outDir: ".generated",
      sources,
      readModule: (path) => all.find((one) => one.path === path) ?? null,
    });
    const texts = pre.files.map((path) => files[path]);
    return compiler.compile({ pre, sources: texts, color: false, wrangler: null });
  };
}

/** The caret line of the first excerpt: how far it is indented and how many carets there are. */
function caretsOf(rendered) {
  const line = rendered.split("\n").find((one) => /^\s*\| +\^+$/.test(one));
  const bar = line.indexOf("|");
  return { column: line.indexOf("^") - bar - 1, length: line.length - line.indexOf("^") };
}

describe("compile errors", async () => {
  const compile = await loadTools();
  const names = readdirSync(folder).filter((name) => name.endsWith(".cloesce.ts"));

  for (const name of names) {
    test(`errors: ${name.replace(".cloesce.ts", "")}`, () => {
      const text = readFileSync(join(folder, name), "utf8");
      const files = filesOf(name, text);
      const output = compile(files);
      const found = output.diagnostics.map((one) => ({
        code: one.code,
        line: one.span?.[3],
        column: one.span?.[4],
        place: one.span === null ? null : text.slice(one.span[1], one.span[2]),
        one,
      }));
      const wanted = readExpectations(text);
      assert.ok(wanted.length > 0, "the fixture expects something");

      const short = ({ code, line, column }) => `${code} ${line ?? "-"}:${column ?? "-"}`;
      const everything = output.diagnostics.map((one) => one.rendered).join("\n");
      assert.deepEqual(found.map(short).sort(), wanted.map(short).sort(), everything);
      for (const want of wanted) {
        const match = found.find(
          (one) => short(one) === short(want) && one.one.message.includes(want.message),
        );
        assert.ok(match, `no ${short(want)} says "${want.message}":\n${everything}`);
        const { one } = match;
        assert.ok(one.rendered.startsWith(`${one.severity}[${one.code}]: ${one.message}\n`));
        if (want.place === null) continue;
        assert.equal(match.place, want.place);
        assert.ok(one.rendered.includes(`--> ${name}:${want.line}:${want.column}\n`), one.rendered);
        checkCarets(one, want, text.split("\n")[want.line - 1]);
      }
      const errors = output.diagnostics.filter((one) => one.severity === "error");
      assert.equal(output.ok, errors.length === 0);
      assert.equal(output.files.length > 0, output.ok, "files come with success only");
    });
  }

  function checkCarets(one, want) {
    const carets = caretsOf(one.rendered);
    // Long lines are cut around the place.
    if (want.column <= 100) assert.equal(carets.column, want.column, one.rendered);
    assert.equal(carets.length, want.place.length, one.rendered);
  }

  test("errors: every code that the analysis reports has a fixture", () => {
    const list = readFileSync(join(root, "src/compile/sema/codes.def"), "utf8");
    const codes = [...list.matchAll(/^CLOESCE_CODE\(\w+, (\d{4}),/gm)].map(
      (match) => `CLO${match[1]}`,
    );
    const covered = names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    // What a fixture's text cannot be: bytes that are not UTF-8, and the project's own settings.
    const elsewhere = new Set(["CLO2002", "CLO2008", "CLO2513"]);
    assert.deepEqual(
      codes.filter((code) => !covered.includes(code) && !elsewhere.has(code)),
      [],
    );
  });

  test("errors: every code has its paragraph in docs/errors.md", () => {
    const list = readFileSync(join(root, "src/compile/sema/codes.def"), "utf8");
    const docs = readFileSync(join(root, "docs/errors.md"), "utf8");
    for (const [, number, title] of list.matchAll(/^CLOESCE_CODE\(\w+, (\d{4}), \w+, "(.+)"\)/gm)) {
      assert.ok(
        docs.includes(`### CLO${number}: ${title}\n`),
        `CLO${number} is not in docs/errors.md`,
      );
    }
  });

  test("errors: a workersUrl that is no URL has no place", () => {
    const service = 'import { Service } from "cloesce/backend"; @Service export class Greeter {}';
    const output = compile({ "a.cloesce.ts": service }, { workersUrl: "localhost:8787" });
    assert.deepEqual(
      output.diagnostics.map((one) => [one.code, one.span]),
      [["CLO2008", null]],
    );
    assert.equal(output.summary, "1 error");
  });

  test("errors: a history has to be no longer than the bucket's", () => {
    const model = (history) =>
      filesOf(
        "a.cloesce.ts",
        `@KV("kv", { history: ${history} }) export class Session extends KVModel<string> {}\n`,
      );
    const project = { historyBuckets: [{ binding: "kv", history: 5 }] };
    const enough = compile(model(5), project);
    assert.deepEqual(enough.diagnostics, []);
    const workers = enough.files.find((file) => file.path === "workers.ts").text;
    assert.match(workers, /import \{ history \} from "cloesce\/engine\/history";/);
    assert.match(
      workers,
      /createWorker\(\{ engine: \{ \.\.\.engine, history \}, image, classes, app \}\)/,
    );
    const [found, ...more] = compile(model(6), project).diagnostics;
    assert.deepEqual(more, []);
    assert.equal(found.code, "CLO2328");
    assert.equal(
      found.message,
      "`Session` asks for 6 values of a key, and the bucket of `kv` keeps 5",
    );
    assert.equal(found.hint, 'write "history": 6 for "kv" in cloesce.config.json');
  });

  test("errors: the old rule of nested writes is warned of once, and what is not granted no more", () => {
    const name = "CLO2510-writes-not-granted.cloesce.ts";
    const files = filesOf(name, readFileSync(join(folder, name), "utf8"));
    const output = compile(files, { nestedWrites: "dataSource" });
    assert.deepEqual(
      output.diagnostics.map((one) => [one.code, one.span]),
      [["CLO2513", null]],
    );
    const cidl = JSON.parse(output.files.find(({ path }) => path === "cidl.json").text);
    assert.equal(cidl.nestedWrites, "dataSource");
  });

  test("errors: a file with a syntax error does not make its names unknown", () => {
    const output = compile({
      "a.cloesce.ts": "@D1 export class Horse { @PrimaryKey id: ; }",
      "b.cloesce.ts": environment,
      "c.cloesce.ts": `@D1 export class Rider {
        @PrimaryKey id: Integer;
        @ForeignKey(Horse) horseId: Integer;
        @OneToOne("horseId") horse: Horse | undefined;
        @GET static of(horse: Horse): string {}
        private then: string;
      }`,
    });
    const codes = output.diagnostics.map((one) => one.code);
    assert.ok(
      codes.every((code) => code === "CLO2001" || code === "CLO2307"),
      codes.join(),
    );
    assert.ok(codes.includes("CLO2001") && codes.includes("CLO2307"));
  });
});
