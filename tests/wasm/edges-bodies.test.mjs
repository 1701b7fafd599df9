// Bodies up to the edge of what is taken: blobs in forms and as base64 in JSON come whole or are refused by code, and a core
// that has met the edge takes what a fresh one does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CloesceApp, createWorker } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../support/image.mjs";
import { sampleCidl } from "../support/sample-app.mjs";

const mebibyte = 1024 * 1024;
const sizes = [1, 23, 25, 31, 33];

const cidl = sampleCidl();
cidl.models = [];
const method = (name, parametersMedia) => ({
  name,
  verb: "POST",
  static: false,
  parameters: [{ name: "content", type: "Blob" }],
  returns: "JsonValue",
  parametersMedia,
  returnsMedia: "Json",
});
cidl.services[0].methods = [method("json", "FormData"), method("form", "FormData")];
const image = imageOf(cidl);

/** How long the blob is, and whether it is as it was made. */
class Echo {
  json(content) {
    return [content.length, Buffer.compare(content, blobOf(content.length)) === 0];
  }
  form(content) {
    return this.json(content);
  }
}

function open() {
  const worker = createWorker({ engine, image, classes: { Echo }, app: new CloesceApp() });
  return async (name, body, headers = {}) => {
    const init = { method: "POST", headers, body };
    const answer = await worker.fetch(
      new Request(`http://localhost/api/Echo/${name}`, init),
      {},
      {},
    );
    const text = await answer.text();
    if (answer.status === 200) return JSON.parse(text);
    assert.match(text, answer.status === 413 ? /^CLO1102: / : /^CLO1504: /, text.slice(0, 200));
    if (answer.status !== 413) {
      assert.equal(answer.status, 503);
      assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
    }
    return answer.status;
  };
}

const pattern = Uint8Array.from({ length: 251 }, (_, index) => index);
const blobOf = (size) => new Uint8Array(Buffer.alloc(size, pattern));

for (const [name, bodyOf] of Object.entries({
  json: (bytes) => [
    JSON.stringify({ content: Buffer.from(bytes).toString("base64") }),
    { "content-type": "application/json" },
  ],
  form: (bytes) => {
    const form = new FormData();
    form.append("json", JSON.stringify({ content: 0 }));
    form.append("blob", new Blob([bytes]), "content.bin");
    return [form];
  },
})) {
  test(`edges: a blob in a ${name} body comes whole or is refused, and a used core is like a fresh one`, async () => {
    const used = open();
    const taken = [];
    for (const size of sizes) {
      const bytes = blobOf(size * mebibyte);
      const fresh = await open()(name, ...bodyOf(bytes));
      if (Array.isArray(fresh)) {
        assert.deepEqual(fresh, [bytes.length, true]);
        taken.push(size);
      }
      assert.deepEqual(await used(name, ...bodyOf(bytes)), fresh, `${size} MiB`);
      assert.deepEqual(await used(name, ...bodyOf(blobOf(3))), [3, true]);
    }
    // The limit on bodies is 32 MiB, of which base64 takes four bytes for three.
    const most = name === "json" ? 23 : 31;
    assert.deepEqual(
      taken,
      sizes.filter((size) => size <= most),
    );
  });
}
