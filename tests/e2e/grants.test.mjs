// What a caller may write through a ready-made save: attacks over HTTP, each with a look at the database itself.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, runCloesce, runSql, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/grants");
const rows = `
INSERT INTO "Genre" VALUES (1, 'Jazz'), (2, 'Folk');
INSERT INTO "Sleeve" VALUES (1, 'red'), (2, 'blue');
INSERT INTO "Person" VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO "Customer" VALUES (1, 'Cy');
INSERT INTO "Album" ("id", "title", "genreId", "sleeveId") VALUES (1, 'One', 1, 1), (2, 'Two', 1, 2);
INSERT INTO "Notes" VALUES (1, 'a story');
INSERT INTO "Line" VALUES (1, 'mine', 1), (2, 'theirs', 2);
INSERT INTO "Review" VALUES (1, 5, 1, 1);
INSERT INTO "Tag" VALUES ('mine', 'red'), ('shared', 'blue'), ('theirs', 'green');
INSERT INTO "AlbumTags" ("Album_id", "Tag_name") VALUES (1, 'mine'), (1, 'shared'), (2, 'shared'), (2, 'theirs');
INSERT INTO "Shelf" VALUES (1, 'top');
INSERT INTO "Ticket" VALUES (1, 'A1', 1, 1);
`;
const tables =
  "Album Genre Sleeve Notes Line Review Person Tag AlbumTags Shelf AlbumShelves Ticket Customer".split(
    " ",
  );

let server;

async function start(name, change) {
  const folder = await prepareProject(source, name);
  if (change !== undefined) await change(folder);
  await writeFile(path.join(folder, "rows.sql"), rows);
  await runSql(folder, "rows.sql");
  return serveProject(folder);
}

before(async () => {
  server = await start("e2e-grants");
});
after(() => server?.stop());

async function witness(from = server) {
  const { Witness } = from.client;
  const all = await Promise.all(
    tables.map(async (table) => [table, (await Witness.rows(table)).data]),
  );
  return Object.fromEntries(all);
}

