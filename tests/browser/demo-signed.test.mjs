// The demo's page on KV and signed URLs: covers past the Worker, previews that play and are uploaded, settings that stay.

import assert from "node:assert/strict";
import { test } from "node:test";
import { uploadSigned } from "cloesce/client";
import { openPage } from "../support/browser.mjs";
import { browser, button, open, page, server, throttle, toast } from "../support/store-visit.mjs";

const sleeve = () => page.locator(".sleeve .cover img");
const audio = (member) => page.evaluate((name) => document.querySelector("audio")[name], member);

/** Asks the API as anybody may; answers the response. */
function ask(path, method = "GET", body = undefined) {
  const headers = { "content-type": "application/json" };
  return fetch(`${server.url}/api/${path}`, { method, headers, body: JSON.stringify(body) });
}

/** A WAV file of silence, so many seconds long, in CD quality. */
function silence(seconds) {
  const bytes = Buffer.alloc(44 + seconds * 176_400);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(44_100, 24);
  bytes.writeUInt32LE(176_400, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  return bytes;
}

/** Boxes of the visible elements that `selector` finds. */
async function boxes(selector) {
  const found = await page.locator(selector).all();
  const all = await Promise.all(found.map((each) => each.boundingBox()));
  return all.filter((box) => box !== null);
}

const isShown = (image) => image.evaluate((element) => element.decode().then(() => true));

test("cover: comes from the bucket by a signed URL, and by no other", async () => {
  await open("/albums/12");
  const source = new URL(await sleeve().getAttribute("src"));
  assert.match(source.pathname, /^\/cdn-cgi\/local\/r2\/s3\/music-store-files\/covers\/12\//);
  assert.ok(source.searchParams.has("X-Amz-Signature"));
  assert.ok(await isShown(sleeve()));
  assert.equal((await fetch(source)).headers.get("content-type"), "image/png");

  const signature = source.searchParams.get("X-Amz-Signature");
  for (const [what, change] of Object.entries({
    "another object": (url) => (url.pathname = url.pathname.replace("/12/", "/13/")),
    "longer validity": (url) => url.searchParams.set("X-Amz-Expires", "7200"),
    "another signature": (url) =>
      url.searchParams.set(
        "X-Amz-Signature",
        `${signature.slice(0, -1)}${signature.endsWith("0") ? 1 : 0}`,
      ),
  })) {
    const url = new URL(source);
    change(url);
    const refused = await fetch(url);
    assert.equal(refused.status, 403, what);
    assert.match(await refused.text(), /SignatureDoesNotMatch/, what);
  }
  assert.equal((await fetch(source, { method: "DELETE" })).status, 403, "reads only");

  await open("/");
  const card = page.locator(".section:last-of-type .card", { hasText: "Above the Treeline" });
  await card.scrollIntoViewIfNeeded();
  assert.match(await card.locator("img").getAttribute("src"), /X-Amz-Signature/);
  assert.ok(await isShown(card.locator("img")));
});

test("cover: by way of the Worker where the bucket does not answer, and drawn where nothing does", async () => {
  await page.route("**/cdn-cgi/local/**", (route) => route.abort());
  await open("/albums/12");
  await page.waitForFunction(() => document.querySelector(".sleeve img")?.naturalWidth > 0);
  assert.match(
    await sleeve().getAttribute("src"),
    /^\/api\/Album\/12\/picture\?key=covers%2F12%2F/,
  );
  await page.route("**/api/Album/12/picture*", (route) => route.abort());
  await page.reload();
  await page.locator(".sleeve .cover svg").waitFor();
  await sleeve().waitFor({ state: "detached" });
});

test("preview: plays, is saved from the bucket, goes on to the next, and is closed", async () => {
  await open("/albums/12");
  await button("Play Scree").first().click();
  await page.waitForFunction(() => document.querySelector("audio").currentTime > 0.1);
  const player = page.getByRole("region", { name: "Player" });
  assert.match(await player.innerText(), /Scree\s+Kestrel & Vale\s+0:0\d \/ 0:08/);
  await page.getByRole("link", { name: "Artists", exact: true }).click();
  await page.getByRole("heading", { name: "Artists", level: 1 }).waitFor();
  assert.equal(await audio("paused"), false, "it plays on while the visitor looks around");
  await player.getByRole("link", { name: "Scree" }).click();
  await page.getByRole("heading", { name: "Everything Above the Treeline" }).waitFor();
  await button("Pause Scree").first().click();
  assert.equal(await audio("paused"), true);

  const place = page.getByLabel("Place in the preview");
  await place.focus();
  await place.press("End");
  await button("Play Scree").first().click();
  await player.getByRole("link", { name: "False Summit" }).waitFor();
  await button("Close the player").click();
  assert.equal(await player.isVisible(), false);

  const link = page.getByRole("link", { name: "Save the preview of Scree, 192 kB" });
  assert.match(await link.getAttribute("href"), /\/cdn-cgi\/local\/.*X-Amz-Signature/);
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.match(download.suggestedFilename(), /^Scree \(preview\)/);
  assert.equal(await download.failure(), null);

  // On a page that was left open until the address is of no use any more.
  await page.clock.setFixedTime(Date.now() + 3_700_000);
  const [late] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.match(late.url(), /\/api\/Track\/73\/listen/);
  assert.equal(await late.failure(), null);
});

for (const width of [360, 1440]) {
  test(`preview: on a screen ${width} wide the player fits, above everything that can be pressed`, async () => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open("/albums/12");
    await button("Play Everything Above the Treeline").click();
    const [player] = await boxes("#player");
    assert.ok(player.x >= 0 && player.x + player.width <= width, JSON.stringify(player));
    const [tabs] = await boxes(".tabs");
    assert.ok(tabs.y >= player.y + player.height || tabs.y + tabs.height <= player.y);
    for (const part of await boxes("#player > *")) {
      assert.ok(part.x >= player.x && part.x + part.width <= player.x + player.width);
    }
    for (const pressed of await boxes(".play-button, #player button, #settings")) {
      assert.ok(pressed.width >= 40 && pressed.height >= 40, JSON.stringify(pressed));
    }
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    // At the end of the page the last line is not behind the player.
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const [imprint] = await boxes(".imprint p");
    assert.ok(imprint.y + imprint.height <= player.y, JSON.stringify([imprint, player]));
  });
}

test("preview: uploaded to the bucket with progress, then heard, also from its middle", async () => {
  await open("/albums/8");
  const title = await page.locator(".track-title").first().innerText();
  assert.equal(await page.locator(".track .play-button").count(), 0);
  const requests = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") requests.push(new URL(request.url()).pathname);
  });
  const bytes = silence(90);
  await throttle(12 * 1024 * 1024);
  await button(`More for ${title}`).click();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("menuitem", { name: "Upload a preview" }).click(),
  ]);
  await chooser.setFiles({ name: "silence.wav", mimeType: "audio/wav", buffer: bytes });
  await page.waitForFunction(() => {
    const value = document.querySelector(".upload progress")?.value ?? 0;
    return value > 0 && value < 1;
  });
  assert.match(await page.locator(".upload-text:visible").innerText(), /^\d+ % of 16 MB$/);
  await throttle(0);
  await toast(`“${title}” has a new preview.`).waitFor({ timeout: 30_000 });
  assert.equal(requests.length, 2);
  assert.match(requests[0], /^\/cdn-cgi\/local\/r2\/s3\/music-store-files\/previews\/\d+\//);
  assert.match(requests[1], /^\/api\/Track\/\d+\/setPreview$/);

  const parts = [];
  page.on("response", (response) => {
    if (!response.url().includes("/listen")) return;
    const range = response.headers()["content-range"] ?? "";
    parts.push([response.status(), Number(/^bytes (\d+)-/.exec(range)?.[1])]);
  });
  await button(`Play ${title}`).click();
  await page.waitForFunction(() => document.querySelector("audio").currentTime > 0);
  assert.equal(Math.round(await audio("duration")), 90);
  // Farther than what was buffered.
  await page.evaluate(() => (document.querySelector("audio").currentTime = 80));
  await page.waitForFunction(() => {
    const element = document.querySelector("audio");
    return !element.seeking && element.currentTime > 80;
  });
  assert.deepEqual([...new Set(parts.map(([status]) => status))], [206]);
  assert.ok(
    parts.some(([, first]) => first > bytes.length / 2),
    JSON.stringify(parts),
  );
});

