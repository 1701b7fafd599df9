// Models with a version, under `wrangler dev`: whoever saves what another has changed meanwhile is told, and changes nothing.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/versions");
let server, folder, Ticket, Board;

before(async () => {
  folder = await prepareProject(source, "e2e-versions");
  server = await serveProject(folder);
  ({ Ticket, Board } = server.client);
});
after(() => server?.stop());

let titles = 0;
const title = () => `ticket ${++titles}`;

async function saved(values) {
  const result = await Ticket.save({ project: 1, title: title(), ...values }, "default");
  assert.equal(result.ok, true, result.message);
  return result.data;
}

const read = async (id) => (await Ticket.get(id, "default")).data;

async function send(model, object) {
  const response = await fetch(`${server.url}/api/${model}/save?__datasource=default`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: object }),
  });
  return { status: response.status, text: await response.text() };
}

test("versions: a row begins with 1, and what is read can be changed and saved", async () => {
  const ticket = await saved({ notes: [{ words: "a" }] });
  assert.equal(ticket.revision, 1);
  assert.equal(ticket.notes[0].revision, 1);
  ticket.points = 5;
  ticket.notes[0].words = "b";
  const again = (await Ticket.save(ticket, "default")).data;
  assert.deepEqual([again.revision, again.points], [2, 5]);
  assert.deepEqual([again.notes[0].revision, again.notes[0].words], [2, "b"]);
  assert.deepEqual(await read(ticket.id), again);
});

test("versions: in OpenAPI a save may leave the revision out, and an answer has it", async () => {
  const api = JSON.parse(await readFile(path.join(folder, ".generated/openapi.json"), "utf8"));
  const resolve = (schema) =>
    schema.$ref === undefined
      ? schema
      : resolve(api.components.schemas[schema.$ref.slice("#/components/schemas/".length)]);
  const { requestBody, responses } = api.paths["/Ticket/save"].post;
  const given = resolve(resolve(requestBody.content["application/json"].schema).properties.model);
  assert.ok("revision" in given.properties);
  assert.ok(!(given.required ?? []).includes("revision"));
  const answered = resolve(responses["200"].content["application/json"].schema);
  assert.ok(answered.required.includes("revision"));
});

test("versions: what another has changed meanwhile is 409, names the row, and changes nothing", async () => {
  const mine = await saved({ points: 1, notes: [{ words: "a" }] });
  const theirs = await read(mine.id);
  theirs.points = 2;
  assert.equal((await Ticket.save(theirs)).ok, true);
  const there = await read(mine.id);

  mine.points = 3;
  mine.notes[0].words = "lost";
  mine.notes.push({ words: "new" });
  const refused = await Ticket.save(mine, "default");
  assert.equal(refused.ok, false);
  assert.deepEqual([refused.status, refused.code], [409, "CLO1216"]);
  assert.match(refused.message, new RegExp(`Ticket with id ${mine.id} was changed or deleted`));
  assert.deepEqual(await read(mine.id), there);
});

test("versions: one stale row of many refuses all of them", async () => {
  const ticket = await saved({ points: 1, notes: [{ words: "a" }, { words: "b" }] });
  const [first, second] = ticket.notes;
  const changed = {
    ...ticket,
    points: 9,
    notes: [{ ...first, words: "c" }, { ...second, words: "d", revision: 7 }, { words: "new" }],
  };
  const answer = await send("Ticket", changed);
  assert.equal(answer.status, 409, answer.text);
  assert.match(answer.text, new RegExp(`^CLO1216: model: Note with id ${second.id} `));
  assert.deepEqual(await read(ticket.id), ticket);

  const board = (await Board.save({ name: "x", pins: [{ place: 1 }, { place: 2 }] }, "default"))
    .data;
  const pins = board.pins.map((pin, index) => ({ ...pin, place: 9, revision: 1 + index }));
  const pinned = await send("Board", { ...board, name: "y", pins });
  assert.equal(pinned.status, 409, pinned.text);
  assert.deepEqual((await Board.get(board.id, "default")).data, board);
});

test("versions: a change brings its revision, a new row has none", async () => {
  const ticket = await saved({ points: 1 });
  const { id, project } = ticket;
  const part = await send("Ticket", { id, points: 2 });
  assert.equal(part.status, 428, part.text);
  assert.match(part.text, /^CLO1217: model\.revision: /);
  const whole = await send("Ticket", { id, project, title: title(), points: 2 });
  assert.equal(whole.status, 428, whole.text);
  assert.match(whole.text, new RegExp(`^CLO1217: model: revision of Ticket with id ${id} `));
  assert.deepEqual(await read(id), ticket);
  const chosen = await send("Ticket", { project, title: title(), revision: 41 });
  assert.equal(chosen.status, 400, chosen.text);
  assert.match(chosen.text, /^CLO1304: model\.revision: /);
  for (const revision of ["1", 1.5, null]) {
    const answer = await send("Ticket", { id, points: 2, revision });
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.text, /model\.revision/);
  }
  assert.deepEqual(await read(id), ticket);
  // A key of the caller's choice is a new row all the same.
  const given = await saved({ id: 4000 });
  assert.equal(given.revision, 1);
});