function send(model, object, { source: name = "page", headers = {} } = {}, to = server) {
  const choice = name === null ? "" : `?__datasource=${name}`;
  return fetch(`${to.url}/api/${model}/save${choice}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: object }),
  });
}

/** A save that must be refused at `places`, with nothing written. */
async function refused(model, object, places, options) {
  const before = await witness();
  const answer = await send(model, object, options);
  const text = await answer.text();
  assert.equal(answer.status, 403, text);
  const told = text.split("\n").map((line) => /^CLO1211: ([^:]+): /.exec(line)?.[1]);
  assert.deepEqual(told, places, text);
  assert.deepEqual(await witness(), before);
}

test("a genre is not renamed by way of an album", async () => {
  await refused("Album", { id: 1, genre: { id: 1, name: "Noise" } }, ["model.genre.name"]);
  await refused("Album", { id: 1, genre: { name: "New" } }, ["model.genre.name", "model.genre"]);
  await refused("Album", { title: "New", genre: {} }, ["model.genre"], { source: "none" });
});

test("a review has neither ninety-nine stars nor a forged author", async () => {
  await refused("Album", { id: 1, reviews: [{ stars: 99, authorId: 2 }] }, ["model.reviews[0]"]);
  await refused("Album", { id: 1, reviews: [{ id: 1, stars: 1 }, { id: 1 }] }, [
    "model.reviews[0]",
    "model.reviews[1]",
  ]);
  await refused("Album", { id: 2, reviews: [{ id: 1 }] }, ["model.reviews[0]"]);
  await refused("Album", { id: 1, notes: { text: "gossip" } }, ["model.notes"]);
});

test("a line stays with its album", async () => {
  await refused("Album", { id: 1, lines: [{ id: 2 }] }, ["model.lines[0]"]);
  await refused("Album", { id: 1, lines: [{ id: 1 }, { id: 2, text: "stolen" }] }, [
    "model.lines[1]",
  ]);
  await refused("Album", { id: 1, lines: [{ id: 1, albumId: 2 }] }, ["model.lines[0].albumId"]);
  await refused("Album", { title: "New", lines: [{ id: 1, text: "x" }] }, ["model.lines[0]"]);
  await refused("Album", { id: 1, lines: [{ text: "x", albumId: 2 }] }, ["model.lines[0].albumId"]);
});

test("what others refer to as well is not changed", async () => {
  await refused("Album", { id: 1, tags: [{ name: "shared", color: "x" }] }, ["model.tags[0]"]);
  await refused("Album", { id: 1, tags: [{ name: "theirs", color: "x" }] }, ["model.tags[0]"]);
  await refused("Album", { id: 1, sleeve: { id: 2, color: "x" } }, ["model.sleeve"]);
  await refused("Album", { id: 1, shelves: [{ id: 1 }] }, ["model.shelves[0]"]);
});

test("the guards of nested models look at their rows before anything is written", async () => {
  const before = await witness();
  for (const [model, object, headers] of [
    ["Ticket", { id: 1, seat: "B2", customer: { id: 1, name: "Eve" } }, {}],
    ["Ticket", { seat: "B2", customer: { name: "New" } }, {}],
    ["Album", { id: 1, tickets: [{ seat: "C3" }, { seat: "C4", customer: { name: "x" } }] }, {}],
    ["Album", { id: 1, title: "x", tickets: [{ seat: "C3" }] }, { "x-closed": "yes" }],
  ]) {
    const answer = await send(model, object, { source: null, headers });
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /^(customers are )?closed$/);
    assert.deepEqual(await witness(), before);
  }
  // A customer who is only named is not saved.
  assert.equal(
    (await send("Ticket", { id: 1, customer: { id: 1 } }, { source: null })).status,
    200,
  );
});

test("what is granted is written, whatever the data source", async () => {
  const { Album } = server.client;
  const made = await Album.save(
    {
      title: "Three",
      genre: { id: 2 },
      sleeve: { color: "black" },
      lines: [{ text: "first" }],
      tags: [{ name: "new", color: "white" }, { name: "theirs" }],
      tickets: [{ seat: "D4" }],
    },
    "none",
  );
  assert.equal(made.ok, true, made.message);
  const { data } = await Album.get(made.data.id, "page");
  assert.deepEqual(
    [data.genre.name, data.sleeve.color, data.lines[0].text, data.tags.map(({ name }) => name)],
    ["Folk", "black", "first", ["new", "theirs"]],
  );
  const line = { id: data.lines[0].id, text: "changed" };
  const changed = await Album.save(
    { id: data.id, lines: [line], sleeve: { id: data.sleeve.id, color: "grey" } },
    "page",
  );
  assert.equal(changed.ok, true, changed.message);
  assert.deepEqual([changed.data.lines[0].text, changed.data.sleeve.color], ["changed", "grey"]);
});

test("the client reads a tree, changes its root and saves it", async () => {
  const { Album } = server.client;
  const { data: album } = await Album.get(1, "page");
  const before = await witness();
  album.title = "Renamed";
  const saved = await Album.save(album, "page");
  assert.equal(saved.ok, true, saved.message);
  assert.deepEqual(saved.data, album);
  before.Album[0].title = "Renamed";
  assert.deepEqual(await witness(), before);
});

test("the old rule is one setting away, with a warning", async () => {
  let warned = "";
  const old = await start("e2e-grants-old", async (folder) => {
    const config = path.join(folder, "cloesce.config.json");
    const settings = JSON.parse(await readFile(config, "utf8"));
    await writeFile(config, JSON.stringify({ ...settings, nestedWrites: "dataSource" }));
    const { stdout, stderr } = await runCloesce(["compile"], { cwd: folder });
    warned = stdout + stderr;
  });
  try {
    assert.equal(warned.match(/CLO2513/g)?.length, 1, warned);
    assert.doesNotMatch(warned, /CLO2510/);
    const answer = await send("Album", { id: 1, genre: { id: 1, name: "Noise" } }, {}, old);
    assert.equal(answer.status, 200, await answer.text());
    assert.equal((await witness(old)).Genre[0].name, "Noise");
  } finally {
    await old.stop();
  }
});
