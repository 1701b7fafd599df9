// What callers may not give and may not see, tried from outside against a real `wrangler dev`. After every attack the
// rows are read as they are stored.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/visibility");
let server, folder, Customer, Order, stored;

/** Names and values that no caller may see. */
const secrets =
  /passwordHash|seal|"note"|audits|draft|margin|combination|owner|h-1|pays late|seen|12-34/;

before(async () => {
  folder = await prepareProject(source, "e2e-visibility");
  server = await serveProject(folder);
  ({ Customer, Order } = server.client);
  assert.equal((await api("Desk/prepare", { method: "POST" })).status, 200);
  stored = await witness();
});
after(() => server?.stop());

const api = (target, init) => fetch(`${server.url}/api/${target}`, init);
const witness = async () => (await api("Desk/witness")).json();
const post = (target, body, headers = {}) =>
  api(target, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const said = async (response) => [response.status, await response.text()];
const value = (result) => {
  assert.equal(result.ok, true, `${result.status} ${result.message}`);
  return result.data;
};

/** What refuses the read-only member at `at`. */
const readOnly = (at) => [403, `CLO1212: ${at}: callers cannot give this member`];
/** What refuses the member at `at` of `owner` when it is unknown. */
const unknown = (at, owner) => [
  400,
  `CLO1201: ${at}: unknown member, ${owner} has none of this name`,
];

describe("SAVE", () => {
  const attacks = [
    ["Customer", { id: 1, credit: 1_000_000 }, readOnly("model.credit")],
    ["Customer", '{"model":{"id":1,"cred\\u0069t":9}}', readOnly("model.credit")],
    ["Customer", { id: 1, pictureKey: "private/payroll" }, readOnly("model.pictureKey")],
    ["Customer", { id: 1, pictureKey: null }, readOnly("model.pictureKey")],
    ["Customer", { name: "Eve", pictureKey: "private/payroll" }, readOnly("model.pictureKey")],
    ["Customer", { id: 1, clubs: [{ id: 2 }] }, readOnly("model.clubs")],
    ["Customer", { id: 1, orders: [{ id: 1, price: 0 }] }, readOnly("model.orders[0].price")],
    ["Order", { id: 1, customer: { id: 1, credit: 9 } }, readOnly("model.customer.credit")],
    ["Voucher", { id: 1, customerId: 2 }, readOnly("model.customerId")],
    ["Voucher", { id: 1, customer: { id: 2 } }, readOnly("model.customer")],
    ["Ledger", { id: 1, code: "forged" }, readOnly("model.code")],
    ["Customer", { id: 1, passwordHash: "x" }, unknown("model.passwordHash", "Customer")],
    ["Customer", { id: 1, seal: "AA==" }, unknown("model.seal", "Customer")],
    // As near to a member that is there as an unknown name would be.
    [
      "Customer",
      { id: 1, note: null },
      [400, `${unknown("model.note", "Customer")[1]}; did you mean name?`],
    ],
    ["Customer", { id: 1, audits: [{ text: "forged" }] }, unknown("model.audits", "Customer")],
    [
      "Customer",
      { id: 1, orders: [{ id: 1, draft: "AA==" }] },
      unknown("model.orders[0].draft", "Order"),
    ],
    ["Club", { id: 1, ownerId: 1 }, unknown("model.ownerId", "Club")],
    ["Club", { id: 1, owner: { id: 1 } }, unknown("model.owner", "Club")],
    ["Vault", { id: 1, combination: "0" }, unknown("model.combination", "Vault")],
  ];
  for (const [model, body, expected] of attacks) {
    test(`visibility: ${model}/save refuses ${JSON.stringify(body)}`, async () => {
      const text = typeof body === "string" ? body : { model: body };
      for (const dataSource of ["none", "all", "page"]) {
        const known = { all: ["Customer"], page: ["Club"] }[dataSource]?.includes(model) ?? true;
        if (!known) continue;
        const answer = await said(await post(`${model}/save?__datasource=${dataSource}`, text));
        assert.deepEqual(answer, expected, dataSource);
      }
      assert.deepEqual(await witness(), stored);
    });
  }

  test("visibility: everything that is wrong is said at once, a name that is nearly a hidden one is not helped", async () => {
    const [status, text] = await said(
      await post("Customer/save", { model: { id: 1, credit: 1, pictureKey: "x", name: 5 } }),
    );
    assert.equal(status, 403);
    assert.deepEqual(
      text.split("\n").map((line) => line.slice(0, line.indexOf(":", 9))),
      ["CLO1212: model.credit", "CLO1212: model.pictureKey", "CLO1204: model.name"],
    );
    for (const name of ["passwordHas", "PasswordHash", "audit"]) {
      assert.deepEqual(
        await said(await post("Customer/save", { model: { id: 1, [name]: 1 } })),
        unknown(`model.${name}`, "Customer"),
      );
    }
    const problem = await post(
      "Customer/save",
      { model: { id: 1, credit: 1 } },
      { accept: "application/problem+json" },
    );
    assert.equal(problem.status, 403);
    const { code, status: inBody } = await problem.json();
    assert.deepEqual([code, inBody], ["CLO1212", 403]);
    assert.deepEqual(await witness(), stored);
  });

  test("visibility: a row that only the Worker can add is said to be one, without a hidden name", async () => {
    const add = (model, row) => post(`${model}/save`, { model: row }).then(said);
    assert.deepEqual(await add("Ledger", { line: "x" }), [
      400,
      "CLO1304: model.code: a new row must have a value here, which callers cannot give",
    ]);
    assert.deepEqual(await add("Ledger", { id: 7, line: "x" }), [
      404,
      "CLO1301: there is no Ledger with id 7, and callers cannot add one",
    ]);
    assert.deepEqual(await add("Vault", { label: "x" }), [
      400,
      "CLO1304: model: callers cannot add a row",
    ]);
    assert.deepEqual(await add("Vault", { id: 7, label: "x" }), [
      404,
      "CLO1301: there is no Vault with id 7, and callers cannot add one",
    ]);
    assert.deepEqual(await witness(), stored);
    assert.deepEqual(await add("Ledger", { id: 1, line: "second" }), [
      200,
      '{"id":1,"line":"second","code":"c-1"}',
    ]);
    assert.deepEqual(await add("Vault", { id: 1, label: "second" }), [
      200,
      '{"id":1,"label":"second"}',
    ]);
    stored = await witness();
  });

  test("visibility: @Writable opens a key column, and what it leads to", async () => {
    const club = { id: 1, badgeKey: "private/payroll" };
    const [status, text] = await said(await post("Club/save", { model: club }));
    assert.equal(status, 200, text);
    assert.equal(JSON.parse(text).badge.key, "private/payroll");
    stored = await witness();
  });
});

describe("methods", () => {
  const open = { id: 1, name: "Ada" };
  const box = { number: 1, customers: [] };
  const given = { customer: open, more: [open], part: {}, box };
  const attacks = [
    [{ customer: { ...open, credit: 1 } }, readOnly("customer.credit")],
    [{ customer: { ...open, pictureKey: null } }, readOnly("customer.pictureKey")],
    [{ more: [open, { ...open, credit: 1 }] }, readOnly("more[1].credit")],
    [{ part: { orders: [{ price: 1 }] } }, readOnly("part.orders[0].price")],
    [{ box: { ...box, stamped: null } }, readOnly("box.stamped")],
    [{ box: { ...box, margin: 1 } }, unknown("box.margin", "Receipt")],
    [{ box: { ...box, customers: [{ ...open, credit: 1 }] } }, readOnly("box.customers[0].credit")],
    [{ customer: { ...open, passwordHash: "x" } }, unknown("customer.passwordHash", "Customer")],
    [{ part: { audits: [] } }, unknown("part.audits", "Customer")],
  ];
  for (const [change, expected] of attacks) {
    test(`visibility: Customer/take refuses ${JSON.stringify(change)}`, async () => {
      assert.deepEqual(await said(await post("Customer/take", { ...given, ...change })), expected);
    });
  }

  test("visibility: what callers cannot give is not asked for, in bodies, forms and queries", async () => {
    const [status, text] = await said(await post("Customer/take", given));
    assert.equal(status, 200, text);
    // A list that is not given is empty for the method.
    const lists = { orders: [], audits: [], clubs: [] };
    assert.deepEqual(JSON.parse(text), {
      ...given,
      customer: { ...given.customer, ...lists },
      more: given.more.map((customer) => ({ ...customer, ...lists })),
    });

    const form = (customer) => {
      const data = new FormData();
      data.append("json", JSON.stringify({ file: 0, customer }));
      data.append("blob", new Blob(["abc"]));
      return api("Customer/takeFile", { method: "POST", body: data }).then(said);
    };
    assert.deepEqual(await form({ name: "Ada" }), [200, '{"size":3,"customer":{"name":"Ada"}}']);
    assert.deepEqual(await form({ credit: 1 }), readOnly("customer.credit"));
    assert.deepEqual(
      await form({ passwordHash: "" }),
      unknown("customer.passwordHash", "Customer"),
    );
    assert.deepEqual(
      await said(await post("Customer/takeFile", { file: "YWJj", customer: { credit: 1 } })),
      readOnly("customer.credit"),
    );

    const ask = (like) =>
      api(`Customer/ask?like=${encodeURIComponent(JSON.stringify(like))}`).then(said);
    assert.deepEqual(await ask({ name: "Ada" }), [200, '{"name":"Ada"}']);
    assert.deepEqual(await ask({ credit: 1 }), readOnly("like.credit"));
    assert.deepEqual(await ask({ passwordHash: "" }), unknown("like.passwordHash", "Customer"));
  });
});

describe("answers", () => {
  test("visibility: the Worker's own code sees all of itself", async () => {
    assert.deepEqual(await (await api("Customer/1/self?__datasource=all")).json(), {
      passwordHash: "h-1",
      seal: [7, 8],
      credit: 5,
      pictureKey: "pictures/1",
      note: "pays late",
      audits: ["seen"],
    });
  });

  const reads = [
    ["Customer/get?id=1"],
    ["Customer/get?id=1&__datasource=all"],
    ["Customer/get?id=1&__datasource=none"],
    ["Customer/list"],
    ["Customer/list?__datasource=all"],
    ["Customer/1/me?__datasource=all"],
    ["Customer/1/me?__datasource=all", { headers: { "x-cached": "yes" } }],
    ["Customer/1/me?__datasource=all", { headers: { "x-wrapped": "yes" } }],
    ["Customer/get?id=1&__datasource=all", { headers: { "x-wrapped": "yes" } }],
    ["Customer/1/meWithStatus?__datasource=all"],
    ["Customer/1/receipt?__datasource=all"],
    ["Customer/1/listed?__datasource=all"],
    ["Customer/1/many?__datasource=all"],
    ["Customer/everyone"],
    ["Customer/withScan"],
    ["Customer/withScan", { headers: { accept: "multipart/form-data" } }],
    ["Order/get?id=1"],
    ["Order/list"],
    ["Club/get?id=2&__datasource=page"],
    ["Club/get?id=1&__datasource=page"],
    ["Voucher/get?id=1"],
    ["Vault/get?id=1"],
  ];
  for (const [target, init] of reads) {
    test(`visibility: ${target} ${JSON.stringify(init?.headers ?? {})}`, async () => {
      const response = await api(target, init);
      const text = await response.text();
      assert.ok(response.ok, `${response.status} ${text}`);
      assert.doesNotMatch(text, secrets);
      assert.match(text, /Ada|scanned|tea|rowing|chess|five|second/, "what is open is there");
    });
  }

  test("visibility: SAVE answers what GET would, and read-only members are read", async () => {
    const [status, text] = await said(
      await post("Customer/save?__datasource=all", { model: { id: 1, name: "Ada" } }),
    );
    assert.equal(status, 200, text);
    assert.equal(text, await (await api("Customer/get?id=1&__datasource=all")).text());
    const customer = JSON.parse(text);
    assert.equal(customer.credit, 5);
    assert.equal(customer.pictureKey, "pictures/1");
    assert.equal(customer.picture.key, "pictures/1");
    assert.equal(customer.orders[0].price, 3);
    assert.equal(customer.orders[0].customer.credit, 5);
    assert.deepEqual(
      customer.clubs.map(({ name }) => name),
      ["chess"],
    );
    const receipt = await (await api("Customer/1/receipt?__datasource=none")).json();
    assert.equal(receipt.stamped, null);
    const form = await (
      await api("Customer/withScan", { headers: { accept: "multipart/form-data" } })
    ).formData();
    assert.equal(form.getAll("blob").length, 1, "hidden bytes are no part of the form");
    assert.deepEqual(await witness(), stored);
  });
});

describe("client", () => {
  test("visibility: what was read is changed and saved, with all that cannot be given still in it", async () => {
    const customer = value(await Customer.get(1, "default"));
    assert.equal(customer.credit, 5);
    customer.name = "Ada King";
    const saved = value(await Customer.save(customer, "default"));
    assert.equal(saved.name, "Ada King");
    assert.deepEqual(saved, value(await Customer.get(1, "default")));
    const after = await witness();
    assert.equal(after.Customer[0].name, "Ada King");
    assert.deepEqual(
      { ...after, Customer: [{ ...after.Customer[0], name: "Ada" }] },
      stored,
      "nothing else changed",
    );
    const order = value(await Order.get(1, "default"));
    value(await Order.save(order));
    const taken = value(
      await Customer.take(customer, [customer], customer, {
        number: 1,
        stamped: null,
        customers: [customer],
      }),
    );
    assert.doesNotMatch(JSON.stringify(taken), /credit|pictureKey|"clubs":\[\{|price|stamped/);
    assert.match(JSON.stringify(taken), /Ada King.*tea/);
    assert.equal(customer.credit, 5, "what is sent is a copy");
  });

  test("visibility: hidden members are in no generated file that callers see, read-only ones are marked", async () => {
    const generated = (name) => readFile(path.join(folder, ".generated", name), "utf8");
    const client = await generated("client.ts");
    assert.doesNotMatch(client, secrets);
    assert.match(client, /readonly credit!: number \| null;/);
    assert.match(client, /readonly pictureKey!: string \| null;/);
    assert.match(client, /\n {2}badgeKey!: string \| null;/);
    const text = await generated("openapi.json");
    assert.doesNotMatch(text, secrets);
    const { schemas } = JSON.parse(text).components;
    const closed = ({ properties }) =>
      Object.keys(properties).filter((name) => properties[name].readOnly);
    assert.deepEqual(closed(schemas.Customer), ["credit", "pictureKey", "clubs"]);
    assert.deepEqual(closed(schemas.Voucher), ["customerId", "customer"]);
    for (const name of ["Customer.Request.Form", "Customer.Partial.Request"]) {
      const names = Object.keys(schemas[name].properties);
      assert.deepEqual(names, ["id", "name", "orders", "picture"], name);
    }
  });
});
