// The demo's page as somebody who runs the store: create, edit, delete, refuse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../support/browser.mjs";
import { serveStore } from "../support/demo-store.mjs";
import { browser, button, open, page, toast } from "../support/store-visit.mjs";

const heading = (name) => page.getByRole("heading", { name, level: 1, exact: true });

/** Fills and sends the form for a new album that has two tracks. */
async function addAlbum({ title, newArtist }) {
  await open("/");
  await button("Add an album").click();
  const dialog = page.getByRole("dialog", { name: "Add an album" });
  await dialog.getByLabel("Title", { exact: true }).fill(title);
  if (newArtist !== undefined) {
    await dialog.getByLabel("Artist", { exact: true }).selectOption("Somebody new…");
    await dialog.getByLabel("Name of the new artist").fill(newArtist);
  }
  await dialog.getByLabel("Genre").selectOption({ value: "18" });
  await dialog.getByLabel("Released").fill("2025-02-28");
  await dialog.getByLabel("Price").fill("9.99");
  await dialog.getByLabel("The story behind it").fill("Made in a test.");
  const titles = dialog.getByLabel("Title of the track");
  const lengths = dialog.getByLabel("Length in minutes and seconds");
  await titles.nth(0).fill("First of two");
  await lengths.nth(0).fill("2:05");
  await titles.nth(1).fill("Second of two");
  await lengths.nth(1).fill("10:00");
  return dialog;
}

test("album: created with its artist, story and tracks in one save", async () => {
  const dialog = await addAlbum({ title: "Test Pressing <b>&</b>", newArtist: "The Fixtures" });
  await dialog.getByRole("button", { name: "Add the album" }).click();
  await heading("Test Pressing <b>&</b>").waitFor();
  const lead = await page.locator(".lead").innerText();
  for (const fact of [
    "The Fixtures",
    "28 February 2025",
    "2 tracks",
    "12 min",
    "€9.99",
    "Chamber",
  ]) {
    assert.ok(lead.includes(fact), `${fact} in ${lead}`);
  }
  assert.equal(await page.locator(".story").innerText(), "Made in a test.");
  assert.deepEqual(await page.locator(".track-time").allTextContents(), ["2:05", "10:00"]);
  await page.reload();
  await heading("Test Pressing <b>&</b>").waitFor();
  await open("/artists");
  assert.equal(await page.getByRole("link", { name: "The Fixtures 1 album" }).count(), 1);
  await open("/");
  assert.equal(await page.locator(".section:last-of-type .card").count(), 31);
});

test("album: a wrong length is explained, and nothing typed is lost", async () => {
  const dialog = await addAlbum({ title: "Half Done" });
  await dialog.getByLabel("Length in minutes and seconds").nth(1).fill("soon");
  await dialog.getByRole("button", { name: "Add the album" }).click();
  await dialog.getByRole("alert").getByText("How long is “Second of two”?").waitFor();
  assert.equal(await dialog.getByLabel("Title", { exact: true }).inputValue(), "Half Done");
});

test("album: a save that cannot reach the store says so, and works when it can", async () => {
  const dialog = await addAlbum({ title: "Second Attempt" });
  await page.route("**/api/Album/save*", (route) => route.abort());
  await dialog.getByRole("button", { name: "Add the album" }).click();
  await dialog.getByRole("alert").getByText("The store cannot be reached.").waitFor();
  await page.unroute("**/api/Album/save*");
  await dialog.getByRole("button", { name: "Add the album" }).click();
  await heading("Second Attempt").waitFor();
});

test("album: edited, and its tracks and reviews left alone", async () => {
  await open("/albums/2");
  await button("Edit").click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByLabel("Released").inputValue(), "2016-05-06");
  await dialog.getByLabel("Title", { exact: true }).fill("Breakwater Days");
  await dialog.getByLabel("Price").fill("13.25");
  await dialog.getByLabel("The story behind it").fill("A new story.");
  await dialog.getByRole("button", { name: "Save" }).click();
  await heading("Breakwater Days").waitFor();
  await toast("The album is saved.").waitFor();
  assert.equal(await page.locator(".price").innerText(), "€13.25");
  assert.equal(await page.locator(".story").innerText(), "A new story.");
  assert.equal(await page.locator(".track").count(), 7);
  assert.equal(await page.locator(".review").count(), 2);
  assert.equal(
    await page.evaluate(() => document.activeElement?.id),
    "edit-album",
    "the focus is back",
  );
});

test("album: deleted only after a yes, with everything on it", async () => {
  await open("/albums/19");
  await button("Delete").click();
  const question = page.getByRole("alertdialog", { name: "Delete “Brushes”?" });
  assert.match(await question.innerText(), /6 tracks will be deleted with it/);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Cancel");
  await question.getByRole("button", { name: "Cancel" }).click();
  await heading("Brushes").waitFor();
  await button("Delete").click();
  await question.getByRole("button", { name: "Delete" }).click();
  await heading("Music worth the detour.").waitFor();
  await toast("“Brushes” is deleted.").waitFor();
  assert.equal(await page.getByRole("link", { name: /^Brushes/ }).count(), 0);
  await open("/playlists/1");
  assert.equal(await page.getByText("Rain on Zinc").count(), 0, "its track left the playlist");
  assert.equal((await page.getByText("Softer than Rain").count()) > 0, true);
});

