// Migrations of a database full of rows, through the CLI and wrangler: every row is there afterwards.

import assert from "node:assert/strict";
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, runCloesce } from "../../support/project.mjs";
import { runWrangler } from "../../support/wrangler-dev.mjs";

const versions = path.join(path.dirname(fileURLToPath(import.meta.url)), "versions");
const local = ["--local", "--persist-to", "state"];
const counts = { Artist: 50, Album: 120, Track: 900, Playlist: 12, PlaylistTrack: 1500, Review: 300, Draft: 5 };
let folder;

before(async () => {
  folder = await prepareProject(path.join(versions, "first"), "e2e-migrations", {
    byWrangler: true,
  });
  await writeFile(path.join(folder, "rows.sql"), rows());
  await runWrangler(["d1", "execute", "db", ...local, "--file", "rows.sql", "--yes"], { cwd: folder });
});

/** `count` rows of `table` by a recursive counter `n`; one statement each, so that the file stays small. */
function fill(table, columns, values) {
  return `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${counts[table]})
    INSERT INTO "${table}" (${columns}) SELECT ${values} FROM c;\n`;
}

function rows() {
  return [
    fill("Artist", "id, name, born", "n, 'Artist ' || n, CASE WHEN n % 7 = 0 THEN NULL ELSE '' || (1900 + n) END"),
    fill("Album", "id, title, artistId", "n, 'It''s album; ' || n, 1 + n % 50"),
    fill("Track", "id, name, seconds, albumId, remixOfId", "n, 'Track ' || n, '' || (100 + n), 1 + n % 120, CASE WHEN n % 3 = 0 AND n > 1 THEN n - 1 END"),
    fill("Playlist", "id, name", "n, 'Playlist ' || n"),
    fill("PlaylistTrack", '"Playlist_id", "Track_id"', "1 + n % 12, 1 + (n / 12) * 7 % 900"),
    fill("Review", "id, words, stars, albumId", "n, 'words ' || n, n % 5, CASE WHEN n % 4 = 0 THEN NULL ELSE 1 + n % 120 END"),
    fill("Draft", "id, words", "n, 'draft'"),
  ].join("");
}

/** The rows that each of the statements in `sql` answers. */
async function query(sql) {
  const output = await runWrangler(["d1", "execute", "db", ...local, "--json", "--command", sql], { cwd: folder });
  return JSON.parse(output.slice(output.indexOf("["))).map((entry) => entry.results);
}

async function migrate(version, name) {
  await cp(path.join(versions, version), folder, { recursive: true });
  return runCloesce(["migrate", name], { cwd: folder });
}

const apply = () => runWrangler(["d1", "migrations", "apply", "db", ...local], { cwd: folder });

const everything = [
  "SELECT id, name FROM Artist ORDER BY id",
  "SELECT id, title, artistId FROM Album ORDER BY id",
  "SELECT id, name, seconds + 0 AS seconds, albumId, remixOfId FROM Track ORDER BY id",
  "SELECT id, name FROM Playlist ORDER BY id",
  'SELECT * FROM "PlaylistTrack" ORDER BY 1, 2',
  "SELECT id, words, albumId FROM Review ORDER BY id",
].join("; ");

test("migrate: rebuilt parents keep their children, links and self references", async () => {
  const rowsBefore = await query(everything);
  assert.deepEqual(
    rowsBefore.map((table) => table.length),
    [counts.Artist, counts.Album, counts.Track, counts.Playlist, counts.PlaylistTrack, counts.Review],
  );

  const { code, stdout, stderr } = await migrate("second", "Second");
  const printed = stdout + stderr;
  assert.equal(code, 0, printed);
  assert.match(printed, /CLO3101.*table Draft is dropped and all its rows are lost/);
  assert.match(printed, /CLO3102.*column Review\.stars is dropped/);
  assert.match(printed, /CLO3103.*existing rows of Review get 0 for the new required column helpful/);
  assert.match(printed, /RENAME COLUMN "stars" TO "helpful"/);
  assert.match(printed, /CLO3104.*Track\.seconds/);
  assert.match(printed, /CLO3105.*Artist\.born/);
  assert.match(printed, /CLO3103.*existing rows of Playlist get 1 for the new required column revision/);
  assert.match(printed, /CLO3107.*Track \(albumId, name\) must be unique together now/);

  await apply();
  assert.deepEqual(await query(everything), rowsBefore);
  const [broken, born, reviews, types, revisions, indexes] = await query(
    [
      "PRAGMA foreign_key_check",
      "SELECT id, born, typeof(born) AS type FROM Artist ORDER BY id",
      "SELECT DISTINCT helpful, labelId FROM Review",
      "SELECT DISTINCT typeof(seconds) AS type FROM Track",
      "SELECT DISTINCT revision FROM Playlist",
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'Track' ORDER BY name",
    ].join("; "),
  );
  assert.deepEqual(broken, []);
  assert.ok(born.every((row) => row.type === "integer" && row.born === (row.id % 7 === 0 ? 0 : 1900 + row.id)));
  assert.deepEqual(reviews, [{ helpful: 0, labelId: null }]);
  assert.deepEqual(types, [{ type: "integer" }]);
  assert.deepEqual(revisions, [{ revision: 1 }]);
  // The key over both columns serves the reference to the album too.
  assert.deepEqual(
    indexes.map((row) => row.name),
    ["Track.albumId.name.unique", "Track.remixOfId.index", "Track.seconds.name.index"],
  );

  const [tables] = await query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
  const names = tables.map((row) => row.name).filter((name) => name !== "d1_migrations" && !name.startsWith("_cf_"));
  assert.deepEqual(names, ["Album", "Artist", "Label", "Playlist", "PlaylistTrack", "Review", "Track"]);
});

test("migrate: nothing changed, nothing written", async () => {
  const folderBefore = await readdir(path.join(folder, "migrations"));
  const { code, stdout } = await migrate("second", "Again");
  assert.equal(code, 0);
  assert.match(stdout, /nothing to migrate/);
  assert.deepEqual(await readdir(path.join(folder, "migrations")), folderBefore);
});

test("migrate: what cannot be decided stops wrangler and changes nothing", async () => {
  const rowsBefore = await query(everything);
  const { code, stdout, stderr } = await migrate("third", "Third");
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout + stderr, /CLO3106.*Album\.labelId/);
  await assert.rejects(apply, /NOT NULL constraint failed: Album\.labelId/);
  assert.deepEqual(await query(everything), rowsBefore);

  // As the warning says: a value in the INSERT statement makes the migration possible.
  const file = (await readdir(path.join(folder, "migrations"))).find((name) => name.endsWith("_Third.sql"));
  const sql = await readFile(path.join(folder, "migrations", file), "utf8");
  const edited = sql.replace(/(INSERT INTO "Album" .*\nSELECT .*)NULL\nFROM/, '$11\nFROM');
  assert.notEqual(edited, sql);
  await writeFile(path.join(folder, "migrations", file), edited);
  await query("INSERT INTO Label (id, name) VALUES (1, 'House')");
  await apply();
  assert.deepEqual(await query(everything), rowsBefore);
  assert.deepEqual(await query("SELECT DISTINCT labelId FROM Album; PRAGMA foreign_key_check"), [[{ labelId: 1 }], []]);
});
