// A database that fails at one statement of a batch, each in its turn, under `wrangler dev`: nothing of the save stays behind.

import assert from "node:assert/strict";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { underServe } from "../support/cloesce-serve.mjs";
import { prepareProject, runSql, serveProject } from "../support/project.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rows = `
INSERT INTO "Customer" VALUES (1, 'Ann');
INSERT INTO "Ticket" ("id", "subject", "customerId") VALUES (10, 'a printer', 1);
INSERT INTO "Comment" ("id", "words", "ticketId") VALUES (100, 'mine', 10);
INSERT INTO "Label" ("id", "name", "owner") VALUES (1, 'all', NULL), (2, 'of ann', 1);
`;

/** The compiled Worker over a database that is told where to fail: in front of the statement of that number. */
const entry = `
import worker from "../.generated/workers";
const failing = (db: D1Database, at: number): D1Database => ({
  prepare: (sql: string) => db.prepare(sql),
  batch: (statements: D1PreparedStatement[]) => {
    const all = [...statements];
    if (at <= all.length) all.splice(at, 0, db.prepare("select json_extract('{}', 'injected')"));
    return db.batch(all);
  },
}) as unknown as D1Database;
export default {
  fetch(request: Request, env: { db: D1Database }, context: ExecutionContext): Promise<Response> {
    const at = request.headers.get("x-fail-at");
    return worker.fetch(request, at === null ? env : { ...env, db: failing(env.db, Number(at)) }, context);
  },
};
`;

let server;

before(async () => {
  if (underServe) return;
  const folder = path.join(root, "build/e2e-failing-source");
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, "src"), { recursive: true });
  const like = path.join(root, "tests/e2e/projects/scopes");
  for (const file of ["cloesce.config.json", "tsconfig.json", "src/desk.cloesce.ts"])
    await cp(path.join(like, file), path.join(folder, file));
  await writeFile(path.join(folder, "src/entry.ts"), entry);
  await writeFile(
    path.join(folder, "wrangler.toml"),
    'name = "failing"\nmain = "src/entry.ts"\ncompatibility_date = "2026-11-01"\n',
  );
  const copy = await prepareProject(folder, "e2e-failing");
  await writeFile(path.join(copy, "rows.sql"), rows);
  await runSql(copy, "rows.sql");
  server = await serveProject(copy);
});
after(() => server?.stop());

async function ask(way, headers = {}, body = undefined) {
  const response = await fetch(`${server.url}/api/${way}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-caller": "1", "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

async function everything() {
  const lists = ["Customer", "Ticket", "Comment", "Label"].map((model) => ask(`${model}/list`));
  return (await Promise.all(lists)).map(({ text }) => text);
}

const saves = {
  "new rows with links": {
    subject: "new",
    customerId: 1,
    comments: [{ words: "first" }, { words: "second" }],
    labels: [{ id: 1 }, { id: 2 }],
  },
  "changes beside new rows": {
    id: 10,
    subject: "changed",
    comments: [{ id: 100, words: "changed" }, { words: "new" }],
    labels: [{ id: 2 }],
  },
};

for (const [name, model] of Object.entries(saves))
  test(
    `failing: ${name} leave nothing behind, whichever statement it is`,
    { skip: underServe },
    async () => {
      const state = await everything();
      let at = 0;
      for (; ; at++) {
        assert.ok(at < 60, "there is no end of statements");
        const { status, text } = await ask("Ticket/save", { "x-fail-at": at }, { model });
        if (status === 200) break;
        assert.deepEqual([status, text.slice(0, 7)], [500, "CLO1305"], `at ${at}: ${text}`);
        assert.doesNotMatch(text, /injected/);
        assert.deepEqual(await everything(), state, `at ${at}`);
      }
      assert.ok(at > 5, `only ${at} places were tried`);
      assert.notDeepEqual(await everything(), state);
    },
  );
