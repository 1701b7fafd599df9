// The wrangler file: created, added to, and never otherwise touched. Real wrangler has the last word.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { planAdditions } from "../../../dist/cli/wrangler/additions.js";
import { devVarsKeys, ensureSecrets } from "../../../dist/cli/wrangler/dev-vars.js";
import { addToJsonc, parseJsoncContent } from "../../../dist/cli/wrangler/jsonc.js";
import { bucketName, workerName } from "../../../dist/cli/wrangler/names.js";
import { addToToml, parseTomlContent } from "../../../dist/cli/wrangler/toml.js";
import { readWranglerFile, updateWranglerFile } from "../../../dist/cli/wrangler/wrangler-file.js";
import { loadProject } from "../../../dist/cli/config/project.js";
import { dryRun, makeProject, read } from "./support.mjs";

const needs = {
  name: "Horse App",
  main: ".generated/workers.ts",
  compatibility_date: "2026-11-01",
  d1_databases: [
    {
      binding: "db",
      database_name: "horse-app-db",
      database_id: "local-horse-app-db",
      migrations_dir: "migrations",
    },
  ],
  kv_namespaces: [{ binding: "cache", id: "local-cache" }],
  r2_buckets: [{ binding: "someFiles", bucket_name: "someFiles" }],
  vars: { greeting: "", limits: { deep: [1, "two"] } },
  secrets: [],
};

const noSecrets = new Set();

const tomlFiles = {
  "empty file": "",
  "comments only": "# one\n# two\n",
  "no line break at the end": '# lead\nname = "mine"',
  "tables first": '# build\n[build]\ncommand = "make"\n',
  "vars table with comments":
    'name = "mine"   # stays\n\n[vars] # all\n# first\ngreeting = "hi" # said\n\n[observability]\nenabled = true\n',
  "inline vars": "vars = { a = 1 }\n",
  "empty inline vars": "# v\nvars = {}\n",
  "only a table inside vars": "[vars.deep] # d\nx = 1\n",
  "dotted vars": "vars.a = 1\n",
  "inline databases": 'd1_databases = [\n  # first\n  { binding = "other" }, # one\n]\n',
  "inline databases on a line":
    'd1_databases = [{ binding = "other" }] # one, and only\n\n[vars] # all\na = "]" # b\n',
  "inline databases with comments around": `kv_namespaces = [ # all of them
  { binding = "other", id = "1" }, # with a comma, ]
  # { binding = "gone" },
]
r2_buckets = [ { binding = "a]b", bucket_name = 'x"]' } # none
]
d1_databases = [
  # nothing yet
]
`,
  "database tables apart":
    '[[d1_databases]] # a\nbinding = "other"\n\n[site]\nbucket = "b"\n\n[[d1_databases]]\nbinding = "third"\n',
  environments: '[env.production]\n# not ours\n[env.production.vars]\ngreeting = "prod"\n',
  "dates, big numbers, long arrays":
    'when = 2020-01-01T00:00:00Z\nbig = 9007199254740993\ncompatibility_flags = [\n  "a", # why\n  "b",\n]\n',
  "multi-line strings": 'text = """\n[vars]\nname = "no"\n"""\n',
  "Windows line ends": '# lead\r\nname = "mine"\r\n\r\n[vars]\r\na = "b"\r\n',
};

const jsoncFiles = {
  "empty object": "{}",
  "empty object on two lines": "{\n}\n",
  "one line": '{"name":"mine"}',
  "one line, trailing comma": '{ "name": "mine", }',
  "comments everywhere": `/* head */
{
\t// the name
\t"name": "mine", // stays
\t"d1_databases": [{ "binding": "other" }], // dbs
\t"kv_namespaces": [
\t\t// one
\t\t{ "binding": "k" }, // last
\t\t// nothing more
\t],
\t"vars": {
\t\t"a": 1 // note
\t}
\t// the end
} // after
`,
  "empty lists":
    '{\r\n    "vars": {},\r\n    "r2_buckets": [ /* none */ ],\r\n    "kv_namespaces": []\r\n}',
  "unknown keys": '{\n  "zzz": { "deep": [1, 2, { "x": null }] },\n  "aaa": false\n}\n',
};

