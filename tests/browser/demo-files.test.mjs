// The demo's page with files: covers and master recordings, sent with progress, shown, saved, replaced and removed.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { button, open, page, server, throttle, toast } from "../support/store-visit.mjs";

let folder;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "music-files-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const mebibyte = 1024 * 1024;
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
const bar = () => page.getByRole("progressbar");

/** A picture of `size` pixels square, drawn by the browser: noise, so that it is large, or one colour. */
async function picture(size, type = "image/png", colour = null) {
  const base64 = await page.evaluate(
    async ([side, format, fill]) => {
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext("2d");
      if (fill !== null) {
        context.fillStyle = fill;
        context.fillRect(0, 0, side, side);
      } else {
        const image = context.createImageData(side, side);
        for (let at = 0; at < image.data.length; at += 65_536) {
          crypto.getRandomValues(image.data.subarray(at, at + 65_536));
        }
        for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
        context.putImageData(image, 0, 0);
      }
      const bytes = new Uint8Array(
        await (await canvas.convertToBlob({ type: format })).arrayBuffer(),
      );
      let binary = "";
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    },
    [size, type, colour],
  );
  return Buffer.from(base64, "base64");
}

/** Chooses `file` in the dialog that `opener` opens. */
async function choose(opener, file) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), opener.click()]);
  await chooser.setFiles(file);
}

/** Waits until the bar stands somewhere between its ends, and answers where. */
async function midway() {
  const seen = await page.waitForFunction(() => {
    const value = document.querySelector(".upload progress")?.value ?? 0;
    return value > 0 && value < 1 ? value : null;
  });
  return seen.jsonValue();
}

