// The compiled Worker over a database whose batches take two seconds; `/memory` says what its cores take, and `/hand/`
// saves the same rows without Cloesce.
import { memories } from "./memory";
import worker from "../.generated/workers";

interface Env {
  db: D1Database;
}

const late = (db: D1Database): D1Database =>
  ({
    prepare: (sql: string) => db.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return db.batch(statements);
    },
  }) as unknown as D1Database;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/memory")
      return Response.json(memories.map((memory) => memory.buffer.byteLength));
    if (pathname === "/hand/save") {
      const { model } = await request.json<{ model: { text: string } }>();
      const insert = `insert into "Note" ("text") values (?1)`;
      const select = `select * from "Note" where "id" = last_insert_rowid()`;
      const [, read] = await late(env.db).batch([
        env.db.prepare(insert).bind(model.text),
        env.db.prepare(select),
      ]);
      return Response.json(read?.results[0]);
    }
    return worker.fetch(request, { ...env, db: late(env.db) }, context);
  },
};