test("track: added, edited, deleted", async () => {
  await open("/albums/30");
  await button("Add a track").click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByLabel("Number").inputValue(), "8");
  await dialog.getByLabel("Title").fill("Hidden Track");
  await dialog.getByLabel("Length").fill("1:61");
  await dialog.getByRole("button", { name: "Add the track" }).click();
  await dialog.getByRole("alert").getByText("minutes and seconds, like 3:45").waitFor();
  await dialog.getByLabel("Length").fill("0:33");
  await dialog.getByRole("button", { name: "Add the track" }).click();
  const row = page.locator(".track").last();
  await row.getByText("Hidden Track").waitFor();
  assert.match(await row.innerText(), /8[^]*0:33/);

  await page.getByRole("button", { name: "More for Hidden Track" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await dialog.getByLabel("Title").fill("Found Track");
  await dialog.getByRole("button", { name: "Save" }).click();
  await row.getByText("Found Track").waitFor();

  await page.getByRole("button", { name: "More for Found Track" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await toast("“Found Track” is deleted.").waitFor();
  assert.equal(await page.locator(".track").count(), 7);
});

test("playlist: started, filled, a second time refused, taken off, deleted", async () => {
  await open("/playlists");
  await button("New playlist").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Night drive");
  await dialog.getByRole("button", { name: "Start the playlist" }).click();
  await dialog.getByRole("alert").getByText("There is one with this name already.").waitFor();
  await dialog.getByLabel("Name").fill("For tests only");
  await dialog.getByRole("button", { name: "Start the playlist" }).click();
  await heading("For tests only").waitFor();
  await page.getByText("Nothing to hear yet").waitFor();

  const finder = page.getByLabel("Title of a track");
  await finder.fill("kettle");
  await button("Add Kettle").click();
  await toast("“Kettle” is on the list.").waitFor();
  assert.match(await page.locator(".lead").innerText(), /1 track[^s]/);
  await finder.fill("kettle");
  await button("Add Kettle").click();
  await page
    .locator(".toast.error")
    .getByText("“Kettle” is already on “For tests only”.")
    .waitFor();

  await button("Take Kettle off this playlist").click();
  await toast("“Kettle” is off the list.").waitFor();
  await page.getByText("Nothing to hear yet").waitFor();
  await button("Delete").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await heading("Playlists").waitFor();
  assert.equal(await page.getByText("For tests only", { exact: true }).count(), 0);
});

test("playlist: a track goes on one from its album, and on a new one", async () => {
  await open("/albums/5");
  const pick = async (list) => {
    await page.getByRole("button", { name: "More for Paper Boats" }).click();
    await page.getByRole("menuitem", { name: "Add to a playlist" }).click();
    await page.getByRole("dialog").getByLabel(list).check();
  };
  const row = page.locator(".track").filter({ hasText: "Paper Boats" });
  await pick("Before breakfast");
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await row.getByRole("link", { name: "Before breakfast" }).waitFor();
  await pick("A new playlist…");
  await page.getByLabel("Name of the new playlist").fill("Things that float");
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await row.getByRole("link", { name: "Things that float" }).click();
  await heading("Things that float").waitFor();
  assert.deepEqual(await page.locator(".track-title").allTextContents(), ["Paper Boats"]);
});

test("review: must be signed, then posted, and its author may delete it", async () => {
  await open("/albums/8");
  await page.getByText("Nobody has reviewed this album yet.").waitFor();
  await page.locator("label[for=stars-4]").click();
  await page.getByLabel("Your review").fill("Plain, in the best way. 雨 🌧");
  await button("Post review").click();
  await page.getByRole("alert").getByText("Please tell us your name").waitFor();
  await page.getByLabel("Your name").fill("Zoë Ńowak");
  await button("Post review").click();
  await toast("Your review is posted.").waitFor();
  const review = page.locator(".review");
  assert.match(await review.innerText(), /Zoë Ńowak[^]*Plain, in the best way. 雨 🌧/);
  assert.equal(await review.locator(".stars").getAttribute("aria-label"), "4 of 5 stars");
  await button("Delete your review").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nobody has reviewed this album yet.").waitFor();
});

test("artist: edited; deleting is refused in words while there are albums", async () => {
  await open("/artists/12");
  await button("Edit").click();
  await page.getByRole("dialog").getByLabel("From").fill("Kobe, Japan");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.locator(".facts").getByText("Kobe, Japan").waitFor();
  await button("Delete").click();
  const question = page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Delete" }).click();
  await question
    .getByRole("alert")
    .getByText("Pocket Thunder still has an album in the store.")
    .waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  await heading("Pocket Thunder").waitFor();
});

test("a store that is closed for changes: looking works, changing is refused in words", async () => {
  const closed = await serveStore({ vars: { readOnly: "yes" } });
  const visit = await openPage(browser, closed.url);
  try {
    await visit.page.goto("/playlists/5");
    await visit.page.getByRole("button", { name: "Take Delta off this playlist" }).click();
    await visit.page
      .locator(".toast.error")
      .getByText("The store is closed for changes at the moment.")
      .waitFor();
    await visit.page.getByRole("button", { name: "Close this message" }).click();
    await visit.page.locator(".toast").waitFor({ state: "detached" });
    assert.equal(await visit.page.getByText("Delta", { exact: true }).count(), 1);
    assert.deepEqual(visit.complaints, []);
  } finally {
    await visit.context.close();
    await closed.stop();
  }
});
