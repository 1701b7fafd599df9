// `cloesce/sessions` around a compiled Worker: bookmarks of the platform go out with answers and come back with requests.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { keepBookmarks } from "../../dist/sessions/index.js";
import { underServe } from "../support/cloesce-serve.mjs";
import { prepareProject, serveProject } from "../support/project.mjs";

const header = "x-d1-bookmark";
const source = path.join(import.meta.dirname, "projects/sessions");
let server;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-sessions"));
});
after(() => server?.stop());

const get = (route, bookmark) =>
  fetch(
    `${server.url}/api/${route}`,
    bookmark === undefined ? {} : { headers: { [header]: bookmark } },
  );

test("sessions: an answer that asked the database has its bookmark, another has none", async () => {
  const asked = await get("Note/list");
  assert.deepEqual(await asked.json(), []);
  assert.match(asked.headers.get(header), /^db=[0-9a-f-]+$/);
  assert.equal((await get("Note/idle")).headers.get(header), null);
});

test("sessions: ready-made methods, methods of one's own and what sessions lack work in them", async () => {
  const { Note } = server.client;
  assert.equal((await Note.save({ text: "one" })).unwrap().text, "one");
  assert.equal((await Note.counted()).unwrap(), 1);
  const counted = await get("Note/counted", (await get("Note/list")).headers.get(header));
  assert.equal(await counted.json(), 1);
});

test("sessions: a client that keeps bookmarks sends the newest that it was given", async () => {
  const { Note, configure } = server.client;
  const sent = [];
  const given = [];
  const send = keepBookmarks(async (url, init) => {
    sent.push(new Headers(init.headers).get(header));
    const response = await fetch(url, init);
    given.push(response.headers.get(header));
    return response;
  });
  configure({ baseUrl: `${server.url}/api`, fetch: send });
  for (const text of ["two", "three"]) (await Note.save({ text })).unwrap();
  (await Note.list()).unwrap();
  assert.equal(sent[0], null);
  assert.deepEqual(sent.slice(1), given.slice(0, 2));
  if (!underServe) assert.ok(given[1] > given[0], "the platform's bookmarks go up");
});

test("sessions: a header that no answer had is refused, and nothing of it comes back", async () => {
  const wrong = ["nonsense", "db=", "db=first primary", "db=<script>", "=1", "db=1,,", "a b=1"];
  const long = [`db=${"0".repeat(200)}`, Array.from({ length: 33 }, (_, n) => `b${n}=1`).join()];
  for (const bookmark of [...wrong, ...long]) {
    const response = await get("Note/list", bookmark);
    assert.equal(response.status, 400, bookmark);
    assert.match(await response.text(), /^CLO1012: x-d1-bookmark: expected binding=bookmark/);
    assert.equal(response.headers.get(header), null);
  }
  assert.equal((await get("Note/list", "gone=00000000-00000001")).status, 200);
});
