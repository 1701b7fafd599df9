// The real executable: usage, configuration, exit codes, and whole compiles.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { nextTimestamp } from "../../../dist/cli/commands/migrate.js";
import { createTerminal, wantsColor } from "../../../dist/cli/terminal.js";
import { cloesce, makeProject, packageRoot, read, startCloesce } from "./support.mjs";

const stackTrace = /\n\s+at /;

const horse = `import { D1, PrimaryKey, GET, WranglerEnv } from "cloesce/backend";
type Integer = number;
@D1
export class Horse {
  @PrimaryKey id: Integer;
  name: string;
  @GET
  static hello(): string {
    return "hi";
  }
}
@WranglerEnv
export class Env {
  db: D1Database;
}
`;

const project = { "package.json": '{ "name": "horse-app" }', "src/horse.cloesce.ts": horse };

test("cli: help for the program and for each command, version", async (t) => {
  const root = await makeProject(t, {});
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const cases = [
    [["--help"], /compile[^]*migrate[^]*Exit codes/],
    [["compile", "--help"], /--watch[^]*--config <file>[^]*--quiet/],
    [["migrate", "--help"], /\[name\][^]*--config <file>[^]*--rebase \[migration\]/],
    [["--version"], new RegExp(`^${version.replaceAll(".", "\\.")}\n$`)],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await cloesce(root, args);
    assert.deepEqual([code, stderr], [0, ""], args.join(" "));
    assert.match(stdout, expected);
  }
});

test("cli: wrong usage ends with 2 and says what is wrong", async (t) => {
  const root = await makeProject(t, project);
  const cases = [
    [[], /Usage: cloesce/],
    [["compil"], /unknown command 'compil'[^]*Did you mean compile\?/],
    [["compile", "--wach"], /unknown option '--wach'[^]*Did you mean --watch\?/],
    [["compile", "extra"], /too many arguments/],
    [["compile", "--config"], /argument missing/],
    [["migrate"], /the migration needs a name/],
    [["migrate", "add genres!"], /cannot be the name of a migration[^]*cloesce migrate AddGenres/],
    [["migrate", "../up"], /cannot be the name of a migration/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await cloesce(root, args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, stackTrace);
  }
});

async function endsWithTwo(t, cases) {
  for (const [files, expected] of cases) {
    const root = await makeProject(t, files);
    const { code, stdout, stderr } = await cloesce(root, ["compile"]);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, stackTrace);
  }
}

test("cli: a wrong configuration ends with 2, the place and no stack trace", (t) =>
  endsWithTwo(t, [
    [{ "cloesce.config.json": '{ "source": 1 }' }, /cloesce\.config\.json:1:13: "source" must be/],
    [{ "cloesce.config.json": "{" }, /not valid JSON/],
  ]));

test("compile: a project that cannot be read ends with 2, and names what is wrong", (t) =>
  endsWithTwo(t, [
    [{ "cloesce.config.json": '{ "source": "nowhere" }' }, /nowhere does not exist/],
    [{ "package.json": "{}" }, /no \*\.cloesce\.ts file found in \.\n/],
    [{ ...project, "wrangler.toml": "= 1" }, /wrangler\.toml: not valid TOML/],
    [{ ...project, "wrangler.jsonc": "{,}" }, /wrangler\.jsonc:1:2: not valid JSON/],
  ]));

test("cli: CLOESCE_DEBUG=1 adds the stack trace", async (t) => {
  const root = await makeProject(t, { "cloesce.config.json": "{" });
  const { code, stderr } = await cloesce(root, ["compile"], { CLOESCE_DEBUG: "1" });
  assert.equal(code, 2);
  assert.match(stderr, stackTrace);
});