test("versions: a row that was deleted meanwhile does not come back", async () => {
  const ticket = await saved({});
  assert.equal((await ticket.delete()).ok, true);
  const refused = await Ticket.save(ticket);
  assert.deepEqual([refused.status, refused.code], [409, "CLO1216"]);
  assert.equal((await Ticket.get(ticket.id)).status, 404);
});

test("versions: of saves at the same time exactly one wins", async () => {
  const ticket = await saved({ points: 0 });
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, index) => Ticket.save({ ...ticket, points: index + 1 })),
  );
  const won = answers.filter(({ ok }) => ok);
  assert.equal(won.length, 1);
  for (const answer of answers) if (!answer.ok) assert.equal(answer.code, "CLO1216");
  const there = await read(ticket.id);
  assert.deepEqual([there.revision, there.points], [2, won[0].data.points]);
});

test("versions: who reads again and tries again loses nothing", async () => {
  const { id } = await saved({ points: 0 });
  const add = async () => {
    for (;;) {
      const ticket = await read(id);
      ticket.points++;
      const result = await Ticket.save(ticket);
      if (result.ok) return;
      assert.equal(result.code, "CLO1216");
    }
  };
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let round = 0; round < 5; round++) await add();
    }),
  );
  const there = await read(id);
  assert.deepEqual([there.points, there.revision], [30, 31]);
});

test("versions: new rows of one key at the same time are one row", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => send("Ticket", { id: 5000, project: 1, title: title() })),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array(11).fill(428)]);
  assert.equal((await read(5000)).revision, 1);
});

test("versions: linking a row changes neither it nor its revision, and it is checked where it is changed", async () => {
  const label = { name: "bug", color: "red" };
  const save = async (object) => {
    const answer = await fetch(`${server.url}/api/Ticket/save?__datasource=labelled`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: object }),
    });
    const text = await answer.text();
    return { status: answer.status, text, labels: answer.ok ? JSON.parse(text).labels : null };
  };
  const own = await saved({});
  const { id, revision } = own;
  assert.deepEqual((await save({ id, revision, labels: [label] })).labels, [
    { ...label, revision: 1, tickets: [] },
  ]);
  const changed = { id, revision: 2, labels: [{ ...label, color: "blue", revision: 1 }] };
  assert.equal((await save({ ...changed, labels: [{ ...label, color: "blue" }] })).status, 428);
  assert.equal((await save(changed)).labels[0].revision, 2);
  // Once others have the label too, it is no longer this ticket's to change.
  const linked = await save({
    project: 1,
    title: title(),
    labels: [{ name: "bug" }, { name: "new" }],
  });
  assert.equal(linked.status, 200, linked.text);
  assert.deepEqual(
    linked.labels.map(({ name, revision: at }) => [name, at]),
    [
      ["bug", 2],
      ["new", 1],
    ],
  );
  const stolen = { id, revision: 3, labels: [{ ...label, color: "black", revision: 2 }] };
  assert.equal((await save(stolen)).status, 403);
  assert.equal((await save({ ...stolen, labels: [{ ...label, revision: 9 }] })).status, 403);
});

test("versions: the Worker's own save needs no revision, and is checked where it brings one", async () => {
  const ticket = await saved({ points: 0 });
  const awarded = (await Ticket.award(ticket.id, 5)).data;
  assert.deepEqual([awarded.revision, awarded.points], [2, 5]);
  const stale = await Ticket.replace(ticket);
  assert.deepEqual([stale.status, stale.code], [409, "CLO1216"]);
  assert.deepEqual((await read(ticket.id)).points, 5);
  const replaced = await Ticket.replace({ ...awarded, points: 6 });
  assert.deepEqual([replaced.data.revision, replaced.data.points], [3, 6]);
});

test("versions: a save that is sent again under its key is no conflict with itself", async () => {
  const ticket = await saved({ points: 0 });
  ticket.points = 1;
  const key = { idempotencyKey: crypto.randomUUID() };
  const first = await Ticket.save(ticket, "default", key);
  assert.equal(first.data.revision, 2);
  assert.deepEqual((await Ticket.save(ticket, "default", key)).data, first.data);
  assert.equal((await Ticket.save(ticket, "default")).code, "CLO1216");
});

test("unique keys over several columns: a second row is 409, and both columns are named", async () => {
  const ticket = await saved({ project: 3 });
  const again = await Ticket.save({ project: 3, title: ticket.title });
  assert.deepEqual([again.status, again.code], [409, "CLO1302"]);
  assert.match(again.message, /Ticket\.project, Ticket\.title/);
  assert.equal((await Ticket.save({ project: 4, title: ticket.title })).ok, true);
  const other = await saved({ project: 3 });
  const moved = await Ticket.save({ ...other, title: ticket.title });
  assert.deepEqual([moved.status, moved.code], [409, "CLO1302"]);
  assert.deepEqual(await read(other.id), other);
});
