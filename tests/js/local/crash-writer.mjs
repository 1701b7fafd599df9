// Writes to stores until it is killed, and says on standard output what it begins and what was acknowledged.
import { writeSync } from "node:fs";
import { createLocal } from "../../../dist/local/index.js";
import { contentFor, stores } from "./crash-content.mjs";

const [root, first] = process.argv.slice(2);
const local = await createLocal({ root, ...stores });
const { KV, FILES, PARTS, DB } = local.env;
const say = (line) => writeSync(1, `${line}\n`);
await DB.exec("create table if not exists t(key text primary key, value blob)");
say("ready");

const streamOf = (bytes) => new Blob([bytes]).stream();
/** How each of the four writes and removes. */
const writers = {
  kv: [(key, bytes) => KV.put(key, streamOf(bytes)), (key) => KV.delete(key)],
  r2: [(key, bytes) => FILES.put(key, streamOf(bytes)), (key) => FILES.delete(key)],
  parts: [
    async (key, bytes) => {
      const upload = await PARTS.createMultipartUpload(key);
      await upload.uploadPart(1, "is replaced");
      await upload.uploadPart(2, "is never named");
      await upload.complete([await upload.uploadPart(1, streamOf(bytes))]);
    },
    (key) => PARTS.delete(key),
  ],
  d1: [
    (key, bytes) =>
      DB.batch([
        DB.prepare("delete from t where key = ?").bind(key),
        DB.prepare("insert into t values (?, ?)").bind(key, bytes),
      ]),
    (key) => DB.prepare("delete from t where key = ?").bind(key).run(),
  ],
};

await Promise.all(
  Object.entries(writers).map(async ([writer, [put, remove]]) => {
    for (let count = Number(first); ; count += 1) {
      const key = `${writer}/${count % 5}`;
      const content = count % 7 === 6 ? "-" : count;
      say(`begin ${key} ${content}`);
      if (content === "-") await remove(key);
      else await put(key, contentFor(key, count));
      say(`done ${key} ${content}`);
      // D1 does all its work in the call: the others are to have their turns.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }),
);
