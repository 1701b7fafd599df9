// Scopes, under `wrangler dev`: what is outside of a caller's rows is not there, whichever way it is asked for, and cannot be written.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, runSql, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/scopes");
const rows = `
INSERT INTO "Customer" VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO "Ticket" ("id", "subject", "customerId") VALUES (10, 'a printer', 1), (11, 'b screen', 1), (20, 'c secret', 2);
INSERT INTO "Comment" ("id", "words", "ticketId") VALUES (100, 'mine', 10), (200, 'theirs', 20);
INSERT INTO "Label" ("id", "name", "owner") VALUES (1, 'all', NULL), (2, 'of ann', 1), (3, 'of bob', 2), (4, 'hidden', NULL);
INSERT INTO "TicketLabels" ("Label_id", "Ticket_id") VALUES (1, 10), (2, 10), (3, 10), (4, 10), (1, 20);
INSERT INTO "Faq" VALUES (1, 'how?');
INSERT INTO "Broken" VALUES (1, NULL);
`;

let server;
let state;

before(async () => {
  const folder = await prepareProject(source, "e2e-scopes");
  await writeFile(path.join(folder, "rows.sql"), rows);
  await runSql(folder, "rows.sql");
  server = await serveProject(folder);
});
after(() => server?.stop());
beforeEach(async () => {
  state = await everything();
});

async function ask(way, who, init = {}) {
  const response = await fetch(`${server.url}/api/${way}`, {
    ...init,
    headers: { ...init.headers, ...(who === null ? {} : { "x-caller": String(who) }) },
  });
  const text = await response.text();
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    data = text;
  }
  return { status: response.status, data, text };
}

