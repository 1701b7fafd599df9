// Names are known by what a file imports: a user that a hook puts into the container is never taken from a caller,
// however `Inject` is spelled, and a class means what its file says.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { loadCompiler } from "../../dist/cli/compiler.js";
import { extract } from "../../dist/cli/extract/extract.js";

const compiler = await loadCompiler();

/** Compiles texts by path; those that do not end in .cloesce.ts are what sources import. */
function compile(files) {
  const all = Object.entries(files).map(([path, text]) => ({ path, text, utf8: true }));
  const pre = extract({
    project: { name: "app", workersUrl: "http://localhost:8787/api", clientUrl: null },
    outDir: ".generated",
    sources: all.filter(({ path }) => path.endsWith(".cloesce.ts")),
    readModule: (path) => all.find((one) => one.path === path) ?? null,
  });
  const sources = pre.files.map((path) => files[path]);
  const output = compiler.compile({ pre, sources, color: false, wrangler: null });
  const text = (path) => output.files.find((file) => file.path === path)?.text ?? null;
  return {
    ok: output.ok,
    said: output.diagnostics.map((one) => `${one.severity} ${one.code} ${one.message}`),
    cidl: output.ok ? JSON.parse(text("cidl.json")) : null,
    client: text("client.ts"),
  };
}

const method = ({ cidl }, service, name) =>
  cidl.services.find((one) => one.name === service).methods.find((one) => one.name === name);

const door = (imports, decorator) => ({
  "src/door.cloesce.ts": `${imports}
import { POST, Service } from "cloesce/backend";
export class User { name: string; }
@Service export class Door {
  @POST open(${decorator} user: User): string { return user.name; }
}`,
});