test("upload permits: one kind, one length, one track", async () => {
  const permitFor = async (name, bytes) => ask("Track/43/permitPreview", "POST", { name, bytes });
  assert.equal((await permitFor("notes.txt", 10)).status, 422);
  assert.equal((await permitFor("long.wav", 21 * 1024 * 1024)).status, 413);
  const permit = await (await permitFor("short.wav", 5)).json();
  await assert.rejects(uploadSigned(permit, new Blob(["four"])), {
    message: "the upload was signed for 5 bytes, not for 4",
  });
  const declared = { ...permit.headers, "content-type": "text/html" };
  const other = await uploadSigned({ ...permit, headers: declared }, new Blob(["bytes"]));
  assert.deepEqual([other.ok, other.status], [false, 403]);
  assert.match(other.message, /^SignatureDoesNotMatch: /);
  const longer = { ...permit, headers: { "content-type": "audio/wav" } };
  assert.equal((await uploadSigned(longer, new Blob(["too many"]))).status, 403);

  const early = await ask("Track/43/setPreview", "PUT", { upload: permit.upload });
  assert.equal(early.status, 409, "nothing has arrived yet");
  const seen = [];
  const sent = await uploadSigned(permit, new Blob(["bytes"]), {
    onProgress: (progress) => seen.push(progress),
  });
  assert.equal(sent.ok, true, sent.message);
  assert.deepEqual(seen.at(-1), { sent: 5, total: 5 });
  const streamed = await uploadSigned(permit, new Blob(["flows"]).stream());
  assert.equal(streamed.ok, true, streamed.message);
  assert.equal((await ask("Track/44/setPreview", "PUT", { upload: permit.upload })).status, 409);
  assert.equal((await ask("Track/43/setPreview", "PUT", { upload: permit.upload })).status, 200);
  assert.equal(await (await ask("Track/43/listen")).text(), "flows");
});

