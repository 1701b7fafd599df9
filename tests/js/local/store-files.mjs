// What lies in a root of local storage, from outside: the files of values, and those that rows name.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const ofObjects =
  "select blob_id from object where blob_id is not null union all select blob_id from part";
const kinds = {
  kv: "select blob_id from entry",
  cache: "select blob_id from entry",
  r2: ofObjects,
};

/** Files of values, names of files in rows, both sorted, and how many rows of trash there are: of all stores of `root`. */
export function filesOf(root) {
  const found = { there: [], named: [], trash: 0 };
  for (const [kind, sql] of Object.entries(kinds)) {
    if (!existsSync(path.join(root, kind))) continue;
    for (const name of readdirSync(path.join(root, kind))) {
      const store = path.join(root, kind, name);
      const database = new DatabaseSync(path.join(store, "store.sqlite"));
      const rows = (text) => database.prepare(text).all();
      const at = (id) => `${kind}/${name}/${id}`;
      found.there.push(...readdirSync(path.join(store, "blobs")).map(at));
      found.named.push(...rows(sql).map((row) => at(row.blob_id)));
      found.trash += rows("select 1 from trash").length;
      database.close();
    }
  }
  return { there: found.there.sort(), named: found.named.sort(), trash: found.trash };
}