/** Whether `after` is `before` with insertions only. */
function keepsEverything(before, after) {
  let found = 0;
  for (const character of after) if (character === before[found]) found++;
  return found === before.length;
}

const formats = {
  toml: {
    files: tomlFiles,
    parse: (text) => parseTomlContent("wrangler.toml", text),
    add: (text, additions) => addToToml("wrangler.toml", text, additions),
  },
  jsonc: {
    files: jsoncFiles,
    parse: (text) => parseJsoncContent("wrangler.jsonc", text),
    add: addToJsonc,
  },
};

for (const [format, { files, parse, add }] of Object.entries(formats)) {
  for (const [title, before] of Object.entries(files)) {
    test(`wrangler ${format}: adds what is missing and keeps the rest: ${title}`, () => {
      const content = parse(before);
      const after = add(before, planAdditions(content, needs, noSecrets).additions);
      assert.ok(keepsEverything(before, after), after);
      for (const line of before.split(/\r?\n/).filter((one) => /#|\/\/|\/\*/.test(one))) {
        const comment = /\/\*.*?\*\/|(?:#|\/\/).*$/.exec(line)?.[0] ?? line;
        assert.ok(after.includes(comment), `comment ${comment}`);
      }
      if (before.includes("\r\n")) assert.doesNotMatch(after, /[^\r]\n/, "line ends stay alike");

      const result = parse(after);
      assert.equal(result.name, content.name ?? "horse-app");
      assert.equal(result.main, ".generated/workers.ts");
      assert.equal(result.compatibility_date, "2026-11-01");
      for (const list of ["d1_databases", "kv_namespaces", "r2_buckets"]) {
        const old = content[list] ?? [];
        assert.deepEqual(result[list].slice(0, old.length), old, `${list} that were there`);
        const added = result[list].slice(old.length).map((one) => one.binding);
        assert.deepEqual(
          added,
          needs[list].map((one) => one.binding),
          `${list} that were missing`,
        );
      }
      assert.deepEqual(result.vars, { ...needs.vars, ...content.vars });
      for (const [key, value] of Object.entries(content)) {
        if (!(key in needs)) assert.deepEqual(result[key], value, key);
      }
      assert.deepEqual(planAdditions(result, needs, noSecrets).additions, [], "a second run");
    });
  }
}

test("wrangler jsonc: a multi-line file gets tidy lines, comments stay where they were", () => {
  const before = '{\n  "name": "mine", // stays\n  "vars": {\n    "a": "b" // note\n  }\n}\n';
  const after = addToJsonc(before, [
    { kind: "scalar", key: "main", value: "x.ts" },
    { kind: "variable", key: "c", value: "d" },
    { kind: "binding", list: "kv_namespaces", entry: { binding: "k", id: "1" } },
  ]);
  assert.equal(
    after,
    `{
  "name": "mine", // stays
  "vars": {
    "a": "b", // note
    "c": "d"
  },
  "main": "x.ts",
  "kv_namespaces": [
    {
      "binding": "k",
      "id": "1"
    }
  ]
}
`,
  );
});

test("wrangler: what the file says otherwise is left alone and said", () => {
  const content = {
    name: "Not Valid But Theirs",
    main: "src/index.ts",
    compatibility_date: "2025-01-01",
    r2_buckets: [{ binding: "db", bucket_name: "b" }],
    kv_namespaces: [{ binding: "cache", id: "real", preview_id: "p" }],
    services: [{ binding: "greeting", service: "other" }],
    durable_objects: { bindings: [{ name: "someFiles", class_name: "X" }] },
    containers: [{ name: "two", class_name: "X" }],
    queues: { producers: [{ binding: "three", queue: "q" }] },
    env: { production: { d1_databases: [{ binding: "four" }] } },
  };
  const more = ["two", "three", "four"].map((binding) => ({ binding }));
  const wanted = { ...needs, kv_namespaces: [...needs.kv_namespaces, ...more] };
  const { additions, warnings } = planAdditions(content, wanted, new Set(["limits"]));
  assert.deepEqual(
    additions.map((one) => one.entry.binding),
    ["two", "four"],
  );
  assert.equal(warnings.length, 3);
  assert.match(warnings[0], /"db" is needed in d1_databases but already stands in r2_buckets/);
  assert.match(warnings[1], /"three" is needed in kv_namespaces but already stands in queues/);
  assert.match(warnings[2], /"someFiles" is needed in r2_buckets but already stands in durable/);
});

test("wrangler: names become valid ones, valid names stay", () => {
  const workers = {
    "horse-app": "horse-app",
    "Horse App": "horse-app",
    "@x/Äpp_2": "x-app-2",
    日本: "app",
    "--a--": "a",
  };
  for (const [given, expected] of Object.entries(workers)) {
    assert.equal(workerName(given), expected, given);
  }
  const buckets = {
    someBucket: "some-bucket",
    a: "a-bucket",
    "": "my-bucket",
    "my.files": "my-files",
  };
  for (const [given, expected] of Object.entries(buckets)) {
    assert.equal(bucketName(given), expected, given);
    assert.match(bucketName(given), /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  }
  assert.match(bucketName("x-".repeat(60)), /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
});

test("wrangler: files that cannot be read are named with the place", () => {
  assert.throws(
    () => parseJsoncContent("wrangler.jsonc", '{\n  "a": ,\n}'),
    /^CliError: wrangler\.jsonc:2:8: not valid JSON/,
  );
  assert.throws(() => parseJsoncContent("wrangler.jsonc", "[]"), /a JSON object is expected/);
  assert.throws(
    () => parseTomlContent("wrangler.toml", "a = = 1"),
    /^CliError: wrangler\.toml: not valid TOML/,
  );
});

/** Updates the wrangler file of a project as `cloesce compile` does. */
async function update(root, wanted = needs) {
  const project = await loadProject(root, null);
  const file = await readWranglerFile(project);
  return { path: file.path, ...(await updateWranglerFile(project, file, wanted)) };
}

test("wrangler: a missing file is created in the form the config asks for", async (t) => {
  const toml = await makeProject(t, {});
  assert.deepEqual((await update(toml)).done, ["created wrangler.toml"]);
  const jsonc = await makeProject(t, { "cloesce.config.json": '{ "wranglerFormat": "jsonc" }' });
  assert.deepEqual((await update(jsonc)).done, ["created wrangler.jsonc"]);
  const a = parseTomlContent("a", await read(toml, "wrangler.toml"));
  const b = parseJsoncContent("b", await read(jsonc, "wrangler.jsonc"));
  assert.deepEqual(a, b);
});

test("wrangler: a new file minifies, one that is there is not told to", async (t) => {
  const root = await makeProject(t, {});
  await update(root);
  assert.equal(parseTomlContent("a", await read(root, "wrangler.toml")).minify, true);
  const existing = await makeProject(t, { "wrangler.toml": 'name = "mine"\n' });
  await update(existing);
  assert.equal(parseTomlContent("a", await read(existing, "wrangler.toml")).minify, undefined);
});

test("wrangler: the compatibility date is one that the installed runtime takes", async (t) => {
  const runtime = (version) => `{ "name": "workerd", "version": "${version}" }`;
  const cases = [
    [{}, "2026-11-01"],
    [{ "node_modules/workerd/package.json": runtime("1.20260901.3") }, "2026-09-01"],
    [{ "node_modules/workerd/package.json": runtime("1.20270102.0") }, "2026-11-01"],
    [{ "node_modules/workerd/package.json": "broken" }, "2026-11-01"],
    // The runtime of the wrangler that runs, not another that lies beside it.
    [
      {
        "node_modules/workerd/package.json": runtime("1.20260901.3"),
        "node_modules/wrangler/package.json": "{}",
        "node_modules/wrangler/node_modules/workerd/package.json": runtime("1.20260703.0"),
      },
      "2026-07-03",
    ],
  ];
  for (const [files, expected] of cases) {
    const root = await makeProject(t, files);
    await update(root);
    const { compatibility_date } = parseTomlContent("a", await read(root, "wrangler.toml"));
    assert.equal(compatibility_date, expected, JSON.stringify(files));
  }
});

test("wrangler: a main of its own that does not mount the app is told how", async (t) => {
  const generated = { ".generated/workers.ts": "export const app = {};" };
  const mounts = 'import { app } from "../.generated/workers";';
  const cases = [
    [{ "src/index.ts": "export default {};" }, true],
    [{}, true],
    [{ "src/index.ts": mounts }, false],
    [{ "src/index.ts": mounts.replace('workers"', 'workers.js"') }, false],
    [
      {
        "src/index.ts": 'export * from "./server";',
        "src/server/index.ts": mounts.replace("../", "../../"),
      },
      false,
    ],
    [{ "src/index.ts": 'export { default } from "./index";' }, true],
  ];
  for (const [files, expected] of cases) {
    const root = await makeProject(t, {
      ...generated,
      ...files,
      "wrangler.toml": 'main = "src/index.ts"\n',
    });
    const { warnings } = await update(root);
    const said = warnings.filter((one) => one.includes('main is "src/index.ts"'));
    assert.equal(said.length, expected ? 1 : 0, JSON.stringify(files));
    if (expected) assert.match(said[0], /import \{ app \} from "\.\.\/\.generated\/workers";/);
  }
  const own = await makeProject(t, { "wrangler.toml": 'main = "./.generated/workers.ts"\n' });
  assert.deepEqual((await update(own)).warnings, []);
});

test("wrangler: environments are told which bindings they do not inherit", async (t) => {
  const root = await makeProject(t, {
    "wrangler.toml": `[env.staging]
name = "staging"
[[env.staging.d1_databases]]
binding = "db"
database_id = "x"
[env.full]
vars = { greeting = "", limits = {} }
d1_databases = [{ binding = "db", database_id = "y" }]
kv_namespaces = [{ binding = "cache", id = "z" }]
r2_buckets = [{ binding = "someFiles", bucket_name = "files" }]
`,
  });
  const { warnings } = await update(root);
  const said = warnings.filter((one) => one.includes("environment"));
  assert.equal(said.length, 1, said.join("\n"));
  assert.match(
    said[0],
    /"staging" lacks cache, someFiles, greeting, limits: environments do not inherit/,
  );
});

test("wrangler: a second update leaves the file's modification time alone", async (t) => {
  const root = await makeProject(t, { "wrangler.toml": "# mine\n" });
  assert.match((await update(root)).done[0], /^updated wrangler\.toml: added name, main, /);
  const { mtimeMs } = statSync(join(root, "wrangler.toml"));
  assert.deepEqual((await update(root)).done, []);
  assert.equal(statSync(join(root, "wrangler.toml")).mtimeMs, mtimeMs);
});

test("wrangler: paths are relative to the wrangler file, also for another migrations folder", async (t) => {
  const root = await makeProject(t, {
    "cloesce.config.json":
      '{ "wranglerPath": "infra/prod/wrangler.jsonc", "migrationsPath": "db/sql" }',
  });
  await update(root, {
    ...needs,
    d1_databases: [
      { binding: "db", migrations_dir: "migrations" },
      { binding: "two", migrations_dir: "migrations/two" },
    ],
  });
  const content = parseJsoncContent("w", await read(root, "infra/prod/wrangler.jsonc"));
  assert.equal(content.main, "../../.generated/workers.ts");
  assert.deepEqual(
    content.d1_databases.map((one) => one.migrations_dir),
    ["../../db/sql", "../../db/sql/two"],
  );
});

test("wrangler: a database that looks for its migrations elsewhere is warned about", async (t) => {
  const root = await makeProject(t, {
    "wrangler.toml": '[[d1_databases]]\nbinding = "db"\nmigrations_dir = "old"\n',
  });
  const { warnings } = await update(root);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /takes its migrations from "old".*"migrations"/);
});

test("wrangler: json goes before jsonc before toml, as in wrangler itself", async (t) => {
  const root = await makeProject(t, {
    "wrangler.toml": "",
    "wrangler.jsonc": "{}",
    "wrangler.json": "{}",
  });
  assert.equal((await update(root)).path, join(root, "wrangler.json"));
});

test("secrets: keys are added to .dev.vars, values there are kept, git is kept off it", async (t) => {
  const root = await makeProject(t, {
    ".dev.vars": '# mine\nOLD="a\nNEW=not a key\n"\nexport KEPT=secret',
    ".gitignore": "node_modules",
  });
  const done = await ensureSecrets(root, ["KEPT", "NEW", "OTHER"]);
  assert.equal(
    await read(root, ".dev.vars"),
    '# mine\nOLD="a\nNEW=not a key\n"\nexport KEPT=secret\nNEW=""\nOTHER=""\n',
  );
  assert.equal(await read(root, ".gitignore"), "node_modules\n.dev.vars\n");
  assert.deepEqual(done, [
    "updated .dev.vars: fill in NEW, OTHER",
    "added .dev.vars to .gitignore",
  ]);
  assert.deepEqual(await ensureSecrets(root, ["KEPT", "NEW", "OTHER"]), []);
});

test("secrets: nothing is written for a project without any", async (t) => {
  const root = await makeProject(t, {});
  assert.deepEqual(await ensureSecrets(root, []), []);
  assert.equal(existsSync(join(root, ".dev.vars")) || existsSync(join(root, ".gitignore")), false);
});

test("secrets: a .gitignore further up that covers them is enough", async (t) => {
  const root = await makeProject(t, { ".git/HEAD": "", ".gitignore": ".dev.vars*\n", "app/x": "" });
  assert.deepEqual(await ensureSecrets(join(root, "app"), ["KEY"]), [
    "created .dev.vars: fill in KEY",
  ]);
  assert.equal(existsSync(join(root, "app/.gitignore")), false);
});

test("secrets: the keys of a dotenv text", () => {
  assert.deepEqual(
    [...devVarsKeys("A=1\n export B = \"x\"\n#C=1\nD.E='multi\nF=1'\nG")],
    ["A", "B", "D.E"],
  );
});

for (const format of ["toml", "jsonc"]) {
  test(
    `wrangler deploy --dry-run accepts the ${format} file, new or added to`,
    { timeout: 120_000 },
    async (t) => {
      const worker = "export default { fetch: (request, env) => new Response(env.greeting) };\n";
      const starts = {
        toml: '# mine\n[vars]\nown = "x" # kept\n',
        jsonc: '{\n  // mine\n  "vars": { "own": "x" },\n}\n',
      };
      for (const start of [null, starts[format]]) {
        const root = await makeProject(t, {
          "cloesce.config.json": `{ "wranglerFormat": "${format}" }`,
          ".generated/workers.ts": worker,
          ...(start === null ? {} : { [`wrangler.${format}`]: start }),
        });
        await update(root);
        const { status, output } = dryRun(root);
        assert.equal(status, 0, output);
        assert.doesNotMatch(output, /WARNING|ERROR|Unexpected/, output);
        for (const name of ["db", "cache", "someFiles", "greeting", "limits"]) {
          assert.match(output, new RegExp(`env\\.${name} `), output);
        }
        assert.ok(readFileSync(join(root, "out/workers.js"), "utf8").includes("greeting"));
      }
    },
  );
}