test("cli: colours only on a terminal or when forced, never against NO_COLOR", () => {
  const terminal = { isTTY: true, write() {} };
  const file = { write() {} };
  const cases = [
    [terminal, {}, true],
    [file, {}, false],
    [terminal, { NO_COLOR: "1" }, false],
    [terminal, { NO_COLOR: "" }, true],
    [file, { FORCE_COLOR: "1" }, true],
    [terminal, { FORCE_COLOR: "0" }, false],
    [file, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    [terminal, { TERM: "dumb" }, false],
  ];
  for (const [stream, environment, expected] of cases) {
    assert.equal(wantsColor(stream, environment), expected, JSON.stringify(environment));
  }
});

test("cli: progress is shown on a terminal only, and cleared before the next line", () => {
  const stream = (isTTY) => ({
    isTTY,
    text: "",
    write: function (text) {
      this.text += text;
    },
  });
  const [out, err] = [stream(false), stream(true)];
  const shown = createTerminal(out, err, { NO_COLOR: "1" });
  shown.progress("working…");
  shown.print("done");
  assert.equal(err.text, "working…\r\x1b[2K");
  assert.equal(out.text, "done\n");
  const piped = stream(false);
  createTerminal(piped, piped, {}).progress("working…");
  assert.equal(piped.text, "");
});

test("cli: timestamps of migrations always grow", () => {
  const now = new Date("2026-11-20T13:45:00.500Z");
  const cases = [
    [null, "20261120134500"],
    ["20261120134459", "20261120134500"],
    ["20261120134500", "20261120134501"],
    ["20261120134559", "20261120134600"],
    ["20261231235959", "20270101000000"],
    ["99999999999998", "99999999999999"],
  ];
  for (const [last, expected] of cases) assert.equal(nextTimestamp(last, now), expected, last);
});

test("compile: writes everything once, says so in one line, and touches nothing twice", async (t) => {
  const root = await makeProject(t, project);
  const first = await cloesce(root, ["compile"]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^compiled 1 model in \d+ ms → \.generated\n$/);
  assert.match(first.stderr, /^created wrangler\.toml$/m);
  assert.match(first.stderr, /^created tsconfig\.json with experimentalDecorators/m);
  const generated = [
    "cidl.pre.json",
    "cidl.json",
    "workers.ts",
    "image.ts",
    "client.ts",
    "openapi.json",
  ];
  const paths = [
    ...generated.map((name) => `.generated/${name}`),
    "wrangler.toml",
    "tsconfig.json",
  ];
  const times = paths.map((path) => statSync(join(root, path)).mtimeMs);
  const pre = JSON.parse(await read(root, ".generated/cidl.pre.json"));
  assert.deepEqual(pre.project, {
    name: "horse-app",
    workersUrl: "http://localhost:8787/api",
    clientUrl: null,
    nestedWrites: "granted",
  });
  assert.deepEqual(pre.files, ["src/horse.cloesce.ts"]);
  assert.match(await read(root, "wrangler.toml"), /^name = "horse-app"$/m);

  const second = await cloesce(root, ["compile", "--quiet"]);
  assert.deepEqual(second, { code: 0, signal: null, stdout: "", stderr: "" });
  assert.deepEqual(
    paths.map((path) => statSync(join(root, path)).mtimeMs),
    times,
  );
});

test("compile: errors of the sources end with 1, with line and caret, and write no output", async (t) => {
  const cases = {
    syntax: ["class A {", /CLO2001/],
    analysis: [horse.replace("@PrimaryKey id: Integer;", "@PrimaryKey id: Integr;"), /Integr/],
  };
  for (const [title, [text, expected]] of Object.entries(cases)) {
    const root = await makeProject(t, { ...project, "src/horse.cloesce.ts": text });
    const { code, stdout, stderr } = await cloesce(root, ["compile"]);
    assert.deepEqual([code, stdout], [1, ""], `${title}: ${stderr}`);
    assert.match(stderr, expected);
    assert.match(stderr, /src\/horse\.cloesce\.ts:\d+:\d+[^]*\^/);
    assert.doesNotMatch(stderr, /\x1b/, "no colours into a pipe");
    assert.throws(() => statSync(join(root, ".generated/cidl.json")), { code: "ENOENT" });
    assert.throws(() => statSync(join(root, "wrangler.toml")), { code: "ENOENT" });
  }
});

test("compile: a tsconfig.json without experimentalDecorators is warned about, also through extends", async (t) => {
  const warns =
    /tsconfig\.json does not switch on experimentalDecorators[^]*"experimentalDecorators": true/;
  const on = '{ "compilerOptions": { "experimentalDecorators": true } }';
  const cases = [
    [{ "tsconfig.json": '{ "compilerOptions": { "strict": true } }' }, true],
    [{ "tsconfig.json": `// mine\n${on}` }, false],
    [{ "tsconfig.json": '{ "extends": "./base" }', "base.json": on }, false],
    [{ "tsconfig.json": '{ "extends": "pkg/x.json" }', "node_modules/pkg/x.json": on }, false],
    [{ "tsconfig.json": '{ "extends": "./gone.json" }' }, true],
    [
      { "wrangler.toml": 'tsconfig = "worker.json"', "worker.json": on, "tsconfig.json": "{}" },
      false,
    ],
  ];
  for (const [files, expected] of cases) {
    const root = await makeProject(t, { ...project, ...files });
    const { code, stderr } = await cloesce(root, ["compile"]);
    assert.equal(code, 0, stderr);
    assert.equal(warns.test(stderr), expected, JSON.stringify(files));
    if ("tsconfig.json" in files)
      assert.equal(await read(root, "tsconfig.json"), files["tsconfig.json"]);
  }
});

test("compile: a tsconfig.json further up in the repository counts, none is made beside it", async (t) => {
  const on = '{ "compilerOptions": { "experimentalDecorators": true } }';
  const inside = Object.entries(project).map(([path, text]) => [`apps/one/${path}`, text]);
  const files = { ".git/HEAD": "", "tsconfig.json": on, ...Object.fromEntries(inside) };
  const root = await makeProject(t, files);
  const { code, stderr } = await cloesce(join(root, "apps/one"), ["compile"]);
  assert.deepEqual([code, stderr], [0, "created wrangler.toml\nadded .generated to .gitignore\n"]);
});

test("compile: .generated goes into .gitignore once; whoever takes it out again is left alone", async (t) => {
  const root = await makeProject(t, { ...project, ".gitignore": "dist\n" });
  assert.equal((await cloesce(root, ["compile"])).code, 0);
  assert.equal(await read(root, ".gitignore"), "dist\n.generated\n");
  await writeFile(join(root, ".gitignore"), "dist\n");
  assert.equal((await cloesce(root, ["compile"])).code, 0);
  assert.equal(await read(root, ".gitignore"), "dist\n");
  for (const line of [".generated/", "/.generated", "**/.generated"]) {
    const ignoring = await makeProject(t, { ...project, ".gitignore": `${line}\n` });
    assert.equal((await cloesce(ignoring, ["compile"])).code, 0);
    assert.equal(await read(ignoring, ".gitignore"), `${line}\n`);
  }
});

test("compile: a new tsconfig.json names the Worker's types and the folders, the generated one too", async (t) => {
  const root = await makeProject(t, {
    ...project,
    "cloesce.config.json": '{ "source": ["src", "more"], "outPath": "made/here" }',
    "more/x.ts": "",
  });
  assert.equal((await cloesce(root, ["compile"])).code, 0);
  const text = (await read(root, "tsconfig.json")).replace(/^\s*\/\/.*$/gm, "");
  const { compilerOptions, include } = JSON.parse(text);
  assert.deepEqual(compilerOptions.types, ["@cloudflare/workers-types"]);
  assert.deepEqual(include, ["src", "more", "made/here"]);
});

test("migrate: first, nothing, following; snapshots are picked up and times grow", async (t) => {
  const root = await makeProject(t, project);
  const first = await cloesce(root, ["migrate", "Initial"]);
  assert.equal(first.code, 0, first.stderr);
  const [, firstName] = /^wrote migrations\/(\d{14}_Initial)\.sql\n$/.exec(first.stdout) ?? [];
  assert.match(await read(root, `migrations/${firstName}.sql`), /CREATE TABLE[^]*Horse/i);
  JSON.parse(await read(root, `migrations/${firstName}.json`));

  const second = await cloesce(root, ["migrate", "Nothing"]);
  assert.deepEqual([second.code, second.stdout], [0, "nothing to migrate\n"], second.stderr);

  await writeFile(
    join(root, "src/horse.cloesce.ts"),
    horse.replace("name: string;", "name: string;\n  bio: string | null;"),
  );
  const third = await cloesce(root, ["migrate", "AddBio"]);
  assert.equal(third.code, 0, third.stderr);
  const [, thirdName] = /^wrote migrations\/(\d{14}_AddBio)\.sql\n$/.exec(third.stdout) ?? [];
  assert.ok(thirdName > firstName);
  assert.match(await read(root, `migrations/${thirdName}.sql`), /bio/);
});

test("migrate: the files of 0.0.5 are picked up, and what is written comes after them", async (t) => {
  const value = (name, cidl_type) => ({ name, cidl_type });
  const snapshot = {
    hash: 1,
    models: {
      Horse: {
        name: "Horse",
        primary_key: value("id", "Integer"),
        attributes: [{ value: value("name", "Text"), foreign_key_reference: null }],
        navigation_properties: [],
        data_sources: {},
      },
    },
  };
  const now = new Date().toISOString();
  const earlier = `${now.slice(0, 10).replaceAll("-", "")}T000000_Initial`;
  const root = await makeProject(t, {
    ...project,
    [`migrations/${earlier}.json`]: JSON.stringify(snapshot),
    [`migrations/${earlier}.sql`]: `CREATE TABLE "Horse" ("id" integer PRIMARY KEY, "name" text NOT NULL);`,
  });
  const nothing = await cloesce(root, ["migrate", "Nothing"]);
  assert.deepEqual([nothing.code, nothing.stdout], [0, "nothing to migrate\n"], nothing.stderr);
  await writeFile(
    join(root, "src/horse.cloesce.ts"),
    horse.replace("name: string;", "name: string;\n  bio: string | null;"),
  );
  const next = await cloesce(root, ["migrate", "AddBio"]);
  assert.equal(next.code, 0, next.stderr);
  const [, path] = /wrote (migrations\/.*\.sql)/.exec(next.stdout);
  assert.match(await read(root, path), /ALTER TABLE "Horse" ADD COLUMN "bio" TEXT;/);
  const name = path.slice("migrations/".length);
  assert.ok(name > earlier, "as texts, as the compiler reads them");
  assert.ok(parseInt(name) > parseInt(earlier), "as numbers, as wrangler applies them");
  assert.equal((await cloesce(root, ["compile"])).code, 0);
});

test("migrate: a broken snapshot and broken sources are told apart", async (t) => {
  const root = await makeProject(t, { ...project, "migrations/20260101000000_A.json": "{" });
  const snapshot = await cloesce(root, ["migrate", "B"]);
  assert.equal(snapshot.code, 1);
  assert.match(snapshot.stderr, /CLO3001.*20260101000000_A\.json cannot be read/);
  await writeFile(join(root, "src/horse.cloesce.ts"), "class A {");
  assert.equal((await cloesce(root, ["migrate", "B"])).code, 1);
});

test("migrate: two branches stop compile and migrate, and a rebase makes one of them", async (t) => {
  const root = await makeProject(t, project);
  const source = join(root, "src/horse.cloesce.ts");
  const withColumns = (...columns) =>
    writeFile(source, horse.replace("name: string;", ["name: string;", ...columns].join("\n  ")));
  const migrate = async (...args) => {
    const result = await cloesce(root, ["migrate", ...args]);
    assert.equal(result.code, 0, result.stderr);
    return /wrote migrations\/(\S+)\.sql/.exec(result.stdout)[1];
  };
  await migrate("Initial");
  await withColumns("bio: string | null;");
  const left = await migrate("AddBio");
  const texts = await Promise.all(
    [".sql", ".json"].map((one) => read(root, `migrations/${left}${one}`)),
  );
  for (const one of [".sql", ".json"]) await rm(join(root, `migrations/${left}${one}`));
  await withColumns("coat: string | null;");
  const right = await migrate("AddCoat");
  // The merge: both pairs of files, and the models of both.
  for (const [index, one] of [".sql", ".json"].entries())
    await writeFile(join(root, `migrations/20200101000000_AddBio${one}`), texts[index]);
  await withColumns("bio: string | null;", "coat: string | null;");

  // Applied before the one it starts from, and beside another that does too.
  const misplaced = await cloesce(root, ["compile"]);
  assert.equal(misplaced.code, 1);
  assert.match(misplaced.stderr, /CLO3009.*20200101000000_AddBio/);
  const kept = `${String(BigInt(right.slice(0, 14)) + 1n)}_AddBio`;
  for (const one of [".sql", ".json"])
    await rename(
      join(root, `migrations/20200101000000_AddBio${one}`),
      join(root, `migrations/${kept}${one}`),
    );

  for (const args of [["compile"], ["migrate", "Next"]]) {
    const { code, stderr } = await cloesce(root, args);
    assert.equal(code, 1);
    assert.match(stderr, /CLO3007/);
    for (const name of [`${kept}.json`, `${right}.json`, "cloesce migrate --rebase"])
      assert.ok(stderr.includes(name), stderr);
  }
  const sql = await read(root, `migrations/${right}.sql`);
  await writeFile(join(root, `migrations/${right}.sql`), `${sql}-- mine\n`);
  const edited = await cloesce(root, ["migrate", "--rebase", right]);
  assert.deepEqual([edited.code, edited.stdout], [1, ""]);
  assert.match(edited.stderr, /CLO3010/);
  await writeFile(join(root, `migrations/${right}.sql`), sql);

  const rebased = await cloesce(root, ["migrate", "--rebase", right]);
  assert.equal(rebased.code, 0, rebased.stderr);
  assert.ok(rebased.stdout.includes(`removed migrations/${right}.sql\n`), rebased.stdout);
  const [, made] = /wrote migrations\/(\d{14}_AddCoat)\.sql/.exec(rebased.stdout);
  assert.ok(made > kept);
  assert.match(await read(root, `migrations/${made}.sql`), /ADD COLUMN "coat"/);
  assert.doesNotMatch(await read(root, `migrations/${made}.sql`), /bio/);
  const names = (await readdir(join(root, "migrations"))).filter(
    (name) => !name.includes("Initial"),
  );
  assert.deepEqual(names.sort(), [`${kept}.json`, `${kept}.sql`, `${made}.json`, `${made}.sql`]);
  assert.equal((await cloesce(root, ["migrate", "Nothing"])).stdout, "nothing to migrate\n");
  assert.match((await cloesce(root, ["migrate", "--rebase"])).stdout, /nothing to rebase/);
});

test(
  "watch: compiles on change, addition and deletion, survives errors, ends on Ctrl-C",
  { timeout: 60_000 },
  async (t) => {
    const root = await makeProject(t, project);
    const run = startCloesce(root, ["compile", "--watch"]);
    t.after(() => run.child.kill("SIGKILL"));
    const eventually = async (what, holds) => {
      for (let tries = 0; tries < 400; tries++) {
        if (holds(run.output())) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      assert.fail(`${what}\n${JSON.stringify(run.output())}`);
    };
    const compiles = () => run.output().stdout.split("\n").length - 1;
    await eventually("first compile", () => compiles() === 1);
    const cat = horse.replaceAll("Horse", "Cat").replace(/@WranglerEnv[^]*$/, "");
    await mkdir(join(root, "src/pets/v1.2"), { recursive: true });
    await writeFile(join(root, "src/pets/v1.2/cat.cloesce.ts"), cat);
    await eventually("addition", ({ stdout }) => /compiled 2 models/.test(stdout));
    await writeFile(join(root, "src/pets/v1.2/cat.cloesce.ts"), "class {");
    await eventually("an error is printed", ({ stderr }) => /CLO2001/.test(stderr));
    assert.equal(run.child.exitCode, null);
    const before = compiles();
    await rm(join(root, "src/pets"), { recursive: true });
    await eventually("deletion", () => compiles() === before + 1);
    await writeFile(join(root, "cloesce.config.json"), '{ "source": 1 }');
    await eventually("a wrong config is printed", ({ stderr }) => /"source" must be/.test(stderr));
    await writeFile(join(root, "cloesce.config.json"), '{ "outPath": "made" }');
    await eventually("the new config holds", ({ stdout }) => /→ made/.test(stdout));
    run.child.kill("SIGINT");
    const { code, signal } = await run.finished;
    assert.deepEqual([code, signal], [0, null]);
  },
);
