// Two people migrate from one state: what wrangler does with both files, and with the one that a rebase makes.

import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, runCloesce } from "../../support/project.mjs";
import { runWrangler } from "../../support/wrangler-dev.mjs";

const first = path.join(path.dirname(fileURLToPath(import.meta.url)), "versions/first");
const local = ["--local", "--persist-to", "state"];
let folder;
let source;
let aside;

before(async () => {
  folder = await prepareProject(first, "e2e-branches", { byWrangler: true });
  source = await readFile(path.join(folder, "src/shelf.cloesce.ts"), "utf8");
  aside = await mkdtemp(path.join(tmpdir(), "cloesce-branch-"));
  await query(
    `INSERT INTO Artist VALUES (1, 'A', NULL); INSERT INTO Album VALUES (1, 'B', 1);
     INSERT INTO Track VALUES (1, 'C', '60', 1, NULL), (2, 'D', '61', 1, 1);
     INSERT INTO Playlist VALUES (1, 'E'); INSERT INTO "PlaylistTrack" ("Playlist_id", "Track_id") VALUES (1, 1), (1, 2)`,
  );
});

after(() => rm(aside, { recursive: true, force: true }));

async function query(sql) {
  const output = await runWrangler(["d1", "execute", "db", ...local, "--json", "--command", sql], { cwd: folder });
  return JSON.parse(output.slice(output.indexOf("["))).map((entry) => entry.results);
}

const apply = () => runWrangler(["d1", "migrations", "apply", "db", ...local], { cwd: folder });
const writeSource = (text) => writeFile(path.join(folder, "src/shelf.cloesce.ts"), text);

/** Runs a command that must go well; answers what it printed. */
async function cloesce(...args) {
  const { code, stdout, stderr } = await runCloesce(args, { cwd: folder });
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

/** Moves the migrations called `name` out of the project, or back into it. */
async function move(name, from, to) {
  for (const file of await readdir(from)) if (file.includes(`_${name}.`)) await rename(path.join(from, file), path.join(to, file));
}

test("two branches: the rebuild of one stops over what the other made, and a rebase loses nothing", async () => {
  const migrations = path.join(folder, "migrations");
  const withMood = (text) => text.replace("  seconds: string;", "  seconds: string;\n  mood: string | null;");
  const withIntegers = (text) => text.replace("seconds: string", "seconds: Integer");

  await writeSource(withMood(source));
  await cloesce("migrate", "AddMood");
  await move("AddMood", migrations, aside);
  await writeSource(withIntegers(source));
  await cloesce("migrate", "CountSeconds");
  await move("CountSeconds", migrations, aside);

  // One is merged and applied, and used.
  await move("AddMood", aside, migrations);
  await apply();
  await query("UPDATE Track SET mood = 'blue' WHERE id = 1");
  const rows = [
    'SELECT id, name, seconds, albumId, remixOfId, mood FROM Track ORDER BY id; SELECT "Playlist_id", "Track_id" FROM "PlaylistTrack" ORDER BY 2',
  ];
  const before = await query(rows[0]);
  assert.deepEqual(before[0][0], { id: 1, name: "C", seconds: "60", albumId: 1, remixOfId: null, mood: "blue" });

  // The other comes with a merge that nobody looked at.
  await move("CountSeconds", aside, migrations);
  await writeSource(withIntegers(withMood(source)));
  for (const args of [["compile"], ["migrate", "Next"]]) {
    const { code, stderr } = await runCloesce(args, { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /CLO3007.*_AddMood\.json and \d+_CountSeconds\.json both start from \d+_Initial\.json/);
  }
  await assert.rejects(apply, /CHECK constraint failed: Track and what references it are as the last snapshot says/);
  assert.deepEqual(await query(rows[0]), before);

  assert.match(await cloesce("migrate", "--rebase"), /removed .*_CountSeconds\.sql\nwrote .*_CountSeconds\.sql/);
  await cloesce("compile");
  await apply();
  const [tracks, links] = await query(rows[0]);
  assert.deepEqual(
    tracks,
    before[0].map((track) => ({ ...track, seconds: Number(track.seconds) })),
  );
  assert.deepEqual(links, before[1]);
  assert.match(await cloesce("migrate", "Nothing"), /nothing to migrate/);
});

test("two branches: a child that another made by hand stops the rebuild of its parent", async () => {
  await query('CREATE TABLE "Lyric" ("id" INTEGER PRIMARY KEY, "trackId" INTEGER REFERENCES "Track" ("id") ON DELETE CASCADE); INSERT INTO "Lyric" VALUES (1, 1)');
  await writeSource((await readFile(path.join(folder, "src/shelf.cloesce.ts"), "utf8")).replace("seconds: Integer", "seconds: Integer | null"));
  await cloesce("migrate", "Loosen");
  await assert.rejects(apply, /CHECK constraint failed: Track and what references it/);
  assert.deepEqual(await query('SELECT * FROM "Lyric"'), [[{ id: 1, trackId: 1 }]]);
  await query('DROP TABLE "Lyric"');
  await apply();
  assert.deepEqual(await query('SELECT count(*) AS links FROM "PlaylistTrack"'), [[{ links: 2 }]]);
});
