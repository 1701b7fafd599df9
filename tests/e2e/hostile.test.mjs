// Hostile input against a real Worker: every refusal is a clear 4xx, and the next request works.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/stable");
let server;
let horse;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-hostile"));
  const saved = await server.client.Horse.save({ name: "Witness", bio: "unharmed" });
  assert.equal(saved.ok, true, saved.message);
  horse = saved.data;
});
after(() => server?.stop());

/** Sends raw bytes as a JSON body. */
function post(path_, body, headers = {}) {
  return fetch(`${server.url}/api/${path_}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
    duplex: "half",
  });
}

/** Asserts a refusal whose message matches, and that the Worker is well afterwards. */
async function refused(response, status, message) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(text, message);
  assert.doesNotMatch(
    text,
    /\bat .*\.(js|ts|wasm)|RuntimeError|SQLITE_ERROR/,
    "no stack trace, no database internals",
  );
  const next = await fetch(`${server.url}/api/Horse/get?id=${horse.id}&__datasource=none`);
  assert.equal(next.status, 200);
  const witness = await next.json();
  assert.deepEqual([witness.name, witness.bio], ["Witness", "unharmed"]);
}

const validPerson =
  '{"person":{"name":"Ada","born":"1815-12-10T00:00:00Z","home":{"street":"s","number":1,"tags":["a"]},"others":[]}}';

test("malformed JSON", async (context) => {
  for (const body of [
    "",
    "{",
    "[]",
    "null",
    "7",
    '"x"',
    "{}}",
    '{"person":}',
    "{'person':1}",
    '{"person":1,}',
    "\u0000",
    '{"person":"\\ud800"}',
    '{"person":"\\x"}',
    "nul",
  ]) {
    await context.test(JSON.stringify(body), async () =>
      refused(await post("EchoService/person", body), 400, /^CLO1[12]\d\d: /),
    );
  }
  await context.test("bytes that are no UTF-8", async () =>
    refused(
      await post(
        "EchoService/any",
        new Uint8Array([
          0x7b, 0x22, 0x76, 0x61, 0x6c, 0x75, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d,
        ]),
      ),
      400,
      /^CLO1104: /,
    ),
  );
});

test("a byte order mark hides no byte that is no UTF-8, and is none of the value", async () => {
  const mark = [0xef, 0xbb, 0xbf];
  const withText = (bytes) =>
    Uint8Array.from([...mark, ...Buffer.from('{"value":"'), ...bytes, ...Buffer.from('"}')]);
  for (const bytes of [[0xff], [0xc3], [0xf0, 0x9f], [0xff, 0xff]])
    await refused(await post("EchoService/any", withText(bytes)), 400, /^CLO1104: /);
  const replacement = await post("EchoService/any", withText(Buffer.from("\ufffd")));
  assert.deepEqual([replacement.status, await replacement.json()], [200, "\ufffd"]);
});

test("a body cut off at every byte", async () => {
  assert.equal((await post("EchoService/person", validPerson)).status, 200);
  for (let length = 0; length < validPerson.length; length++) {
    const response = await post("EchoService/person", validPerson.slice(0, length));
    assert.equal(response.status, 400, `cut at ${length}`);
    assert.match(await response.text(), /^CLO1/);
  }
  await refused(await post("EchoService/person", validPerson.slice(0, 40)), 400, /^CLO1104/);
});

test("wrong types at every depth name the path and what was expected", async (context) => {
  const cases = [
    [{ person: 1 }, /person: expected Person/],
    [
      {
        person: {
          name: 5,
          born: "2000-01-01",
          home: { street: "", number: null, tags: [] },
          others: [],
        },
      },
      /person\.name: expected Text, got 5/,
    ],
    [
      {
        person: {
          name: "",
          born: "yesterday",
          home: { street: "", number: null, tags: [] },
          others: [],
        },
      },
      /person\.born: /,
    ],
    [
      { person: { name: "", born: 0, home: { street: "", number: null, tags: [] }, others: [] } },
      /person\.born: /,
    ],
    [
      { person: { name: "", born: "2000-01-01", home: [], others: [] } },
      /person\.home: expected Address/,
    ],
    [
      {
        person: {
          name: "",
          born: "2000-01-01",
          home: { street: "", number: 1.5, tags: [] },
          others: [],
        },
      },
      /person\.home\.number: expected Integer/,
    ],
    [
      {
        person: {
          name: "",
          born: "2000-01-01",
          home: { street: "", number: 9007199254740992, tags: [] },
          others: [],
        },
      },
      /person\.home\.number: /,
    ],
    [
      {
        person: {
          name: "",
          born: "2000-01-01",
          home: { street: "", number: null, tags: ["a", 2] },
          others: [],
        },
      },
      /person\.home\.tags\[1\]: expected Text, got 2/,
    ],
    [
      {
        person: {
          name: "",
          born: "2000-01-01",
          home: { street: "", number: null, tags: [] },
          others: [{ street: "", number: 1, tags: {} }],
        },
      },
      /person\.others\[0\]\.tags: expected/,
    ],
    [{ person: null }, /person: /],
  ];
  for (const [body, message] of cases) {
    await context.test(JSON.stringify(body), async () =>
      refused(await post("EchoService/person", JSON.stringify(body)), 400, message),
    );
  }
  await context.test("in a deep partial", async () =>
    refused(
      await post(
        "Horse/save",
        JSON.stringify({
          model: { name: "x", likes: [{ horseId2: 1 }, { horse2: { likes: [{ id: "x" }] } }] },
        }),
      ),
      400,
      /model\.likes\[1\]\.horse2\.likes\[0\]\.id: expected Integer, got "x"/,
    ),
  );
});

test("all failures of a body are reported at once", async () => {
  const response = await post(
    "EchoService/person",
    JSON.stringify({
      person: { name: 1, born: 2, home: { street: 3, number: "x", tags: [] }, others: [] },
    }),
  );
  const lines = (await response.text()).split("\n");
  assert.equal(lines.length, 4, lines.join("\n"));
});

test("missing, unknown and repeated parameters", async (context) => {
  const cases = [
    ["{}", /person/],
    ['{"person":{"name":"x"}}', /person\.born/],
    [validPerson.replace("}}", '},"extra":1}'), /./],
    [validPerson.slice(0, -1) + ',"extra":1}', /extra/],
    [validPerson.slice(0, -1) + ',"person":{}}', /person/],
    [validPerson.replace('"name":"Ada"', '"name":"Ada","admin":true'), /person\.admin/],
    [validPerson.replace('"name":"Ada"', '"name":"Ada","name":"Eve"'), /person\.name/],
  ];
  for (const [body, message] of cases) {
    await context.test(body, async () =>
      refused(await post("EchoService/person", body), 400, message),
    );
  }
  await context.test("query: unknown", async () =>
    refused(await fetch(`${server.url}/api/Horse/get?id=1&colour=red`), 400, /colour/),
  );
  await context.test("query: missing", async () =>
    refused(await fetch(`${server.url}/api/Horse/get`), 400, /id/),
  );
  await context.test("query: repeated", async () =>
    refused(await fetch(`${server.url}/api/Horse/get?id=1&id=2`), 400, /id/),
  );
});

test("__proto__ and friends", async (context) => {
  for (const name of [
    "__proto__",
    "\\u005f_proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
  ]) {
    await context.test(`${name} as a parameter`, async () =>
      refused(await post("EchoService/person", `{"${name}":{"polluted":true}}`), 400, /CLO12/),
    );
    await context.test(`${name} inside an object`, async () =>
      refused(
        await post(
          "EchoService/person",
          validPerson.replace('"name"', `"${name}":{"polluted":1},"name"`),
        ),
        400,
        /CLO12/,
      ),
    );
    await context.test(`${name} in a partial`, async () =>
      refused(
        await post("Horse/save", `{"model":{"name":"x","${name}":{"polluted":1}}}`),
        400,
        /CLO12/,
      ),
    );
  }
  await context.test("__proto__ inside any JSON", async () =>
    refused(
      await post("EchoService/any", '{"value":{"a":[{"__proto__":{"polluted":1}}]}}'),
      400,
      /CLO1208/,
    ),
  );
  await context.test("as a path", async () => {
    for (const target of [
      "__proto__/get",
      "constructor/constructor",
      "Horse/__proto__",
      "Horse/constructor",
      "Horse/1/toString",
      "EchoService/init",
    ]) {
      const response = await fetch(`${server.url}/api/${target}`);
      assert.equal(response.status, 404, target);
    }
  });
  const probe = await post("EchoService/any", '{"value":{}}');
  assert.equal(await probe.text(), "{}");
});

test("nesting 10,000 deep", async (context) => {
  const deep = (open, close) => open.repeat(10_000) + close.repeat(10_000);
  await context.test("arrays where anything goes", async () =>
    refused(await post("EchoService/any", `{"value":${deep("[", "]")}}`), 400, /CLO1105/),
  );
  await context.test("objects where anything goes", async () =>
    refused(
      await post("EchoService/any", `{"value":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`),
      400,
      /CLO1105/,
    ),
  );
  await context.test("in a recursive model", async () =>
    refused(
      await post(
        "Horse/save",
        `{"model":${'{"likes":[{"horse2":'.repeat(5_000)}{}${"}]}".repeat(5_000)}}`,
      ),
      400,
      /CLO1105/,
    ),
  );
  await context.test("only opened", async () =>
    refused(await post("EchoService/any", `{"value":${"[".repeat(10_000)}`), 400, /CLO1/),
  );
});

test("a body over the limit: declared and undeclared", async (context) => {
  const large = JSON.stringify({ value: "x".repeat(5 * 1024 * 1024) });
  await context.test("declared", async () =>
    refused(await post("EchoService/any", large), 413, /CLO1102: .*jsonBytes/),
  );
  await context.test("streamed without a length", async () => {
    const bytes = new TextEncoder().encode(large);
    let at = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.subarray(at, at + 65_536));
        at += 65_536;
      },
    });
    await refused(await post("EchoService/any", stream), 413, /CLO1102/);
  });
  await context.test("just below passes", async () => {
    const text = "x".repeat(3 * 1024 * 1024);
    const response = await post("EchoService/any", JSON.stringify({ value: text }));
    assert.equal(response.status, 200);
    assert.equal((await response.json()).length, text.length);
  });
});

test("SQL in every string position does nothing", async (context) => {
  const attacks = [
    `'; DROP TABLE "Horse"; --`,
    `" OR 1=1 --`,
    `x' UNION SELECT name FROM sqlite_master --`,
    "\u0000'",
    `$."x"`,
    `');DELETE FROM Horse;--`,
  ];
  for (const attack of attacks) {
    await context.test(JSON.stringify(attack), async () => {
      const saved = await server.client.Horse.save(
        { name: attack, bio: attack, tags: [{ name: attack }] },
        "default",
      );
      if (attack.includes("\u0000")) assert.ok(saved.ok || saved.status === 400, saved.message);
      else {
        assert.equal(saved.ok, true, saved.message);
        assert.deepEqual(
          [saved.data.name, saved.data.bio, saved.data.tags[0].name],
          [attack, attack, attack],
        );
        assert.equal((await server.client.Tag.get(attack)).data.name, attack);
        assert.equal((await server.client.Horse.named(attack)).data.length, 1);
      }
      const segment = encodeURIComponent(attack);
      assert.ok(
        [400, 404].includes((await fetch(`${server.url}/api/Stay/${segment}/1/where`)).status),
      );
      await refused(
        await fetch(`${server.url}/api/Horse/get?id=${segment}`),
        400,
        /id: expected Integer/,
      );
      await refused(
        await fetch(`${server.url}/api/Horse/list?__datasource=${segment}`),
        400,
        /CLO1209/,
      );
    });
  }
});

test("ids that do not parse", async (context) => {
  for (const id of [
    "x",
    "1.5",
    "1e3",
    "",
    "%",
    "%zz",
    "%ff",
    "0x10",
    "9007199254740993",
    "-",
    "1%00",
    "true",
    "null",
    "%20" + "1",
  ]) {
    await context.test(id, async () =>
      refused(await fetch(`${server.url}/api/Horse/${id}/greet?greeting=x`), 400, /^CLO100[34]: /),
    );
  }
});

test("unknown data sources", async () => {
  await refused(
    await fetch(`${server.url}/api/Horse/get?id=${horse.id}&__datasource=everything`),
    400,
    /CLO1209: .*everything/,
  );
  await refused(
    await post("Horse/save?__dataSource=everything", '{"model":{"name":"x"}}'),
    400,
    /CLO1209/,
  );
});

test("media types and methods that do not fit", async (context) => {
  for (const type of [
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/json; charset=latin1",
    "nonsense",
  ]) {
    await context.test(type, async () => {
      const response = await post("EchoService/person", validPerson, { "content-type": type });
      assert.match(response.headers.get("accept") ?? "", /application\/json/);
      await refused(response, 415, /CLO1101/);
    });
  }
  await context.test("405 says what is allowed", async () => {
    const response = await fetch(`${server.url}/api/EchoService/person`);
    assert.equal(response.headers.get("allow"), "POST");
    await refused(response, 405, /CLO1002/);
  });
  await context.test("404", async () =>
    refused(await fetch(`${server.url}/api/Horse/1/nothing`), 404, /CLO1001/),
  );
});