const themeOf = (target) => target.evaluate(() => document.documentElement.dataset.theme ?? "auto");
/** Waits until the page has this ground. */
const ground = (colour) =>
  page.waitForFunction(
    (wanted) => getComputedStyle(document.body).backgroundColor === wanted,
    colour,
  );
const dark = "rgb(19, 17, 24)";
const light = "rgb(250, 246, 240)";

test("settings: shown at once, taken back by closing, kept by saving, forgotten on request", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await open("/");
  await button("Settings").click();
  const panel = page.getByRole("dialog", { name: "Settings" });
  await panel.getByText("Dark", { exact: true }).click();
  await ground(dark);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await ground(light);

  await button("Settings").click();
  await panel.getByText("Dark", { exact: true }).click();
  await panel.getByLabel("Albums are sorted by").selectOption("Newest first");
  await panel.getByLabel("Volume of previews").fill("35");
  await panel.getByRole("switch", { name: "Play the next track" }).uncheck();
  await panel.getByRole("button", { name: "Save" }).click();
  await toast("Your settings are saved.").waitFor();
  await page.reload();
  await page.locator(".controls").waitFor();
  await ground(dark);
  assert.equal(await page.getByLabel("Order").inputValue(), "newest");
  assert.equal(await page.locator(".grid .card-title").first().innerText(), "Golden Mile");
  assert.equal(Math.round((await audio("volume")) * 100), 35);

  // Another browser that knows nothing but the key.
  const key = await page.evaluate(() => localStorage.getItem("settings-key"));
  const elsewhere = await openPage(browser, server.url);
  await elsewhere.context.addInitScript(
    (known) => localStorage.setItem("settings-key", known),
    key,
  );
  await elsewhere.page.goto("/");
  await elsewhere.page.locator(".controls").waitFor();
  assert.equal(await themeOf(elsewhere.page), "dark");
  assert.equal(await elsewhere.page.getByLabel("Order").inputValue(), "newest");
  await elsewhere.context.close();
  assert.deepEqual(elsewhere.complaints, []);

  const stored = await (await ask(`Settings/get?key=${key}`)).json();
  assert.deepEqual(
    { ...stored.value, changed: typeof stored.value.changed },
    { theme: "dark", order: "newest", volume: 35, playOn: false, changed: "string" },
  );
  await button("Settings").click();
  await panel.getByRole("button", { name: "Forget my settings" }).click();
  await toast("Your settings are forgotten.").waitFor();
  await ground(light);
  assert.equal((await ask(`Settings/get?key=${key}`)).status, 404);
});

test("settings: a save that cannot reach the store says so, and other values are refused", async () => {
  await open("/genres");
  await page.route("**/api/Settings/**", (route) => route.abort());
  await button("Settings").click();
  const panel = page.getByRole("dialog", { name: "Settings" });
  await panel.getByText("Light", { exact: true }).click();
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByRole("alert").getByText("The store cannot be reached.").waitFor();
  const value = {
    theme: "dark",
    order: "title",
    volume: "loud",
    playOn: true,
    changed: new Date(),
  };
  const refused = await ask("Settings/save", "POST", { key: "k", value });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /value\.volume/);
});
