// A project of services alone, without model, database or env, under another prefix.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "projects/services-only");
let server;

before(async () => {
  server = await serveProject(
    await prepareProject(source, "e2e-services-only", { database: null }),
    "/v1/rpc",
  );
});
after(() => server?.stop());

test("services only: methods run, one service in another", async () => {
  const { Greeter } = server.client;
  assert.equal((await Greeter.hello(3)).data, "hello, visitor 3");
  assert.equal((await Greeter.sum([1, 2, 3.5])).data, 6.5);
});

test("services only: the prefix is the path of workersUrl", async () => {
  assert.equal((await fetch(`${server.url}/v1/rpc/Greeter/hello?id=1`)).status, 200);
  assert.equal((await fetch(`${server.url}/api/Greeter/hello?id=1`)).status, 404);
});