const post = (way, who, body) =>
  ask(way, who, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const save = (model, who, object, choice = "") =>
  post(`${model}/save${choice}`, who, { model: object });
const ids = ({ data }) => data.map(({ id }) => id);

/** All rows, as the agent sees them. */
async function everything() {
  const all = {};
  for (const model of ["Customer", "Ticket", "Comment", "Label"])
    all[model] = (await ask(`${model}/list`, "agent")).data;
  return all;
}

const unchanged = async () => assert.deepEqual(await everything(), state);

/** Two refusals from which nobody learns which of the two it was. */
function alike(outside, missing, code, keys = /\d+/g) {
  assert.equal(outside.status, missing.status);
  assert.equal(outside.text.replace(keys, "#"), missing.text.replace(keys, "#"));
  assert.match(outside.text, new RegExp(code));
}

test("scopes: a list, a row and a tree hold what is the caller's", async () => {
  assert.deepEqual(ids(await ask("Ticket/list", 1)), [10, 11]);
  assert.deepEqual(ids(await ask("Ticket/list", 2)), [20]);
  assert.deepEqual(ids(await ask("Ticket/list", "agent")), [10, 11, 20]);
  assert.equal((await ask("Ticket/get?id=10", 1)).data.subject, "a printer");
  alike(await ask("Ticket/get?id=20", 1), await ask("Ticket/get?id=99", 1), "CLO1301");
  const whole = (await ask("Ticket/get?id=10&__datasource=whole", 1)).data;
  assert.deepEqual(
    whole.customer.tickets.map(({ id }) => id),
    [10, 11],
  );
  assert.deepEqual(ids(await ask("Customer/list", 1)), [1]);
});

test("scopes: several of a model all hold, and relations lead to nothing that is outside", async () => {
  const { labels } = (await ask("Ticket/get?id=10", 1)).data;
  assert.deepEqual(
    labels.map(({ id }) => id),
    [1, 2],
  );
  const seen = (await ask("Ticket/get?id=10", "agent")).data.labels;
  assert.deepEqual(
    seen.map(({ id }) => id),
    [1, 2, 3],
  );
});

test("scopes: no filter and no order sees past them", async () => {
  const list = (where, who) =>
    ask(`Ticket/list?where=${encodeURIComponent(JSON.stringify(where))}`, who);
  assert.deepEqual(ids(await list({ comments: { some: { words: "theirs" } } }, 1)), []);
  assert.deepEqual(ids(await list({ comments: { none: {} } }, 1)), [11]);
  assert.deepEqual(ids(await list({ customer: { name: "Bob" } }, 1)), []);
  const order = encodeURIComponent('[{"customer":{"name":"desc"}}]');
  assert.deepEqual(ids(await ask(`Ticket/list?orderBy=${order}`, 1)).sort(), [10, 11]);
});

test("scopes: pages are of what there is", async () => {
  const response = await fetch(`${server.url}/api/Ticket/list?limit=1`, {
    headers: { "x-caller": "1" },
  });
  assert.deepEqual(ids({ data: await response.json() }), [10]);
  const next = /<([^>]+)>/.exec(response.headers.get("link"))[1];
  const second = await fetch(new URL(next, `${server.url}/api/Ticket/list`), {
    headers: { "x-caller": "1" },
  });
  assert.deepEqual(ids({ data: await second.json() }), [11]);
  assert.equal(second.headers.get("link"), null);
  // Somebody else's cursor shows nothing but one's own.
  const other = await ask(`Ticket/list${next}`, 2);
  assert.deepEqual(ids(other), [20]);
});

test("scopes: a method of an instance that is outside is called on nothing", async () => {
  assert.equal((await ask("Ticket/10/shout", 1)).data, "A PRINTER");
  alike(await ask("Ticket/20/shout", 1), await ask("Ticket/99/shout", 1), "CLO1301");
});

test("scopes: who is not signed in is told, and what has no scope is for everybody", async () => {
  for (const way of ["Ticket/list", "Ticket/get?id=10", "Ticket/10/shout", "Comment/list"]) {
    const refused = await ask(way, null);
    assert.equal(refused.status, 401, way);
    assert.match(refused.text, /CLO1010/);
  }
  assert.deepEqual(ids(await ask("Faq/list", null)), [1]);
  assert.equal((await save("Ticket", null, { subject: "x", customerId: 1 })).status, 401);
  assert.equal((await ask("Ticket/10/delete", null, { method: "DELETE" })).status, 401);
  await unchanged();
});

test("scopes: one that refuses answers so, one that is wrong shows no rows", async () => {
  const refused = await ask("Secret/list", 1);
  assert.equal(refused.status, 451);
  const broken = await ask("Broken/list", 1);
  assert.equal(broken.status, 500);
  assert.doesNotMatch(broken.text, /\[/);
});

test("scopes: what is saved stays within them", async () => {
  const mine = await save("Ticket", 1, {
    subject: "new",
    customerId: 1,
    comments: [{ words: "first" }],
  });
  assert.equal(mine.status, 200, mine.text);
  assert.equal(mine.data.comments[0].words, "first");
  const id = mine.data.id;
  assert.equal((await save("Ticket", 1, { id, subject: "newer" })).status, 200);
  assert.equal((await ask(`Comment/list`, 2)).data.length, 1);
  assert.equal((await ask(`Ticket/get?id=${id}`, 2)).status, 404);
});

test("scopes: rows outside cannot be changed, deleted, taken or moved, nor rows be moved out", async () => {
  alike(
    await save("Ticket", 1, { id: 20, subject: "taken" }),
    await save("Ticket", 1, { id: 99, subject: "taken" }),
    "CLO1301",
  );
  const whole = await save("Ticket", 1, { id: 20, subject: "taken", customerId: 1 });
  assert.equal(whole.status, 404);
  alike(
    await ask("Ticket/20/delete", 1, { method: "DELETE" }),
    await ask("Ticket/99/delete", 1, { method: "DELETE" }),
    "CLO1301",
  );
  const out = await save("Customer", 1, { id: 2, name: "mine" });
  assert.equal(out.status, 404);
  const added = await save("Customer", 1, { name: "a third" });
  assert.equal(added.status, 403);
  assert.match(added.text, /CLO1218.*model/);
  await unchanged();
});

test("scopes: a foreign key leads to no row that is outside, and does not tell whether it is there", async () => {
  alike(
    await save("Ticket", 1, { subject: "for Bob", customerId: 2 }),
    await save("Ticket", 1, { subject: "for Bob", customerId: 99 }),
    "CLO1301: model.customerId",
  );
  alike(
    await save("Ticket", 1, { id: 10, customerId: 2 }),
    await save("Ticket", 1, { id: 10, customerId: 99 }),
    "CLO1301: model.customerId",
  );
  alike(
    await save("Comment", 1, { words: "on theirs", ticketId: 20 }),
    await save("Comment", 1, { words: "on theirs", ticketId: 99 }),
    "CLO1301: model.ticketId",
  );
  await unchanged();
});

test("scopes: nested rows are within them too, and links lead to what there is", async () => {
  const nested = await save("Ticket", 1, { id: 10, comments: [{ id: 200, words: "taken" }] });
  assert.equal(nested.status, 404);
  assert.match(nested.text, /model\.comments\[0\]/);
  alike(
    await save("Ticket", 1, { id: 10, labels: [{ id: 3 }] }),
    await save("Ticket", 1, { id: 10, labels: [{ id: 99 }] }),
    "CLO1301: model.labels",
  );
  const through = await save("Ticket", 1, { id: 11, customer: { id: 2 } });
  assert.equal(through.status, 404);
  await unchanged();
  assert.equal((await save("Ticket", 1, { id: 11, labels: [{ id: 2 }] })).status, 200);
});

test("scopes: queries at relations choose among what is within, so many of each object", async () => {
  const latest = (who) => ask("Customer/list?__datasource=latest", who);
  const trees = ({ data }) =>
    data.map(({ id, tickets }) => [
      id,
      tickets.map((ticket) => [ticket.id, ticket.comments.map((comment) => comment.id)]),
    ]);
  assert.deepEqual(trees(await latest(2)), [[2, [[20, [200]]]]]);
  const all = trees(await latest("agent"));
  assert.deepEqual(all.at(-1), [2, [[20, [200]]]]);
  assert.equal(all[0][1].length, 1);
  const one = (await ask("Customer/get?id=2&__datasource=latest", 2)).data;
  assert.deepEqual(
    one.tickets.map(({ id }) => id),
    [20],
  );
  const job = async (way, name, who, id) =>
    (await post(`Desk/${way}`, who, { job: name, id, customer: 0 })).data;
  assert.deepEqual(JSON.parse(await job("within", "tree", 2, 0)), [[20]]);
  assert.match(await job("without", "forgotten", 1, 10), /words is undefined/);
});

test("scopes: the query of a data source asks of what is within", async () => {
  const list = (name, who) => ask(`Ticket/list?__datasource=${name}`, who);
  assert.deepEqual(ids(await list("marked", "agent")), [10]);
  assert.deepEqual(ids(await list("marked", 1)), []);
  assert.deepEqual(ids(await list("marked", 2)), []);
  // Rows of the tests before are there too.
  for (const who of [1, 2, "agent"]) {
    const seen = ids(await ask("Ticket/list", who));
    assert.deepEqual(ids(await list("last", who)), [Math.max(...seen)]);
  }
});

test("scopes: an Orm stays within them where it is told to", async () => {
  const job = async (way, name, who, id = 0, customer = 0) => {
    const answer = await post(`Desk/${way}`, who, { job: name, id, customer });
    assert.equal(answer.status, 200, answer.text);
    return answer.data;
  };
  const within = (...given) => job("within", ...given);
  const all = JSON.parse(await job("without", "list", 1));
  assert.ok(all.includes(10) && all.includes(20));
  const own = all.filter((id) => id !== 20);
  assert.deepEqual(JSON.parse(await within("list", 1)), own);
  assert.deepEqual(JSON.parse(await within("from", 1)), own);
  assert.deepEqual(JSON.parse(await within("where", 2)), [1]);
  assert.equal(await within("get", 1, 20), "undefined");
  assert.equal(await within("get", 1, 10), "a printer");
  assert.equal(await within("count", 2), "1");
  assert.equal(await within("count", "agent"), String(all.length));
  assert.equal(await within("exists", 1, 20), "false");
  assert.equal(await within("rename", 1, 20), "0");
  assert.equal(await within("deleteMany", 1, 200), "0");
  assert.equal(await within("delete", 1, 200), "false");
  assert.match(await within("save", 1, 20, 1), /CLO1301/);
  assert.match(await within("move", 1, 10, 2), /customerId.*scope/);
  await unchanged();
  const refused = await post("Desk/within", null, { job: "list", id: 0, customer: 0 });
  assert.equal(refused.status, 401);
  assert.equal(await within("save", 1, 10, 1), "saved");
});
