// The extractor against sources as users write them: every span must point at what it claims to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { extractionCodes } from "../../../dist/cli/extract/codes.js";
import { extract } from "../../../dist/cli/extract/extract.js";
import { fixtures, packageRoot } from "./support.mjs";

const project = { name: "app", workersUrl: "http://localhost:8787/api", clientUrl: null };

function extractTexts(texts) {
  const sources = Object.entries(texts).map(([path, text]) => ({ path, text, utf8: true }));
  return extract({ project, outDir: ".generated", sources });
}

function extractFixture(name) {
  return extractTexts({ [name]: readFileSync(join(fixtures, name), "utf8") });
}

const extractOne = (text) => extractTexts({ "a.cloesce.ts": text });

function classNamed(pre, name) {
  const found = pre.classes.find((one) => one.name === name);
  assert.ok(found, `class ${name}`);
  return found;
}

const property = (node, name) => node.properties.find((one) => one.name === name);
const method = (node, name) => node.methods.find((one) => one.name === name);

/** A type as one would write it, so that expectations can be read. */
function show(type) {
  if (type === null) return "-";
  switch (type.kind) {
    case "name":
      return type.arguments.length === 0
        ? type.name
        : `${type.name}<${type.arguments.map(show).join(", ")}>`;
    case "array":
      return `(${show(type.element)})[]`;
    case "union":
      return type.members.map(show).join(" | ");
    case "literal":
      return JSON.stringify(type.value);
    default:
      return `other:${type.text}`;
  }
}

/** A value likewise. */
function showValue(value) {
  switch (value.kind) {
    case "array":
      return `[${value.items.map(showValue).join(",")}]`;
    case "object":
      return `{${value.entries.map((entry) => `${entry.key}:${showValue(entry.value)}`).join(",")}}`;
    case "arrow":
      return `${value.parameter}=>${value.path.join(".")}`;
    case "name":
      return [...(value.qualifier ?? []), value.name].join(".");
    case "null":
      return "null";
    case "other":
      return `other:${value.text}`;
    default:
      return JSON.stringify(value.value);
  }
}

/** The bytes a span stands for. */
function spanned(text, span) {
  return Buffer.from(text).subarray(span[1], span[2]).toString("utf8");
}

/** Line and column of a byte offset, counted the slow way. */
function lineAndColumn(text, byte) {
  const before = Buffer.from(text).subarray(0, byte).toString("utf8");
  const lines = before.split("\n");
  return [lines.length, [...lines.at(-1)].length + 1];
}

function* nodes(value) {
  if (Array.isArray(value)) for (const one of value) yield* nodes(one);
  else if (value !== null && typeof value === "object") {
    if (Array.isArray(value.span)) yield value;
    for (const one of Object.values(value)) yield* nodes(one);
  }
}

