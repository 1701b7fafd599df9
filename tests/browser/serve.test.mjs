// What a browser and a host have between them, under `cloesce serve`: signed URLs, uploads with progress, media by ranges,
// settings in KV, and bytes of every size both ways. CLOESCE_HOST=serve has all tests of this folder and of tests/e2e that serve
// a project do so, and then this file has nothing to add.
import { test } from "node:test";

const files = ["demo-signed", "client-bytes"];

if (process.env.CLOESCE_HOST === "serve") test("under cloesce serve", { skip: "all tests are" });
else {
  process.env.CLOESCE_HOST = "serve";
  for (const file of files) await import(`./${file}.test.mjs`);
}
