// The first covers and previews of the store. Albums and tracks that have a file already keep it.
import { drawCover } from "./picture.mjs";
import { playTune } from "./tune.mjs";

/** Albums with a picture; the others show the cover that the page draws from their title. */
const pictured = [1, 2, 3, 7, 10, 12, 13, 15, 18, 20, 22, 25, 27, 30];

/** Puts the files of `albums`, or of every album, into a Worker's bindings; says how many there were. */
export async function addFirstFiles({ db, files }, albums = []) {
  const among = JSON.stringify(albums.length > 0 ? albums : await everyAlbum(db));
  const covers = await addCovers(db, files, among);
  const previews = await addPreviews(db, files, among);
  return `${covers} covers, ${previews} previews`;
}

async function everyAlbum(db) {
  const { results } = await db.prepare(`SELECT "id" FROM "Album"`).all();
  return results.map(({ id }) => id);
}

async function addCovers(db, files, albums) {
  const { results } = await db
    .prepare(
      `SELECT "id" FROM "Album" WHERE "coverKey" IS NULL
       AND "id" IN (SELECT value FROM json_each(?1)) AND "id" IN (SELECT value FROM json_each(?2))`,
    )
    .bind(albums, JSON.stringify(pictured))
    .all();
  const key = (id) => `covers/${id}/first`;
  await some(results, ({ id }) =>
    files.put(key(id), drawCover(id), { httpMetadata: { contentType: "image/png" } }),
  );
  await keep(
    db,
    `UPDATE "Album" SET "coverKey" = ?1 WHERE "id" = ?2 AND "coverKey" IS NULL`,
    results,
    key,
  );
  return results.length;
}

async function addPreviews(db, files, albums) {
  const { results } = await db
    .prepare(
      `SELECT "id", "albumId" FROM "Track" WHERE "previewKey" IS NULL
       AND "albumId" IN (SELECT value FROM json_each(?1))`,
    )
    .bind(albums)
    .all();
  const key = (id) => `previews/${id}/first`;
  await some(results, ({ id, albumId }) =>
    files.put(key(id), playTune(albumId, id), { httpMetadata: { contentType: "audio/wav" } }),
  );
  await keep(
    db,
    `UPDATE "Track" SET "previewKey" = ?1 WHERE "id" = ?2 AND "previewKey" IS NULL`,
    results,
    key,
  );
  return results.length;
}

/** Runs `work` on all items, a few at a time. */
async function some(items, work) {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

/** Writes the key of every row, once all objects are there. */
async function keep(db, sql, rows, key) {
  if (rows.length === 0) return;
  const statement = db.prepare(sql);
  await db.batch(rows.map(({ id }) => statement.bind(key(id), id)));
}