/** Whether the picture that `locator` finds has arrived, and its colour in the middle. */
function shown(locator) {
  return locator.evaluate(async (image) => {
    await image.decode();
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, 1, 1);
    return `#${[...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  });
}

const sleeve = () => page.locator(".sleeve .cover img");

test("cover: uploaded with progress, shown on the page and in lists, replaced, removed", async () => {
  await open("/albums/5");
  assert.equal(await sleeve().count(), 0);
  await throttle(300_000);
  const large = await picture(500);
  await choose(button("Upload a cover"), {
    name: "noise.png",
    mimeType: "image/png",
    buffer: large,
  });
  const first = await midway();
  assert.match(await page.locator(".upload-text").innerText(), /^\d+ % of \d+ kB$/);
  await page.waitForFunction((before) => {
    const value = document.querySelector(".upload progress")?.value ?? 0;
    return value > before;
  }, first);
  await throttle(0);
  await toast("“Letters to Alfama” has a new cover.").waitFor();
  await sleeve().waitFor();
  assert.equal(await bar().count(), 0);
  assert.match(await shown(sleeve()), /^#/);
  const source = await sleeve().getAttribute("src");
  const answer = await fetch(source);
  assert.equal(digest(new Uint8Array(await answer.arrayBuffer())), digest(large));
  assert.equal(answer.headers.get("content-type"), "image/png");
  const through = `${server.url}/api/Album/5/picture`;
  const again = await fetch(through, {
    headers: { "if-none-match": answer.headers.get("etag") },
  });
  assert.deepEqual(
    [again.status, again.headers.get("cache-control"), await again.text()],
    [304, "no-cache", ""],
  );
  const album = await (await fetch(`${server.url}/api/Album/get?id=5&__datasource=none`)).json();
  const keyed = await fetch(`${through}?key=${encodeURIComponent(album.coverKey)}`);
  assert.equal(keyed.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal(keyed.headers.get("content-security-policy"), "default-src 'none'; sandbox");
  assert.equal(digest(new Uint8Array(await keyed.arrayBuffer())), digest(large));

  await choose(button("Replace cover"), {
    name: "green.webp",
    mimeType: "image/webp",
    buffer: await picture(64, "image/webp", "#00aa44"),
  });
  await page.waitForFunction(
    (old) => document.querySelector(".sleeve img")?.getAttribute("src") !== old,
    source,
  );
  assert.match(await shown(sleeve()), /^#0[0-4]a[0-9a-f]4[0-9a-f]$/);
  await open("/");
  const card = page.locator(".section:last-of-type .card", { hasText: "Letters to Alfama" });
  await card.scrollIntoViewIfNeeded();
  assert.match(await shown(card.locator(".cover img")), /^#0[0-4]a/);
  await open("/search?q=alfama");
  assert.ok((await page.locator(".cover img").count()) > 0);

  await open("/albums/5");
  await button("Remove").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await toast("The cover is removed.").waitFor();
  assert.equal(await sleeve().count(), 0);
  assert.equal(await page.locator(".sleeve .cover svg").count(), 1);
  assert.equal((await fetch(through)).status, 404);
  assert.equal((await fetch(source)).status, 404, "the picture itself is gone");
});

test("cover: what is no picture and what is too large are refused in words, and nothing changes", async () => {
  await open("/albums/6");
  await choose(button("Upload a cover"), {
    name: "holiday.png",
    mimeType: "image/png",
    buffer: Buffer.from("<svg onload='alert(1)'>"),
  });
  await toast("That file is not a picture we can show. Please choose a PNG, JPEG").waitFor();
  await choose(button("Upload a cover"), {
    name: "poster.png",
    mimeType: "image/png",
    buffer: Buffer.alloc(6 * mebibyte),
  });
  await toast("That picture is too large. A cover may have up to 5 MB.").waitFor();
  assert.equal(await page.locator(".upload:visible").count(), 0);
  await page.reload();
  await button("Upload a cover").waitFor();
  for (const [size, words] of [
    [6, "That picture is too large. A cover may have up to 5 MB."],
    [40, "That is larger than the store takes."],
  ]) {
    const refused = await fetch(`${server.url}/api/Album/6/setCover`, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: new Uint8Array(size * mebibyte),
    });
    assert.deepEqual([refused.status, await refused.text()], [413, words]);
  }
  assert.equal((await fetch(`${server.url}/api/Album/6/picture`)).status, 404);
});

test("cover: an upload can be stopped, and the page is as it was", async () => {
  await open("/albums/7");
  await throttle(150_000);
  await choose(button("Upload a cover"), {
    name: "noise.png",
    mimeType: "image/png",
    buffer: await picture(600),
  });
  await midway();
  await button("Stop the upload").click();
  await bar().waitFor({ state: "hidden" });
  assert.equal(await page.locator(".toast").count(), 0);
  await button("Upload a cover").waitFor();
});

test("master: a large file goes in with progress and comes out as it was", async () => {
  const file = path.join(folder, "Zwölf “A”.flac");
  const bytes = randomBytes(64 * mebibyte);
  await writeFile(file, bytes);
  await open("/albums/8");
  const title = await page.locator(".track-title").first().innerText();
  await button(`More for ${title}`).click();
  await throttle(25 * mebibyte);
  await choose(page.getByRole("menuitem", { name: "Upload the master" }), file);
  await midway();
  await throttle(0);
  await toast(`The master recording of “${title}” is in the store.`).waitFor({ timeout: 30_000 });
  const link = page.getByRole("link", { name: `Save the master recording of ${title}, 67 MB` });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.equal(download.suggestedFilename().normalize(), "Zwölf “A”.flac");
  const saved = path.join(folder, "saved");
  await download.saveAs(saved);
  assert.equal(digest(await readFile(saved)), digest(bytes));
  const answer = await fetch(new URL(await link.getAttribute("href"), server.url));
  assert.deepEqual(
    [answer.headers.get("content-type"), answer.headers.get("content-length")],
    ["audio/flac", String(bytes.length)],
  );
  await answer.body.cancel();
  const unmeasured = await fetch(`${server.url}/api/Track/1/setMaster`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream", "x-file-name": "a.wav" },
    body: new Blob(["x"]).stream(),
    duplex: "half",
  });
  assert.equal(unmeasured.status, 411);

  await button(`More for ${title}`).click();
  await page.getByRole("menuitem", { name: "Remove the master" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await toast("The master recording is removed.").waitFor();
  assert.equal(await link.count(), 0);
});

test("master: other kinds of files are refused in words", async () => {
  await open("/albums/9");
  const title = await page.locator(".track-title").first().innerText();
  await button(`More for ${title}`).click();
  await choose(page.getByRole("menuitem", { name: "Upload the master" }), {
    name: "notes.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("no music"),
  });
  await toast("That is not a recording we can keep. Please choose a WAV").waitFor();
});
