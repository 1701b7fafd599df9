// `cloesce serve` as a person meets it: the demo on it, and what it says and does when it is started and stopped.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildDemoPage, compileDemo } from "../../scripts/support/demo.mjs";
import { demo } from "../../scripts/support/paths.mjs";
import { startCloesceServe } from "../support/cloesce-serve.mjs";
import { prepareProject } from "../support/project.mjs";

const cwd = demo.folder;
let root, server;

before(async () => {
  await compileDemo();
  await buildDemoPage();
  root = await mkdtemp(path.join(tmpdir(), "cloesce-serve-"));
  // Migrations first, then the rows, as `npm start` does it.
  const first = await startCloesceServe({ cwd, root });
  assert.match(first.output(), /applied db: 20261120150216_Initial\.sql/);
  assert.equal(await first.stop(), 0);
  const database = new DatabaseSync(path.join(root, "d1", "db", "database.sqlite"));
  database.exec(await readFile(demo.rows, "utf8"));
  database.close();
  server = await startCloesceServe({ cwd, root });
});
after(async () => {
  await server?.stop();
  if (root !== undefined) await rm(root, { recursive: true, force: true });
});

test("migrations are noted where wrangler looks, and not applied again", () => {
  assert.doesNotMatch(server.output(), /applied/);
  const database = new DatabaseSync(path.join(root, "d1", "db", "database.sqlite"), {
    readOnly: true,
  });
  const names = database
    .prepare("select name from d1_migrations order by id")
    .all()
    .map(({ name }) => name);
  database.close();
  assert.deepEqual(names, [
    "20261120150216_Initial.sql",
    "20261121125426_Files.sql",
    "20261121135251_SignedFiles.sql",
  ]);
});

test("the page, its views, and the API", async () => {
  const page = await fetch(server.url);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
  assert.match(await page.text(), /<html/i);
  // `fetch` says "cors" there, whatever it is told.
  const view = await get("/albums/12", { "sec-fetch-mode": "navigate" });
  assert.equal(view.status, 200);
  const script = await fetch(`${server.url}/main.js`);
  assert.match(script.headers.get("content-type"), /^text\/javascript/);
  const again = await fetch(`${server.url}/main.js`, {
    headers: { "if-none-match": script.headers.get("etag") },
  });
  assert.equal(again.status, 304);
  const api = await fetch(`${server.url}/api/Nothing/here`);
  assert.equal(api.status, 404);
  assert.match(await api.text(), /^CLO1001/);
  for (const target of ["/../package.json", "/%2e%2e/package.json", "/..%2fpackage.json", "/%00"])
    assert.notEqual((await get(target)).status, 200, target);
});

/** A request whose path and headers go out as they are. */
function get(target, headers = {}) {
  return new Promise((resolve, reject) => {
    http
      .get({ host: "127.0.0.1", port: server.port, path: target, headers }, (reply) => {
        reply.resume();
        reply.on("end", () => resolve({ status: reply.statusCode }));
      })
      .on("error", reject);
  });
}

test("the log has a line for each request, without what may be about a person", async () => {
  await fetch(`${server.url}/api/Nothing/secret?token=private`, {
    headers: { cookie: "a=private" },
  });
  // The line follows the answer.
  const line = /404 CLO1001 GET \/api\/Nothing\/secret \d+\.\d ms/;
  for (let tries = 0; tries < 100 && !line.test(server.output()); tries += 1) await sleep(20);
  assert.match(server.output(), line);
  assert.doesNotMatch(server.output(), /private/);
});

test("an answer that comes before the end of the body arrives, and the connection goes on", async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method, bytes) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        `${server.url}/api/Nothing/here`,
        { method, agent, headers: { "content-length": bytes, "content-type": "text/plain" } },
        (reply) => {
          const answered = { status: reply.statusCode, port: reply.socket.localPort };
          reply.resume();
          reply.on("end", () => resolve(answered));
        },
      );
      request.on("error", reject);
      request.end(Buffer.alloc(bytes));
    });
  const first = await send("POST", 30 * 1024 * 1024);
  assert.equal(first.status, 404);
  assert.deepEqual(await send("PUT", 5 * 1024 * 1024), first);
  agent.destroy();
});

test("a second server is told who has the root", async () => {
  await assert.rejects(startCloesceServe({ cwd, root }), (error) => {
    assert.equal(error.code, 2);
    assert.match(error.output, new RegExp(`is in use by process ${server.pid}, since 2`));
    return true;
  });
});

test("a port that is taken is told", async () => {
  const other = await mkdtemp(path.join(tmpdir(), "cloesce-serve-"));
  try {
    await assert.rejects(
      startCloesceServe({ cwd, root: other, port: server.port }),
      /port \d+ is in use: choose another with --port/,
    );
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});

test("a project that was not compiled says so", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "cloesce-serve-"));
  try {
    await writeFile(path.join(folder, "cloesce.config.json"), "{}");
    await assert.rejects(
      startCloesceServe({ cwd: folder, root: path.join(folder, "r") }),
      /run "cloesce compile" first/,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("requests under way end, and what they promised; a second signal ends at once", async () => {
  const folder = await prepareProject(
    new URL("projects/stable", import.meta.url).pathname,
    "e2e-serve-stop",
    { database: null },
  );
  const state = path.join(folder, "serve-state");
  const marker = path.join(folder, "done.txt");
  await writeFile(
    path.join(folder, ".generated", "workers.ts"),
    `import { writeFileSync } from "node:fs";
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
     export default { async fetch(request: Request, env: unknown, ctx: any) {
       if (new URL(request.url).pathname === "/hang") await later(60_000);
       ctx.waitUntil(later(800).then(() => writeFileSync(${JSON.stringify(marker)}, "yes")));
       await later(500);
       return new Response("answered");
     } };`,
  );
  const slow = await startCloesceServe({ cwd: folder, root: state });
  const answer = fetch(slow.url).then((response) => response.text());
  await new Promise((resolve) => setTimeout(resolve, 200));
  const code = slow.stop();
  assert.equal(await answer, "answered");
  assert.equal(await code, 0);
  assert.equal(await readFile(marker, "utf8"), "yes");

  const hanging = await startCloesceServe({ cwd: folder, root: state });
  const cut = fetch(`${hanging.url}/hang`).then(
    () => "answered",
    () => "cut",
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  void hanging.stop("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await hanging.stop("SIGINT"), 130);
  assert.equal(await cut, "cut");

  // The Worker is the one that the wrangler file names.
  await writeFile(
    path.join(folder, "src", "entry.ts"),
    `export default { fetch: () => new Response("own entry") };`,
  );
  const wrangler = path.join(folder, "wrangler.toml");
  const text = await readFile(wrangler, "utf8");
  await writeFile(wrangler, text.replace(/^main = .*$/m, 'main = "src/entry.ts"'));
  const own = await startCloesceServe({ cwd: folder, root: state });
  assert.equal(await (await fetch(own.url)).text(), "own entry");
  await own.stop();
});
