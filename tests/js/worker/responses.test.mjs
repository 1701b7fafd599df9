// The media types of what methods answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CloesceApp, createWorker, HttpResult } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "../../support/image.mjs";
import { sampleCidl } from "../../support/sample-app.mjs";

const streamOf = (text) => new Response(text).body;
const answers = {
  bare: () => streamOf("bytes"),
  string: () => "text",
  plainStream: () => HttpResult.ok(200, streamOf("text"), { "content-type": "text/plain" }),
  page: () => HttpResult.ok(200, "<p>", { "content-type": "text/html" }),
  plainBlob: () => new Blob(["text"], { type: "text/plain" }),
  untypedBlob: () => new Blob(["bytes"]),
};

/** The type and the text of each answer of a method that answers bytes. */
async function answersOf(returns) {
  class Echo {}
  Object.assign(Echo.prototype, answers);
  const cidl = sampleCidl();
  cidl.models = [];
  cidl.services[0].methods = Object.keys(answers).map((name) => ({
    name,
    verb: "GET",
    static: false,
    parameters: [],
    returns: { HttpResult: returns },
    parametersMedia: "Json",
    returnsMedia: "Octet",
  }));
  const app = new CloesceApp();
  const worker = createWorker({ engine, image: imageOf(cidl), classes: { Echo }, app });
  const entries = Object.keys(answers).map(async (name) => {
    const request = new Request(`http://localhost/api/Echo/${name}`);
    const response = await worker.fetch(request, {}, {});
    return [name, [response.headers.get("content-type"), await response.text()]];
  });
  return Object.fromEntries(await Promise.all(entries));
}

for (const returns of ["Stream", "Blob"]) {
  test(`responses: what a method of type ${returns} says of its bytes stays, else they are bytes`, async () => {
    assert.deepEqual(await answersOf(returns), {
      bare: ["application/octet-stream", "bytes"],
      string: ["application/octet-stream", "text"],
      plainStream: ["text/plain", "text"],
      page: ["text/html", "<p>"],
      plainBlob: ["application/octet-stream", "text"],
      untypedBlob: ["application/octet-stream", "bytes"],
    });
  });
}
