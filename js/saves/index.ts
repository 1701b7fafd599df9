// Saves that are sent again under the same `Idempotency-Key` write once. The key goes into a table of the same database (see
// migrate/from_interface.cpp) in the batch that writes the rows, and with it what the save answers.

import {
  keyReused,
  keyReusedStatus,
  limitExceeded,
  limitExceededStatus,
  savedUnread,
  savedUnreadStatus,
} from "../abi/codes.js";
import {
  asError,
  type Batch,
  type D1DatabaseLike,
  HttpResult,
  rootOf,
  runBatch,
  type SavesPart,
} from "../worker/index.js";

/** Seconds for which a key is known. */
const lifetime = 24 * 60 * 60;

/** Characters of an answer that is kept to be given again. */
const longestAnswer = 100_000;

/** What an app with the option `idempotencyKeys` runs the batches of keyed saves with. */
export const saves: SavesPart = (model, key, said) => async (database, batch) => {
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw HttpResult.fail(
      limitExceededStatus,
      `${limitExceeded}: Idempotency-Key: expected 1 to 255 visible ASCII characters`,
    );
  const name = `${model}/${key}`;
  const hash = await hashOf(said);
  const { sql, parameters } = batch;
  const prepare = (text: string, ...values: unknown[]) => database.prepare(text).bind(...values);
  try {
    return await runBatch(
      database,
      batch,
      [
        prepare(
          `delete from "_cloesce_saves" where "created" < cast(strftime('%s') as integer) - ${lifetime}`,
        ),
        prepare(
          `insert into "_cloesce_saves" values (?1, ?2, null, cast(strftime('%s') as integer))`,
          name,
          hash,
        ),
      ],
      [
        prepare(
          `update "_cloesce_saves" set "answer" = (select case when length("j") <= ${longestAnswer} then "j" end from (${sql})) where "key" = ?${parameters.length + 1}`,
          ...parameters,
          name,
        ),
      ],
    );
  } catch (error) {
    if (!asError(error).message.includes("UNIQUE constraint failed: _cloesce_saves.key"))
      throw error;
    return await answerBefore(database, batch, name, hash);
  }
};

/** What the save under `name` answered the first time. */
async function answerBefore(
  database: D1DatabaseLike,
  batch: Batch,
  name: string,
  hash: string,
): Promise<string> {
  const rows = await database
    .prepare(`select "body", "answer" from "_cloesce_saves" where "key" = ?1`)
    .bind(name)
    .raw();
  const [body, answer] = rows[0] ?? [];
  if (body !== hash)
    throw HttpResult.fail(
      keyReusedStatus,
      `${keyReused}: Idempotency-Key: the key was given with another body or data source before`,
    );
  if (typeof answer !== "string")
    throw HttpResult.fail(
      savedUnreadStatus,
      `${savedUnread}: Idempotency-Key: it was saved before, with an answer that is too long to be kept`,
    );
  batch.root = answer;
  return rootOf(batch);
}

/** SHA-256 of what a save says, in hexadecimal. */
async function hashOf(said: Parameters<SavesPart>[2]): Promise<string> {
  const bytes = await new Blob([...said]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