describe("imports: an injected user is never the caller's", () => {
  const spellings = {
    "as it is": door('import { Inject } from "cloesce/backend";', "@Inject"),
    called: door('import { Inject } from "cloesce/backend";', "@Inject()"),
    "under another name": door('import { Inject as X } from "cloesce/backend";', "@X"),
    "under the name of another decorator": door(
      'import { Inject as Length } from "cloesce/backend";',
      "@Length",
    ),
    "of a namespace": door('import * as C from "cloesce/backend";', "@C.Inject"),
    "of a namespace, in brackets": door('import * as C from "cloesce/backend";', '@(C["Inject"])'),
    "as a constant": door(
      'import { Inject } from "cloesce/backend";\nconst Auth = Inject;',
      "@Auth",
    ),
    "as a constant of a namespace": door(
      'import * as C from "cloesce/backend";\nconst Auth = C.Inject;',
      "@Auth",
    ),
    "exported again": {
      ...door('import { Known } from "./lib/index";', "@Known"),
      "src/lib/index.ts": 'export { Auth as Known } from "./auth";',
      "src/lib/auth.ts": 'import { Inject } from "cloesce/backend";\nexport const Auth = Inject;',
    },
    "exported again with everything": {
      ...door('import { Inject } from "./lib.js";', "@Inject"),
      "src/lib.ts": 'export * from "cloesce/backend";',
    },
    "exported again as a namespace": {
      ...door('import { cloesce } from "./lib";', "@cloesce.Inject"),
      "src/lib.ts": 'export * as cloesce from "cloesce/backend";',
    },
    "exported again as the default": {
      ...door('import Auth from "./lib";', "@Auth"),
      "src/lib.ts": 'export { Inject as default } from "cloesce/backend";',
    },
    "exported from a circle of files": {
      ...door('import { Inject } from "./a";', "@Inject"),
      "src/a.ts": 'export * from "./b";',
      "src/b.ts": 'export * from "./a";\nexport { Inject } from "cloesce/backend";',
    },
  };
  for (const [name, files] of Object.entries(spellings)) {
    test(`imports: Inject ${name}`, () => {
      const result = compile(files);
      assert.deepEqual(result.said, []);
      assert.deepEqual(method(result, "Door", "open").parameters, [
        { name: "user", type: { Inject: "User" } },
      ]);
      assert.match(result.client, /async open\(\s*fetchImpl\?/);
    });
  }

  const foreign = {
    "of another module": door('import { Inject } from "other";', "@Inject"),
    "of another module, under another name": door(
      'import { Whatever as Auth } from "other";',
      "@Auth",
    ),
    "of a file that is not there": door('import { Auth } from "./missing";', "@Auth"),
    "made by a call": door(
      'import { Inject } from "cloesce/backend";\nconst make = () => Inject;',
      "@make()",
    ),
    "made in place": door('import { Inject } from "cloesce/backend";', "@(Inject ?? null)"),
    "that is not imported": door("", "@Inject"),
    "of a default that does not exist": door('import C from "cloesce/backend";', "@C.Inject"),
    "of a circle that leads nowhere": {
      ...door('import { Inject } from "./a";', "@Inject"),
      "src/a.ts": 'export { Inject } from "./b";',
      "src/b.ts": 'export { Inject } from "./a";',
    },
  };
  for (const [name, files] of Object.entries(foreign)) {
    test(`imports: a decorator ${name} is refused`, () => {
      const result = compile(files);
      assert.equal(result.ok, false);
      assert.ok(
        result.said.some((line) => /^error CLO21(16|20) /.test(line)),
        result.said.join("\n"),
      );
    });
  }
});

describe("imports: a name means what its file says", () => {
  const price = `import { GET, PlainOldObject, Service } from "cloesce/backend";
@PlainOldObject export class Money { amount: number; currency: string; }
@Service export class Prices { @GET of(): Money { return new Money(); } }`;
  const till = (head) => `import { POST, Service } from "cloesce/backend";
${head}
@Service export class Till { @POST pay(amount: Money): void { void amount; } }`;

  const cases = {
    "a type of the file goes before a class of another": [till("type Money = number;"), {}, "Real"],
    "a type of an imported module": [
      till('import type { Money } from "./money";'),
      { "src/money.ts": "export type Money = string;" },
      "Text",
    ],
    "a type that an imported module takes from another": [
      till('import { Money } from "./types/index.js";'),
      {
        "src/types/index.ts": 'export type { Cents as Money } from "./cents.ts";',
        "src/types/cents.ts":
          'import type { Integer } from "cloesce/backend";\nexport type Cents = Integer;',
      },
      "Integer",
    ],
    "a class under another name": [
      till('import { Money as Price } from "./price.cloesce";\ntype Money = Price | null;'),
      {},
      { Nullable: { Object: "Money" } },
    ],
    "a class in a namespace": [
      till('import * as prices from "./price.cloesce";\ntype Money = prices.Money;'),
      {},
      { Object: "Money" },
    ],
    "a class imported in place": [
      till('type Money = import("./price.cloesce").Money;'),
      {},
      { Object: "Money" },
    ],
    "a class imported by a path of the project": [
      till('import { Money } from "@/src/price.cloesce";'),
      {},
      { Object: "Money" },
    ],
    "Cloesce's type under another name": [
      till('import { type Integer as Money } from "cloesce/backend";'),
      {},
      "Integer",
    ],
    "an alias of the file with the name of Cloesce's": [
      till("type Integer = number;\ntype Money = Integer;"),
      {},
      "Integer",
    ],
    "an empty class with the name of Cloesce's": [
      till("class KValue<T> { private _: T; }\ntype Money = KValue<string>;"),
      {},
      { KvValue: "Text" },
    ],
    "the words of JavaScript": [till("type Money = Number;"), {}, "Real"],
  };
  for (const [name, [source, others, type]] of Object.entries(cases)) {
    test(`imports: ${name}`, () => {
      const files = { "src/price.cloesce.ts": price, "src/till.cloesce.ts": source, ...others };
      const result = compile(files);
      assert.deepEqual(result.said, []);
      assert.deepEqual(method(result, "Till", "pay").parameters[0].type, type);
    });
  }

  test("imports: a class of another module is not the project's", () => {
    const result = compile({
      "src/price.cloesce.ts": price,
      "src/till.cloesce.ts": till('import { Money } from "money-of-others";'),
    });
    assert.equal(result.ok, false);
    assert.match(
      result.said.join(),
      /CLO2201 `Till\.pay\(amount\)` has the type `Money` of "money-of-others"/,
    );
  });

  test("imports: models are related by what is imported, and bases by what they are", () => {
    const result = compile({
      "src/env.cloesce.ts": `import { WranglerEnv as Environment } from "cloesce/backend";
import type { D1Database, KVNamespace } from "@cloudflare/workers-types";
@Environment export class Env { db: D1Database; kv: KVNamespace; }`,
      "src/owner.cloesce.ts": `import * as c from "cloesce/backend";
@c.D1 export class Owner { @c.PrimaryKey id: c.Integer; }
@c.KV("kv") export class Session extends c.KVModel<string> {}`,
      "src/pet.cloesce.ts": `import { CRUD, D1 as Table, ForeignKey, OneToOne, PrimaryKey, type Integer as Int } from "cloesce/backend";
import { Owner as Person } from "./owner.cloesce";
import * as owners from "./owner.cloesce";
@Table @CRUD(["GET"]) export class Pet {
  @PrimaryKey id: Int;
  @ForeignKey(Person) ownerId: Int;
  @OneToOne("ownerId") owner: Person | undefined;
  @ForeignKey(owners.Owner) breederId: Int;
  @ForeignKey("Person") keeperId: Int;
}`,
    });
    assert.deepEqual(result.said, []);
    const pet = result.cidl.models.find((one) => one.name === "Pet");
    assert.deepEqual(
      pet.columns.map((one) => one.references?.model ?? null),
      [null, "Owner", "Owner", "Owner"],
    );
    assert.equal(pet.navigations[0].model, "Owner");
    assert.equal(result.cidl.models.find((one) => one.name === "Session").storage, "KV");
  });
});
