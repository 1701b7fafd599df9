// The generated client's bytes in Node and inside a Worker, which is itself a caller of another Worker.

import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { withUploadProgress } from "cloesce/client";
import { bundleForClient } from "../support/client-bundle.mjs";
import { exerciseBytes, sizes } from "../support/client-bytes.mjs";
import { prepareProject, serveProject } from "../support/project.mjs";
import { startWranglerDev } from "../support/wrangler-dev.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
let server, caller;

before(async () => {
  const project = path.join(root, "tests/e2e/projects/media");
  server = await serveProject(await prepareProject(project, "e2e-client-bytes"));
});
after(async () => {
  await caller?.stop();
  await server?.stop();
});

/** Everything that is tried at each size, and at the end. */
const attempts = sizes.length * 9 + 3;

test("Node: every way to give and to receive bytes", async () => {
  assert.equal((await exerciseBytes(server.client, withUploadProgress)).length, attempts);
});

test("Workers: every way to give and to receive bytes", async () => {
  const folder = path.join(root, "build/e2e-client-bytes-caller");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, "wrangler.jsonc"),
    JSON.stringify({ name: "caller", main: "caller.js", compatibility_date: "2026-11-01" }),
  );
  const client = path.join(root, "build/e2e-client-bytes/.generated/client.ts");
  await bundleForClient(
    `import * as client from ${JSON.stringify(client)};
     import { withUploadProgress } from "cloesce/client";
     import { exerciseBytes } from ${JSON.stringify(path.join(root, "tests/support/client-bytes.mjs"))};
     export default {
       async fetch(request) {
         const baseUrl = new URL(request.url).searchParams.get("of");
         if (baseUrl === null) return new Response("ready");
         client.configure({ baseUrl });
         try {
           return Response.json(await exerciseBytes(client, withUploadProgress));
         } catch (error) {
           return new Response(String(error?.stack ?? error), { status: 500 });
         }
       },
     };`,
    path.join(folder, "caller.js"),
  );
  caller = await startWranglerDev({ cwd: folder });
  const response = await fetch(`${caller.url}/?of=${encodeURIComponent(`${server.url}/api`)}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.equal(JSON.parse(text).length, attempts);
});
