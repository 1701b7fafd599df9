// Bytes that are no UTF-8, everywhere that texts are sent: a clear 400, and nothing is saved.

import assert from "node:assert/strict";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/media");
let server;
let Photo;

before(async () => {
  server = await serveProject(await prepareProject(source, "e2e-utf8"));
  ({ Photo } = server.client);
});
after(() => server?.stop());

/** No texts, by what is wrong with them. The last three have, with U+FFFD in their place, the length that they had or that they have behind a mark. */
const wrong = {
  "no first byte": [0xff],
  "a following byte alone": [0x80],
  "two bytes cut at the first": [0xc3],
  "three bytes cut at the second": [0xe2, 0x82],
  "four bytes cut at the second": [0xf0, 0x9f],
  "a slash in two bytes": [0xc0, 0xaf],
  "a slash in three bytes": [0xe0, 0x80, 0xaf],
  "a slash in four bytes": [0xf0, 0x80, 0x80, 0xaf],
  "the first half of a pair": [0xed, 0xa0, 0x80],
  "both halves of a pair": [0xed, 0xa0, 0xbd, 0xed, 0xb2, 0xa9],
  "beyond the last code point": [0xf4, 0x90, 0x80, 0x80],
  "four bytes cut at the third": [0xf0, 0x9f, 0x92],
  "one wrong byte and three cut at the second": [0xff, 0xe2, 0x82],
  "three times three cut at the second": [0xe2, 0x82, 0xe2, 0x82, 0xe2, 0x82],
};
const mark = [0xef, 0xbb, 0xbf];

/** JSON of a photo, with a hole at each place where bytes can be put. */
const places = {
  "in a string": (hole, filler) => ['{"model":{"title":"a', hole, `${filler}","pixels":"AA=="}}`],
  "at the end of a string": (hole, filler) => [
    `{"model":{"pixels":"AA==","title":"${filler}`,
    hole,
    '"}}',
  ],
  "in a key": (hole, filler) => [`{"model":{"title":"${filler}","pixels":"AA==","x`, hole, '":1}}'],
  "between tokens": (hole, filler) => [`{"model":{"title":"${filler}",`, hole, '"pixels":"AA=="}}'],
  "in front": (hole, filler) => [hole, `{"model":{"title":"${filler}","pixels":"AA=="}}`],
  "among spaces": (hole, filler) => [
    `{"model":  `,
    hole,
    `  {"title":"${filler}","pixels":"AA=="}}`,
  ],
  "at the very end": (hole, filler) => [
    `{"model":{"title":"${filler}","pixels":"AA=="}}`,
    hole,
    "",
  ],
};
const bytesOf = (parts) =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );

/** The JSON with `hole`, `size` bytes long; as short as it can be when that is null. */
function jsonOf(place, hole, marked, size) {
  const parts = (filler) => [...(marked ? [mark] : []), ...places[place](hole, filler)];
  const least = bytesOf(parts("")).length;
  return bytesOf(parts("x".repeat(size === null ? 0 : size - least)));
}

const post = (body, headers = { "content-type": "application/json" }, target = "Photo/save") =>
  fetch(`${server.url}/api/${target}`, { method: "POST", headers, body, duplex: "half" });

async function refused(response, what) {
  const text = await response.text();
  assert.equal(response.status, 400, `${what}: ${text.slice(0, 200)}`);
  assert.match(text, /^CLO1\d{3}: .*UTF-8/, what);
}

const photos = async () => (await Photo.list()).data.length;

const limit = 64 * 1024;
const sizes = [null, limit - 1, limit, limit + 1];

for (const place of Object.keys(places)) {
  test(`JSON: ${place}`, async () => {
    const before = await photos();
    for (const [what, bytes] of Object.entries(wrong)) {
      for (const marked of [false, true]) {
        for (const size of sizes) {
          const body = jsonOf(place, bytes, marked, size);
          const told = `${what}${marked ? ", behind a mark" : ""}, ${body.length} bytes`;
          await refused(await post(body), told);
        }
        // Of a length that nobody has told.
        const body = jsonOf(place, bytes, marked, null);
        const stream = new Blob([body]).stream();
        await refused(await post(stream), `${what}, streamed`);
      }
    }
    assert.equal(await photos(), before, "something was saved");
  });
}

test("JSON: what is UTF-8 is taken as it is, the character that stands for what is none as well", async () => {
  for (const text of ["\ufffd", "\ufffd\ufffd", "é\ufffd\u{1f40e}", "\ufeff\ufffd", "\u{10ffff}"]) {
    for (const marked of [false, true]) {
      for (const size of sizes) {
        const response = await post(jsonOf("in a string", Buffer.from(text), marked, size));
        const saved = await response.json();
        assert.equal(response.status, 200, JSON.stringify(saved).slice(0, 200));
        assert.equal(saved.title.replace(/x*$/, ""), `a${text}`);
      }
    }
  }
});

function sendForm(parts, target) {
  const edge = "----edge";
  const body = bytesOf([
    ...parts.flatMap(([head, content]) => [`--${edge}\r\n${head}\r\n\r\n`, content, "\r\n"]),
    `--${edge}--\r\n`,
  ]);
  return post(body, { "content-type": `multipart/form-data; boundary=${edge}` }, target);
}

for (const name of ["", '; filename="json"']) {
  test(`form: the part json${name === "" ? "" : " with a file name"}`, async () => {
    const blob = ['content-disposition: form-data; name="blob"; filename="a"', "x"];
    for (const [what, bytes] of Object.entries(wrong)) {
      for (const marked of [false, true]) {
        for (const size of [0, limit]) {
          const json = bytesOf([
            marked ? mark : "",
            '{"file":0,"note":"',
            bytes,
            `${"x".repeat(size)}"}`,
          ]);
          const head = `content-disposition: form-data; name="json"${name}`;
          await refused(
            await sendForm([[head, json], blob], "MediaService/fileFacts"),
            `${what}${marked ? ", behind a mark" : ""}`,
          );
        }
      }
    }
  });
}

/** Sends a target as these bytes; `fetch` would mend it. */
function get(target) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const request = http.request({ hostname, port, path: target }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve(new Response(Buffer.concat(chunks), { status: response.statusCode })),
      );
    });
    request.on("error", reject);
    request.end();
  });
}

test("query strings and paths", async () => {
  for (const [what, bytes] of Object.entries(wrong)) {
    const encoded = bytes.map((byte) => `%${byte.toString(16)}`).join("");
    for (const target of [
      `Photo/get?id=${encoded}`,
      `Photo/get?id=1${encoded}`,
      `Photo/get?id=1&__datasource=a${encoded}`,
      `Photo/get?${encoded}=1&id=1`,
      `Photo/get?id=%ef%bb%bf${encoded}`,
      `Photo/${encoded}/raw`,
    ])
      await refused(await get(`/api/${target}`), `${what}: ${target}`);
  }
});
