// The generated client's bytes in Chromium, in a page of the Worker's own origin.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchBrowser, openPage } from "../support/browser.mjs";
import { bundleForClient } from "../support/client-bundle.mjs";
import { sizes } from "../support/client-bytes.mjs";
import { prepareProject, serveProject } from "../support/project.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
let server, browser;

before(async () => {
  const project = path.join(root, "tests/e2e/projects/media");
  server = await serveProject(await prepareProject(project, "browser-client-bytes"));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("Chromium: every way to give and to receive bytes", async () => {
  const folder = path.join(root, "build/browser-client-bytes");
  const script = path.join(folder, "page.js");
  await bundleForClient(
    `import * as client from ${JSON.stringify(path.join(folder, ".generated/client.ts"))};
     import { withUploadProgress } from "cloesce/client";
     import { exerciseBytes } from ${JSON.stringify(path.join(root, "tests/support/client-bytes.mjs"))};
     client.configure({ baseUrl: "/api" });
     globalThis.exerciseBytes = () => exerciseBytes(client, withUploadProgress);`,
    script,
  );
  const { page, context, complaints, foreign } = await openPage(browser, server.url);
  try {
    await page.route(`${server.url}/`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>bytes</title>" }),
    );
    await page.goto("/");
    // While there is a route, every request takes a detour through the test.
    await page.unroute(`${server.url}/`);
    await page.addScriptTag({ path: script, type: "module" });
    // A module runs some time after its tag is there.
    await page.waitForFunction(() => globalThis.exerciseBytes !== undefined);
    const tried = await page.evaluate(() => globalThis.exerciseBytes());
    assert.equal(tried.length, sizes.length * 9 + 3);
    assert.deepEqual([complaints, foreign], [[], []]);
  } finally {
    await context.close();
  }
});