for (const name of ["horses.cloesce.ts", "storage.cloesce.ts", "app.cloesce.ts"]) {
  test(`extract: every span of ${name} holds what it names`, () => {
    const text = readFileSync(join(fixtures, name), "utf8");
    const pre = extractFixture(name);
    assert.deepEqual(pre.diagnostics, []);
    let checked = 0;
    for (const node of nodes(pre)) {
      const held = spanned(text, node.span);
      assert.deepEqual([node.span[3], node.span[4]], lineAndColumn(text, node.span[1]), held);
      if ("called" in node) assert.match(held, new RegExp(`^@(\\w+\\.)?${node.name}\\b`));
      else if ("destructured" in node && node.destructured !== null) assert.match(held, /^\{.*\}$/);
      else if ("imported" in node) assert.ok(held.endsWith(node.name), held);
      else if ("initialised" in node) assert.ok(node.name.includes(held), held);
      else if (typeof node.name === "string") assert.ok(held.startsWith(node.name), held);
      else if (node.kind === "string") assert.match(held, /^["'`].*["'`]$/);
      else if ("key" in node) assert.ok(held.includes(node.key), held);
      else if (node.kind === "array") assert.match(held, /\]$|^(Readonly)?Array</);
      else if (node.kind === "object") assert.match(held, /^\{[^]*\}$/);
      checked++;
    }
    assert.ok(checked > 0);
  });
}

test("extract: columns, nullability and accessibility", () => {
  const horse = classNamed(extractFixture("horses.cloesce.ts"), "Horse");
  const table = horse.properties
    .filter((one) => !one.static)
    .map((one) => [
      one.name,
      show(one.type),
      one.optional,
      one.accessibility,
      one.decorators.map((decorator) => decorator.name).join(),
    ]);
  assert.deepEqual(table, [
    ["id", "HorseId", false, "public", "PrimaryKey"],
    ["name", "string", false, "public", ""],
    ["bio", "string | null", false, "public", ""],
    ["born", "Date", true, "public", ""],
    ["picture", "Uint8Array", false, "public", ""],
    ["note", "Maybe<string>", false, "private", ""],
    ["stableId", "Integer | null", false, "public", "ForeignKey"],
    ["stable", "Stable | undefined", false, "public", "OneToOne"],
    ["likes", "(Like)[]", false, "public", "OneToMany"],
  ]);
});

test("extract: decorators with and without calls and their arguments", () => {
  const pre = { ...extractFixture("horses.cloesce.ts") };
  const storage = extractFixture("storage.cloesce.ts");
  const line = (decorator) =>
    decorator.name +
    (decorator.typeArguments.length > 0 ? `<${decorator.typeArguments.map(show).join()}>` : "") +
    (decorator.called ? `(${decorator.arguments.map(showValue).join(", ")})` : "");
  const cases = [
    [classNamed(pre, "Horse"), "D1", 'CRUD(["GET","LIST","SAVE"])'],
    [property(classNamed(pre, "Horse"), "stableId"), "ForeignKey(Stable)"],
    [property(classNamed(pre, "Like"), "horse1Id"), 'ForeignKey("Horse")'],
    [property(classNamed(pre, "Like"), "horse2Id"), "ForeignKey<Horse>(h=>id)"],
    [classNamed(storage, "Config"), 'KV("CONFIG", {expirationTtl:3600,cacheTtl:60})'],
    [classNamed(storage, "User"), 'Model("main")'],
    [property(classNamed(storage, "User"), "id"), "PrimaryKey()"],
    [property(classNamed(storage, "User"), "settings"), 'KV("users/{id}/settings", "ns")'],
    [
      property(classNamed(storage, "User"), "download"),
      'R2({bucket:"bucket",keyColumn:"gif",options:{expiresIn:-60,cached:true,none:null}})',
    ],
    [property(classNamed(storage, "User"), "groups"), 'ManyToMany("UsersGroups")'],
    [property(classNamed(storage, "Group"), "users"), 'ManyToMany("UsersGroups")'],
  ];
  for (const [node, ...expected] of cases) {
    assert.deepEqual(node.decorators.map(line), expected, node.name);
  }
});

test("extract: data sources are static initialisers, satisfies looked through", () => {
  const horse = classNamed(extractFixture("horses.cloesce.ts"), "Horse");
  const withDefault = property(horse, "default");
  assert.equal(withDefault.static && withDefault.readonly, true);
  assert.equal(showValue(withDefault.initializer), "{likes:{horse2:{}},stable:{}}");
  assert.equal(showValue(property(horse, "withLikes").initializer), "{likes:{horse2:{}}}");
  assert.equal(show(withDefault.type), "IncludeTree<Horse>");
});

test("extract: what cannot be a column or a method is left out", () => {
  const horse = classNamed(extractFixture("horses.cloesce.ts"), "Horse");
  const names = [...horse.properties, ...horse.methods].map((one) => one.name);
  for (const absent of [
    "secret",
    "#secret",
    "computed",
    "parameterProperty",
    "constructor",
    "age",
  ]) {
    assert.equal(names.includes(absent), false, absent);
  }
  const methods = horse.methods.map((one) => [one.name, one.accessibility]);
  assert.deepEqual(methods, [
    ["find", "public"],
    ["like", "public"],
    ["overloaded", "public"],
    ["kept", "protected"],
    ["#hidden", "private"],
  ]);
  assert.equal(show(method(horse, "overloaded").parameters[0].type), "unknown");
});

test("extract: members that are neither properties nor methods are named", () => {
  const [a] = extractOne(`class A {
    constructor(private clock: Clock, readonly at = 1, plain: string, open?: string) {}
    #secret = 1;
    [key]: string;
    ["written"]: string;
    [word: string]: unknown;
    accessor speed: number;
    @M get age() { return 1; }
    static set age(_v) {}
    [Symbol.iterator]() {}
  }`).classes;
  assert.deepEqual(
    a.unread.map((one) => [one.kind, one.name, one.static, one.initialised]),
    [
      ["parameterProperty", "clock", false, false],
      ["parameterProperty", "at", false, false],
      ["constructorParameter", "plain", false, false],
      ["private", "#secret", false, true],
      ["computed", "[key]", false, false],
      ["indexSignature", "[word: string]", false, false],
      ["accessor", "speed", false, false],
      ["getter", "age", false, false],
      ["setter", "age", true, false],
      ["computedMethod", "[Symbol.iterator]", false, false],
    ],
  );
  assert.deepEqual(
    a.unread[7].decorators.map((one) => one.name),
    ["M"],
  );
  assert.deepEqual(
    a.properties.map((one) => one.name),
    ["written"],
  );
});

test("extract: what a file imports, exports and declares", () => {
  const pre = extractTexts({
    "src/a.cloesce.ts": `import D, { B as C, type T } from "./b.cloesce.js";
import * as all from "package";
import "./effects";
export { C as E } from "./missing";
export * from "@/src/b.cloesce";
export * as inner from "./b.cloesce";
export default class A { x: import("./b.cloesce").T; }
const X = all.y["z"];
const made = X();
enum Colour { red }
export type Alias = string;`,
    "src/b.cloesce.ts": "export class B {}",
  });
  const [a] = pre.modules;
  const bare = (list) => list.map(({ span: _span, ...one }) => one);
  assert.deepEqual(bare(a.imports), [
    { name: "D", imported: "default", from: "./b.cloesce.js", file: 1 },
    { name: "C", imported: "B", from: "./b.cloesce.js", file: 1 },
    { name: "T", imported: "T", from: "./b.cloesce.js", file: 1 },
    { name: "all", imported: "*", from: "package", file: null },
    { name: 'import("./b.cloesce")', imported: "*", from: "./b.cloesce", file: 1 },
  ]);
  assert.deepEqual(a.exports, [
    { name: "E", local: "C", from: "./missing", file: null },
    { name: "*", local: "*", from: "@/src/b.cloesce", file: 1 },
    { name: "inner", local: "*", from: "./b.cloesce", file: 1 },
    { name: "default", local: "A", from: null, file: null },
    { name: "Alias", local: "Alias", from: null, file: null },
  ]);
  assert.deepEqual(bare(a.names), [
    { name: "A", kind: "class", target: null },
    { name: "X", kind: "variable", target: ["all", "y", "z"] },
    { name: "made", kind: "variable", target: null },
    { name: "Colour", kind: "enum", target: null },
    { name: "Alias", kind: "alias", target: null },
  ]);
});

test("extract: modules that sources import are read for their names and types alone", () => {
  const modules = {
    "src/lib/money.ts": 'import "./deep";\nexport type Money = number; export class Till {}',
    "src/lib/index.ts": 'export * from "./money.js";',
  };
  const asked = [];
  const text = 'import { Money } from "./lib"; import fs from "node:fs"; class A { m: Money; }';
  const pre = extract({
    project,
    outDir: ".generated",
    sources: [{ path: "src/a.cloesce.ts", text, utf8: true }],
    readModule: (path) => {
      asked.push(path);
      return modules[path] === undefined ? null : { path, text: modules[path], utf8: true };
    },
  });
  assert.deepEqual(pre.files, ["src/a.cloesce.ts", "src/lib/index.ts", "src/lib/money.ts"]);
  assert.deepEqual(
    pre.classes.map((one) => one.name),
    ["A"],
  );
  assert.deepEqual(
    pre.aliases.map((one) => [one.name, one.span[0]]),
    [["Money", 2]],
  );
  assert.ok(!asked.some((path) => path.includes("deep") || path.includes("node:fs")), asked.join());
});

test("extract: parameters, destructured, optional, defaulted and rest", () => {
  const horse = classNamed(extractFixture("horses.cloesce.ts"), "Horse");
  const find = method(horse, "find");
  assert.equal(find.static && find.async, true);
  assert.equal(show(find.returns), "Promise<HttpResult<(Horse)[] | null> | null>");
  const shape = (one) => [
    one.name,
    one.destructured,
    show(one.type),
    one.optional,
    one.hasDefault,
    one.rest,
    one.decorators.map((decorator) => decorator.name).join(),
  ];
  assert.deepEqual(find.parameters.map(shape), [
    ["arg0", ["db", "cache"], "Env", false, false, false, "Inject"],
    ["name", null, "string", true, false, false, ""],
    ["limit", null, "-", false, true, false, ""],
  ]);
  assert.deepEqual(method(horse, "like").parameters.map(shape), [
    ["env", null, "Env", false, false, false, "Inject"],
    ["horse", null, "Horse", false, false, false, ""],
    ["others", null, "(Horse)[]", false, false, true, ""],
  ]);
});

test("extract: exports where they stand, later, renamed and default", () => {
  const exportOf = (pre, name) => {
    const { exported, exportName } = classNamed(pre, name);
    return [exported, exportName];
  };
  const horses = extractFixture("horses.cloesce.ts");
  assert.deepEqual(exportOf(horses, "Horse"), [true, "Horse"]);
  assert.deepEqual(exportOf(horses, "Stable"), [true, "Barn"]);
  assert.deepEqual(exportOf(horses, "Like"), [false, "Like"], "a type export is no value");
  const storage = extractFixture("storage.cloesce.ts");
  assert.deepEqual(exportOf(storage, "Config"), [true, "Config"]);
  assert.deepEqual(exportOf(storage, "User"), [true, "default"]);
  const cases = [
    ["export class A {} export { A as B };", [true, "A"]],
    ["class A {} export { A as B, A };", [true, "A"]],
    ["class A {} export default A;", [true, "default"]],
    ["class A {} export default A; export { A as B };", [true, "B"]],
    ["class A {} export { A as default };", [true, "default"]],
    ["class A {} export type { A };", [false, "A"]],
    ['class A {} export { A } from "./other";', [false, "A"]],
    ["@D1 export abstract class A {}", [true, "A"]],
    ["export @D1 class A {}", [true, "A"]],
  ];
  for (const [text, expected] of cases) {
    const pre = extractOne(text);
    assert.deepEqual(pre.diagnostics, [], text);
    assert.deepEqual(exportOf(pre, "A"), expected, text);
  }
});

test("extract: stand-in classes, aliases and interfaces are written down like any other", () => {
  const pre = extractFixture("horses.cloesce.ts");
  assert.deepEqual(
    pre.classes.map((one) => one.name),
    ["HttpResult", "KVNamespace", "Stable", "Horse", "Like"],
  );
  assert.deepEqual(
    pre.aliases.map((one) => [one.name, one.typeParameters.join(), show(one.type)]),
    [
      ["Integer", "", 'other:number & { __kind?: "Integer" }'],
      ["HorseId", "", "Integer"],
      ["Maybe", "T", "T | null"],
    ],
  );
  assert.deepEqual(
    pre.interfaces.map((one) => one.name),
    ["IncludeTree"],
  );
});

test("extract: JSDoc before decorators, between them and the name, and on members", () => {
  const pre = extractFixture("horses.cloesce.ts");
  assert.equal(classNamed(pre, "Stable").doc, '"Stable 🏠" — where horses live.');
  const horse = classNamed(pre, "Horse");
  assert.equal(horse.doc, "A horse that likes others.\n\n  - kept indentation");
  assert.equal(property(horse, "name").doc, "Shown to everyone.");
  assert.equal(property(horse, "bio").doc, null, "the comment of another member");
  assert.equal(classNamed(pre, "Like").doc, null);
  const cases = [
    ["@D1\n/** after */\nexport class A {}", "after"],
    ["/** before */ @D1 /** after */ class A {}", "before"],
    ["/** far */\nconst x = 1;\nclass A {}", null],
    ["/** doc */\n// remark\nclass A {}", "doc"],
    ["/* no doc */ class A {}", null],
    ["/***/ class A {}", null],
    ["/**\r\n * one\r\n * two\r\n */\r\nclass A {}", "one\ntwo"],
  ];
  for (const [text, expected] of cases) {
    assert.equal(classNamed(extractOne(text), "A").doc, expected, text);
  }
});

test("extract: types of every form", () => {
  const cases = [
    ["string", "string"],
    ["Promise<void>", "Promise<void>"],
    ["Horse[][]", "((Horse)[])[]"],
    ["Array<Horse>", "(Horse)[]"],
    ["ReadonlyArray<string>", "(string)[]"],
    ["readonly string[]", "(string)[]"],
    ["(A | (B | null))", "A | B | null"],
    ["| A", "A"],
    ["(A | null)[]", "(A | null)[]"],
    ['"a" | 1 | -1 | true | `t`', '"a" | 1 | -1 | true | "t"'],
    ["lib.Horse<Integer>", "Horse<Integer>"],
    ['import("./horse").Horse', "Horse"],
    ["lib.Array<A>", "Array<A>"],
    ["{ a: string }", "other:{ a: string }"],
    ["[A, B]", "other:[A, B]"],
    ["keyof A", "other:keyof A"],
    ["readonly [A]", "other:readonly [A]"],
    ["typeof x", "other:typeof x"],
    ["() => void", "other:() => void"],
    ["10n", "other:10n"],
    ["any", "any"],
    ["never", "never"],
  ];
  for (const [written, expected] of cases) {
    const pre = extractOne(`class A { p: ${written}; }`);
    assert.deepEqual(pre.diagnostics, [], written);
    assert.equal(show(property(classNamed(pre, "A"), "p").type), expected, written);
  }
});

test("extract: values of every form", () => {
  const cases = [
    ['"a"', '"a"'],
    ["`a`", '"a"'],
    ["`a${x}`", "other:`a${x}`"],
    ["1.5", "1.5"],
    ["-2", "-2"],
    ["1e999", "other:1e999"],
    ["5n", "other:5n"],
    ["null", "null"],
    ["undefined", "undefined"],
    ["/x/", "other:/x/"],
    ["({ a: 1 } as const)", "{a:1}"],
    ["<T>name", "name"],
    ["name!", "name"],
    ["[1, , 2]", "other:[1, , 2]"],
    ["[...xs]", "other:[...xs]"],
    ["{ ...x }", "other:{ ...x }"],
    ["{ [k]: 1 }", "other:{ [k]: 1 }"],
    ["{ m() {} }", "other:{ m() {} }"],
    ["{ db }", "{db:db}"],
    ['{ "a b": 1, 2: 3 }', "{a b:1,2:3}"],
    ["(o) => o.a!.b", "o=>a.b"],
    ["o => o?.a", "o=>a"],
    ['o => o["a"]', "o=>a"],
    ["o => p.a", "other:o => p.a"],
    ["(o, p) => o.a", "other:(o, p) => o.a"],
    ["Env.db", "Env.db"],
    ['Env["db"].of', "Env.db.of"],
    ["Env[db]", "other:Env[db]"],
    ['"\\ud800"', 'other:"\\ud800"'],
  ];
  for (const [written, expected] of cases) {
    const pre = extractOne(`class A { @P(${written}) p: string; }`);
    assert.deepEqual(pre.diagnostics, [], written);
    const [decorator] = property(classNamed(pre, "A"), "p").decorators;
    assert.equal(showValue(decorator.arguments[0]), expected, written);
  }
});

test("extract: classes that extend something", () => {
  const pre = extractFixture("storage.cloesce.ts");
  assert.equal(show(classNamed(pre, "Config").extends), "KVModel<Json>");
  assert.equal(show(classNamed(pre, "Picture").extends), "R2Model");
  assert.equal(classNamed(pre, "Env").extends, null);
  assert.equal(
    show(classNamed(extractOne("class A extends lib.KVModel<B[]> {}"), "A").extends),
    "KVModel<(B)[]>",
  );
  assert.equal(
    show(classNamed(extractOne("class A extends mix(B) {}"), "A").extends),
    "other:mix(B)",
  );
});

test("extract: the app, its export and its route prefix", () => {
  const pre = extractFixture("app.cloesce.ts");
  assert.deepEqual(
    { ...pre.app, span: undefined, hooks: pre.app.hooks.map(({ kind }) => kind) },
    {
      file: 0,
      span: undefined,
      name: "app",
      export: "default",
      routePrefix: "v1/inner",
      cors: false,
      idempotencyKeys: false,
      scopes: false,
      hooks: ["request"],
    },
  );
  const cases = [
    ["export const app = new CloesceApp();", "app", null],
    ["export const app = new CloesceApp({ routePrefix: `v2` });", "app", "v2"],
    ["const app = new CloesceApp(); export { app };", "app", null],
    ["const app = new CloesceApp(); export { app as mine };", "mine", null],
    ["export default new CloesceApp({ debug: true, routePrefix: 'v3' });", "default", "v3"],
    ["const app = new CloesceApp().onRequest(f).onResult(g); export default app;", "default", null],
    ["const app: CloesceApp = make(); export default app;", "default", null],
    [
      'import * as cloesce from "cloesce/backend"; const app = new cloesce.CloesceApp(); app.routePrefix = null; export default app;',
      "default",
      null,
    ],
    [
      'import { CloesceApp as Application } from "cloesce/backend"; export default new Application();',
      "default",
      null,
    ],
    ["other.routePrefix = 'x'; export const app = new CloesceApp();", "app", null],
  ];
  for (const [text, exported, routePrefix] of cases) {
    const { app, diagnostics } = extractOne(text);
    assert.deepEqual(diagnostics, [], text);
    assert.deepEqual([app.export, app.routePrefix], [exported, routePrefix], text);
  }
  assert.equal(extractOne("class A {}").app, null);
  // Another module's class of that name is no app of ours.
  const foreign = 'import { CloesceApp } from "other"; export default new CloesceApp();';
  assert.equal(extractOne(foreign).app, null);
  const again = extractTexts({
    "a.cloesce.ts": 'import { Application as App } from "./b.cloesce"; export default new App();',
    "b.cloesce.ts": 'export { CloesceApp as Application } from "cloesce/backend";',
  });
  assert.equal(again.app.export, "default");
});

test("extract: hooks of the app, by whatever name a file has for it", () => {
  const pre = extractTexts({
    "a/app.cloesce.ts": `export const app = new CloesceApp().onRequest(f).onNamespace(Horse, f);
app.onMethod(Horse, "save", f).onInstance(which(), f);
other.onMethod(Horse, "get", f);
if (strict) app.onMethod("Horse", NAME, f);`,
    "a/guards.cloesce.ts": `import { app as mine } from "./app.cloesce";
import { app as theirs } from "./elsewhere";
mine.onMethod(Horse, "like", f);
theirs.onMethod(Horse, "hate", f);`,
    "b/more.cloesce.ts": `export function guard(app: CloesceApp) { app.onResult(f); }
export function no(app: Router) { app.onRequest(f); }`,
  });
  assert.deepEqual(
    pre.app.hooks.map(({ kind, span, namespace, method }) => [
      span[0],
      kind,
      namespace && showValue(namespace),
      method && showValue(method),
    ]),
    [
      [0, "request", null, null],
      [0, "namespace", "Horse", null],
      [0, "method", "Horse", '"save"'],
      [0, "instance", "other:which()", null],
      [0, "method", '"Horse"', "NAME"],
      [1, "method", "Horse", '"like"'],
      [2, "result", null, null],
    ],
  );
});

test("extract: whether an app may have the option cors", () => {
  for (const [text, may] of [
    ["new CloesceApp()", false],
    ["new CloesceApp({ debug: true })", false],
    ["new CloesceApp({ cors: { origins: '*' } }).onRequest(f)", true],
    ["new CloesceApp({ 'cors': undefined })", true],
    ["new CloesceApp({ cors })", true],
    ["new CloesceApp({ ...options })", true],
    ["new CloesceApp({ [name]: 1 })", true],
    ["new CloesceApp(options)", true],
    ["new CloesceApp(...options)", true],
  ])
    assert.equal(extractOne(`export const app = ${text};`).app.cors, may, text);
  assert.equal(extractOne("const app: CloesceApp = make(); export default app;").app.cors, true);
});

test("extract: an app takes idempotency keys where its options are written out and say so", () => {
  for (const [text, takes] of [
    ["new CloesceApp()", false],
    ["new CloesceApp({ idempotencyKeys: true })", true],
    ["new CloesceApp({ 'idempotencyKeys': true, debug: true })", true],
    ["new CloesceApp({ idempotencyKeys: false })", false],
    ["new CloesceApp({ idempotencyKeys })", false],
    ["new CloesceApp({ ...options })", false],
  ])
    assert.equal(extractOne(`export const app = ${text};`).app.idempotencyKeys, takes, text);
});

test("extract: a default-exported function that could hold a guard is an error", () => {
  for (const text of [
    "export default async function main(request: Request) {}",
    "export default function (request: Request, app: CloesceApp) {}",
    "async function main() {} export default main;",
    "const main = async (app: CloesceApp) => 1; export default main;",
    "export default (request: Request, env: Env, app: CloesceApp) => app.run(request, env);",
  ])
    assert.deepEqual(
      extractOne(text).diagnostics.map(({ code, severity }) => [code, severity]),
      [["CLO2634", "error"]],
      text,
    );
  for (const text of [
    "export default function format(text: string) {}",
    "export function main() {}",
    "export default class A {}",
    "export default [1];",
  ])
    assert.deepEqual(extractOne(text).diagnostics, [], text);
});

test("extract: what is wrong with an app is said", () => {
  const hidden = extractOne("const app = new CloesceApp();");
  assert.equal(hidden.app, null);
  assert.deepEqual(
    hidden.diagnostics.map((one) => [one.severity, one.span.slice(1, 3)]),
    [["warning", [6, 9]]],
  );
  const computed = extractOne(
    "const app = new CloesceApp(); app.routePrefix = PREFIX; export default app;",
  );
  assert.deepEqual(
    computed.diagnostics.map((one) => [one.severity, one.span.slice(1, 3)]),
    [["error", [48, 54]]],
  );
  const two = extractTexts({
    "a.cloesce.ts": "export default new CloesceApp();",
    "b.cloesce.ts": "export const app = new CloesceApp();",
  });
  assert.equal(two.app.file, 0);
  assert.equal(two.diagnostics.length, 1);
  assert.equal(two.diagnostics[0].span[0], 1);
  assert.equal(two.diagnostics[0].notes[0].span[0], 0);
});

test("extract: syntax errors have a place, and the rest of the project is still read", () => {
  const broken = 'const s = "😀é"; class A { id: ; }';
  const pre = extractTexts({ "a.cloesce.ts": broken, "b.cloesce.ts": "export class B {}" });
  assert.deepEqual(
    pre.classes.map((one) => one.name),
    ["B"],
  );
  const [error] = pre.diagnostics;
  assert.equal(error.severity, "error");
  assert.equal(error.code, "CLO2001");
  assert.equal(spanned(broken, error.span), ";");
  assert.deepEqual(error.span.slice(3), [1, 31]);
  const rest = extractOne(
    "class A {\n  @M\n  x string;\n  @N y: number;\n  m() {\n    (1;\n  }\n}\nconst z = [1;\nclass B {}\n",
  );
  assert.deepEqual(
    rest.diagnostics.map((one) => one.span[3]),
    [3, 6, 9],
  );
  assert.deepEqual(
    rest.classes.map((one) => [one.name, one.properties.map(({ name }) => name)]),
    [
      ["A", ["y"]],
      ["B", []],
    ],
  );
  const open = extractOne("class A {\n  x: string;\n");
  assert.equal(open.diagnostics[0].severity, "error");
  assert.ok(open.diagnostics[0].notes.length > 0, "where the brace was opened");
});

test("extract: a decorated class without a name, and a file that is not UTF-8", () => {
  const nameless = extractOne("@D1 export default class {}");
  assert.deepEqual(
    nameless.diagnostics.map((one) => [one.severity, one.message]),
    [["error", "a decorated class needs a name"]],
  );
  assert.deepEqual(extractOne("export default class {}").diagnostics, []);
  const sources = [{ path: "a.cloesce.ts", text: "\ufffd", utf8: false }];
  const latin = extract({ project, outDir: ".generated", sources });
  assert.deepEqual(
    latin.diagnostics.map((one) => one.severity),
    ["error"],
  );
});

test("extract: its codes are in the compiler's list, with the same severity", () => {
  const list = readFileSync(join(packageRoot, "src/compile/sema/codes.def"), "utf8");
  const numbers = Object.values(extractionCodes).map((code) => code.replace("CLO", ""));
  const severities = numbers.map((number) => new RegExp(`, ${number}, k(\\w+),`).exec(list)?.[1]);
  const wanted = { appNotExported: "Warning" };
  assert.deepEqual(
    severities,
    Object.keys(extractionCodes).map((name) => wanted[name] ?? "Error"),
  );
});
