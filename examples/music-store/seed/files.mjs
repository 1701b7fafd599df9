// Puts covers and previews into the local bucket: node files.mjs <folder of the local state> [album ids]. Albums and tracks
// that have a file already keep it, so this may run again. Without ids every album gets its files.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { getPlatformProxy } from "wrangler";
import { drawCover } from "./picture.mjs";
import { playTune } from "./tune.mjs";

/** Albums with a picture; the others show the cover that the page draws from their title. */
const pictured = [1, 2, 3, 7, 10, 12, 13, 15, 18, 20, 22, 25, 27, 30];

const [state, ...wanted] = process.argv.slice(2);
const proxy = await getPlatformProxy({
  configPath: fileURLToPath(new URL("../../../wrangler.toml", import.meta.url)),
  persist: { path: path.join(state, "v3") },
});
try {
  const among = JSON.stringify(wanted.length > 0 ? wanted.map(Number) : await everyAlbum());
  const covers = await addCovers(among);
  const previews = await addPreviews(among);
  console.log(`${covers} covers, ${previews} previews`);
} finally {
  await proxy.dispose();
}

async function everyAlbum() {
  const { results } = await proxy.env.db.prepare(`SELECT "id" FROM "Album"`).all();
  return results.map(({ id }) => id);
}

async function addCovers(albums) {
  const { db, files } = proxy.env;
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
    `UPDATE "Album" SET "coverKey" = ?1 WHERE "id" = ?2 AND "coverKey" IS NULL`,
    results,
    key,
  );
  return results.length;
}

async function addPreviews(albums) {
  const { db, files } = proxy.env;
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
async function keep(sql, rows, key) {
  if (rows.length === 0) return;
  const { db } = proxy.env;
  const statement = db.prepare(sql);
  await db.batch(rows.map(({ id }) => statement.bind(key(id), id)));
}
