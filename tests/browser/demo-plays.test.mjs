// "Recently played" in the page: what anybody plays comes up without a reload, where the store has a bucket that remembers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveHttp } from "../../dist/serve/http.js";
import { createTestApp } from "../../dist/testing/index.js";
import { demo } from "../../scripts/support/paths.mjs";
import { launchBrowser, openPage } from "../support/browser.mjs";
import { buildStore } from "../support/demo-store.mjs";

let app, http, browser;

before(async () => {
  await buildStore();
  app = await createTestApp({ project: demo.folder, seed: { db: demo.rows } });
  await app.env.db.prepare('update "Track" set "previewKey" = \'previews/\' || "id"').run();
  http = await serveHttp(
    0,
    (request) => app.fetch(request),
    () => undefined,
    () => undefined,
  );
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  const stopped = http?.stop();
  http?.abort();
  await stopped;
  await app?.close();
});

test("what is played is shown at once to whoever is on the front page", async () => {
  const { page, context, complaints } = await openPage(browser, http.url);
  const section = page.locator("section", {
    has: page.getByRole("heading", { name: "Recently played" }),
  });
  const titles = () => section.getByRole("listitem").getByRole("link").allTextContents();
  await page.goto("/");
  await section.getByText("Nobody has played anything yet.").waitFor();
  const { results } = await app.env.db.prepare('select "id", "title" from "Track" limit 10').all();
  for (const { id, title } of results) {
    assert.ok((await app.client.Play.note(id)).ok);
    await section.getByRole("listitem").first().getByText(title, { exact: true }).waitFor();
  }
  const expected = results
    .map(({ title }) => title)
    .reverse()
    .slice(0, 8);
  assert.deepEqual(await titles(), expected);
  assert.equal(await section.getByText("Nobody has played anything yet.").isVisible(), false);
  await page.reload();
  await section.getByRole("listitem").nth(7).waitFor();
  assert.deepEqual(await titles(), expected);
  await section.getByRole("link").first().click();
  await page.waitForURL(/\/albums\/\d+$/);
  assert.deepEqual(complaints, []);
  await context.close();
});
