// What the source says reaches everything that is made of it: defaults of parameters, columns of several keys, names.
import assert from "node:assert/strict";
import { test } from "node:test";

import { loadCompiler } from "../../dist/cli/compiler.js";
import { extract } from "../../dist/cli/extract/extract.js";

const compiler = await loadCompiler();

function compile(text) {
  const source = { path: "a.cloesce.ts", text, utf8: true };
  const pre = extract({
    project: { name: "app", workersUrl: "http://localhost:8787/api", clientUrl: null },
    outDir: ".generated",
    sources: [source],
  });
  const output = compiler.compile({ pre, sources: [text], color: false, wrangler: null });
  assert.deepEqual(
    output.diagnostics.map((one) => one.message),
    [],
  );
  const file = (path) => output.files.find((one) => one.path === path).text;
  return {
    cidl: JSON.parse(file("cidl.json")),
    openapi: JSON.parse(file("openapi.json")),
    client: file("client.ts"),
  };
}

test("sources: defaults are in the interface, the client and OpenAPI", () => {
  const { cidl, openapi, client } =
    compile(`import { GET, POST, Service, type Integer, type Json } from "cloesce/backend";
@Service export class Search {
  @GET page(limit: Integer = 20, order: string = "asc", day: Date = new Date(0)): string { return limit + order + day; }
  @POST all(least: number = -1.5, must: string, tags: string[] = ["a"], any: Json = {}, note?: string): void {
    void [least, must, tags, any, note];
  }
}`);
  const [page, all] = cidl.services[0].methods;
  assert.deepEqual(
    page.parameters.map(({ optional, default: fallback }) => [optional, fallback]),
    [
      [true, "20"],
      [true, '"asc"'],
      [true, undefined],
    ],
  );
  assert.deepEqual(
    all.parameters.map(({ optional, default: fallback }) => [optional, fallback]),
    [
      [true, "-1.5"],
      [undefined, undefined],
      [true, '["a"]'],
      [true, "{}"],
      [true, undefined],
    ],
  );
  const query = openapi.paths["/Search/page"].get.parameters;
  assert.deepEqual(
    query.map(({ required, schema }) => [required, schema.default]),
    [
      [false, 20],
      [false, "asc"],
      [false, undefined],
    ],
  );
  const body = openapi.paths["/Search/all"].post.requestBody.content["application/json"].schema;
  assert.deepEqual(body.required, ["must"]);
  assert.deepEqual(
    ["least", "tags", "any"].map((name) => body.properties[name].default),
    [-1.5, ["a"], {}],
  );
  const signature = (name) =>
    new RegExp(`async ${name}\\(([^]*?)\\): Promise`).exec(client)[1].replace(/\s+/g, " ").trim();
  assert.match(signature("page"), /^limit\?: number, order\?: string, day\?: Date, fetchImpl\?/);
  assert.match(
    signature("all"),
    /^least: number \| undefined, must: string, tags\?: string\[\], any\?: unknown, note\?: string \| null, fetchImpl\?/,
  );
});

test("sources: a column that is part of several foreign keys", () => {
  const { cidl } =
    compile(`import { CRUD, D1, ForeignKey, OneToMany, OneToOne, PrimaryKey, WranglerEnv, type Integer } from "cloesce/backend";
@WranglerEnv export class Env { db: D1Database; }
@D1 export class Tenant { @PrimaryKey id: string; @OneToMany("tenant") sales: Sale[]; }
@D1 export class Customer {
  @PrimaryKey tenant: string; @PrimaryKey id: Integer; @OneToMany(["tenant", "payerId"]) paid: Sale[];
}
@D1 @CRUD export class Sale {
  @PrimaryKey
  @ForeignKey<Customer>((c) => c.tenant)
  @ForeignKey<Customer>((c) => c.tenant)
  @ForeignKey(Tenant)
  tenant: string;
  @PrimaryKey id: Integer;
  @ForeignKey<Customer>((c) => c.id) payerId: Integer;
  @ForeignKey<Customer>((c) => c.id) receiverId: Integer;
  @OneToOne("tenant") owner: Tenant | undefined;
  @OneToOne(["tenant", "payerId"]) payer: Customer | undefined;
  @OneToOne(["tenant", "receiverId"]) receiver: Customer | undefined;
}`);
  const sale = cidl.models.find((one) => one.name === "Sale");
  assert.deepEqual(
    sale.navigations.map((one) => [one.name, one.columns]),
    [
      ["owner", ["tenant"]],
      ["payer", ["tenant", "payerId"]],
      ["receiver", ["tenant", "receiverId"]],
    ],
  );
  const migrated = compiler.migrate({
    cidl,
    previous: null,
    binding: "db",
    name: "initial",
    timestamp: "20260101000000",
    color: false,
  });
  assert.ok(migrated.ok, migrated.diagnostics.map((one) => one.rendered).join("\n"));
  const sql = migrated.files.find((one) => one.path.endsWith(".sql")).text;
  const keys = [...sql.matchAll(/FOREIGN KEY \((.*?)\) REFERENCES "(\w+)" \((.*?)\)/g)];
  assert.deepEqual(keys.map(([, own, table, parts]) => [own, table, parts]).sort(), [
    ['"tenant", "payerId"', "Customer", '"tenant", "id"'],
    ['"tenant", "receiverId"', "Customer", '"tenant", "id"'],
    ['"tenant"', "Tenant", '"id"'],
  ]);
});

test("sources: components of OpenAPI have names that it allows, each its own", () => {
  const classes = ["Plain", "Größe", "User$", "User_", "日本"];
  const { openapi } = compile(
    `import { PlainOldObject, POST, Service } from "cloesce/backend";
${classes.map((name) => `@PlainOldObject export class ${name} { a: string; }`).join("\n")}
@Service export class S { ${classes.map((name, at) => `@POST m${at}(x: ${name}): void { void x; }`).join("\n")} }`,
  );
  const names = Object.keys(openapi.components.schemas);
  assert.equal(names.length, classes.length);
  for (const name of names) assert.match(name, /^[a-zA-Z0-9._-]+$/);
  const references = JSON.stringify(openapi.paths).match(/#\/components\/schemas\/[^"]+/g);
  assert.deepEqual(
    [...new Set(references.map((one) => one.split("/").at(-1)))].sort(),
    names.sort(),
  );
});
