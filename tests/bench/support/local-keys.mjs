// A KV namespace on disk with very many keys: the rows are written to its database, since lists look at nothing else.

import { readdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLocal } from "../../../dist/local/index.js";

/** Makes the namespace KV below `root`, with keys "key 0" to "key <count - 1>". */
export async function fillKeys(root, count) {
  const local = await createLocal({ root, kv: ["KV"] });
  await local.env.KV.put("first", "");
  local.close();
  const [folder] = readdirSync(path.join(root, "kv"));
  const database = new DatabaseSync(path.join(root, "kv", folder, "store.sqlite"));
  database.exec(`insert into entry(key, blob_id, size)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})
    select cast('key ' || i as blob), 'none ' || i, 0 from n;
    pragma wal_checkpoint(truncate)`);
  database.close();
}
