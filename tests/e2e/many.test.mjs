// Many saves and ORM calls at once in workerd, over a database that is two seconds late: each is answered with its row,
// or refused with 503 and nothing written; whoever comes by is served meanwhile. With MANY=all in the environment also
// the large rounds, beside a Worker written by hand, whose memory is printed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/many");
const kilobyte = 1000;
const mebibyte = 1024 * 1024;
const all = process.env.MANY === "all";
let server;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-many"));
});
after(() => server?.stop());

const post = (target, body) =>
  fetch(`${server.url}${target}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function memory() {
  return (await fetch(`${server.url}/memory`)).json();
}

/** Bytes that the largest workerd below the server has in memory. */
function resident() {
  const children = (pid) => {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return listed === "" ? [] : listed.split(" ");
  };
  const family = (pid) => [pid, ...children(pid).flatMap(family)];
  const sizes = family(String(server.pid)).map((pid) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0),
  );
  return Math.max(...sizes) * 1024;
}

/** Sends `count` texts of `bytes` at once; answers how many were saved. */
async function round(count, bytes, target, body) {
  const texts = Array.from({ length: count }, (_, number) => `${number}:`.padEnd(bytes, "x"));
  const answers = texts.map(async (text) => {
    const response = await post(target, body(text));
    return {
      text,
      status: response.status,
      headers: response.headers,
      answer: await response.text(),
    };
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const peak = resident();
  const bystander = await fetch(`${server.url}/api/Desk/ping?count=41`);
  assert.equal(await bystander.text(), "42");
  let saved = 0;
  for (const { text, status, headers, answer } of await Promise.all(answers)) {
    if (status === 200) {
      saved++;
      assert.equal(JSON.parse(answer).text, text);
    } else {
      assert.deepEqual([status, headers.get("retry-after")], [503, "1"], answer);
      assert.match(answer, /^CLO1504: /);
    }
  }
  return { saved, peak };
}

const asSave = (text) => ({ model: { text } });
const asCall = (text) => ({ text });

const rounds = all
  ? [
      [150, 60],
      [200, 60],
      [60, 250],
      [800, 10],
      [2000, 2],
    ]
  : [[150, 60]];

for (const [count, size] of rounds) {
  for (const [what, target, body] of [
    ["saves", "/api/Note/save", asSave],
    ["ORM calls", "/api/Desk/keep", asCall],
  ]) {
    test(`many: ${count} ${what} of ${size} KB at once`, async (context) => {
      const idle = await memory();
      assert.equal(idle.length, 1);
      const { saved } = await round(count, size * kilobyte, target, body);
      const now = await memory();
      context.diagnostic(`${saved} saved, linear memory ${idle[0]} -> ${now.join()}`);
      assert.equal(now.length, 1, "one core");
      assert.equal(saved, count);
      assert.ok(now[0] - idle[0] <= 16 * mebibyte, `${now[0]} bytes`);
    });
  }
}

test(
  "many: 1,000 saves of 60 KB, beside a Worker written by hand",
  { skip: !all },
  async (context) => {
    const hand = await round(1000, 60 * kilobyte, "/hand/save", asSave);
    const idle = await memory();
    const cloesce = await round(1000, 60 * kilobyte, "/api/Note/save", asSave);
    const now = await memory();
    context.diagnostic(`resident, by hand ${hand.peak}, Cloesce ${cloesce.peak}`);
    context.diagnostic(`linear memory ${idle[0]} -> ${now[0]}`);
    assert.deepEqual([hand.saved, cloesce.saved], [1000, 1000]);
    assert.ok(now[0] - idle[0] <= 16 * mebibyte);
  },
);

test("many: 200 saves at once within a scope are answered each by what they are", async () => {
  const scope = `import { CloesceApp } from "cloesce/backend";
import { Note } from "./note.cloesce";

const app = new CloesceApp();
app.scope(Note, async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { text: { startsWith: "1" } };
});
export default app;
`;
  const folder = await prepareProject(source, "e2e-many-scoped", {
    files: { "src/scope.cloesce.ts": scope },
  });
  const scoped = await serveProject(folder);
  try {
    const save = async (text) => {
      const response = await fetch(`${scoped.url}/api/Note/save`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: { text } }),
      });
      return { text, status: response.status, answer: await response.text() };
    };
    const texts = Array.from({ length: 200 }, (_, number) => `${number}:`.padEnd(10_000, "x"));
    const answers = texts.map(save);
    const bystander = await fetch(`${scoped.url}/api/Desk/ping?count=41`);
    assert.equal(await bystander.text(), "42");
    for (const { text, status, answer } of await Promise.all(answers)) {
      if (text.startsWith("1")) {
        assert.equal(status, 200, answer);
        assert.equal(JSON.parse(answer).text, text);
      } else {
        assert.equal(status, 403, answer);
        assert.match(answer, /^CLO1218: /);
      }
    }
    const cores = await (await fetch(`${scoped.url}/memory`)).json();
    assert.equal(cores.length, 1, "one core");
    assert.ok(cores[0] <= 16 * mebibyte, `${cores[0]} bytes`);
    const listed = await (await fetch(`${scoped.url}/api/Note/list?limit=1000`)).json();
    const inside = texts.filter((text) => text.startsWith("1"));
    assert.deepEqual(listed.map(({ text }) => text).sort(), inside.sort());
  } finally {
    await scoped.stop();
  }
});
