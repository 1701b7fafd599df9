// A visit to the demo: the store is served once for the tests of a file, and each test has a page of its own, in which nothing
// may go wrong and which asks nobody else for anything.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { launchBrowser, openPage } from "./browser.mjs";
import { buildStore, serveStore } from "./demo-store.mjs";

/** Those of the test that runs. */
export let server, browser, page, context;

let complaints, foreign;

before(async () => {
  await buildStore();
  server = await serveStore();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  ({ page, context, complaints, foreign } = await openPage(browser, server.url));
});
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
  assert.deepEqual(foreign, []);
});

export const button = (name) => page.getByRole("button", { name, exact: true });
export const toast = (text) => page.locator(".toast").getByText(text);

/** Opens `path` and waits until its content is there. */
export async function open(path) {
  await page.goto(path);
  await page.locator("main:not([aria-busy]) > *").first().waitFor();
}

/** Lets uploads go at `bytesPerSecond`; 0 is as fast as they can. */
export async function throttle(bytesPerSecond) {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond === 0 ? -1 : bytesPerSecond,
  });
}
