// The demo's page as a visitor who only looks around: lists, search, pages, errors, phones, keyboards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page } from "../support/store-visit.mjs";

const cards = (selector = ".section:last-of-type .grid .card-title") =>
  page.locator(selector).allTextContents();

test("front: all albums, the newest and the loved, and how large the store is", async () => {
  await open("/");
  assert.equal(await page.title(), "Sidetrack Records");
  assert.match(
    await page.locator(".hero").innerText(),
    /30 albums by 12 artists: 191 tracks, 16 h 10 min/,
  );
  const titles = await cards();
  assert.equal(titles.length, 30);
  assert.deepEqual(
    titles,
    [...titles].sort((one, other) => one.localeCompare(other)),
  );
  const [justIn, loved] = await page.locator(".shelf").all();
  assert.equal(await justIn.locator(".card-title").first().innerText(), "Golden Mile");
  assert.equal(
    await loved.locator(".stars").first().getAttribute("aria-label"),
    "5 of 5 stars, 2 reviews",
  );
});

test("front: order and genre are chosen, and kept in the address", async () => {
  await open("/");
  await page.getByLabel("Order").selectOption("Newest first");
  assert.equal((await cards())[0], "Golden Mile");
  await page.getByLabel("Genre").selectOption("Post-rock");
  assert.deepEqual(await cards(), [
    "Everything Above the Treeline",
    "Steel City Psalms",
    "Moorland Signals",
  ]);
  assert.equal(await page.locator(".shown").innerText(), "3 albums");
  await page.reload();
  await page.locator(".shown").waitFor();
  assert.equal((await cards()).length, 3);
});

test("search: narrows while it is typed, says when there is nothing, goes back", async () => {
  await open("/genres");
  const field = page.getByRole("searchbox", { name: "Search albums" });
  await field.pressSequentially("rai");
  await page.getByRole("heading", { name: "“rai”" }).waitFor();
  const many = await page.locator(".track-title").allTextContents();
  assert.ok(many.includes("Rain on Zinc") && many.includes("Trailhead"), many.join());
  await field.pressSequentially("n on");
  await page.getByRole("heading", { name: "“rain on”" }).waitFor();
  assert.deepEqual(await page.locator(".track-title").allTextContents(), ["Rain on Zinc"]);
  assert.equal(await page.locator("#announcer").textContent(), "1 result for rain on");
  assert.ok(await field.evaluate((input) => input === document.activeElement), "the focus stays");
  await field.fill("100% _quiet_ '; DROP TABLE Album; --");
  await page.getByText("Nothing found").waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "Genres", level: 1 }).waitFor();
  await open("/search?q=Kestrel");
  assert.equal(await field.inputValue(), "Kestrel");
  await page.getByRole("link", { name: "Kestrel & Vale" }).click();
  await page.getByRole("heading", { name: "Kestrel & Vale", level: 1 }).waitFor();
});

test("album: artist, genres up to the root, tracks in order, story, reviews", async () => {
  await open("/");
  await page.locator(".section:last-of-type").getByRole("link", { name: "Dry Dock" }).click();
  await page.getByRole("heading", { name: "Dry Dock", level: 1 }).waitFor();
  assert.equal(await page.title(), "Dry Dock · Sidetrack Records");
  assert.ok(
    await page.evaluate(() => document.activeElement?.tagName === "H1"),
    "the heading has the focus",
  );
  assert.deepEqual(
    await page.getByLabel("Genre", { exact: true }).getByRole("link").allTextContents(),
    ["Rock", "Dream pop", "Shoegaze"],
  );
  const facts = await page.locator(".lead").innerText();
  for (const fact of ["Marble Harbour", "14 September 2012", "6 tracks", "31 min", "€11.50"]) {
    assert.ok(facts.includes(fact), `${fact} in ${facts}`);
  }
  assert.deepEqual(await page.locator(".track-title").allTextContents(), [
    "Keel",
    "Slipway",
    "Salt in the Tape",
    "Foghorn Lullaby",
    "Rivet Song",
    "Low Water",
  ]);
  assert.equal(
    await page.locator(".track").last().getByRole("link").innerText(),
    "Rain on the window",
  );
  assert.match(await page.locator(".story").innerText(), /empty dry dock/);
  assert.deepEqual(await page.locator(".review strong").allTextContents(), ["Tobias K.", "Maren"]);
});

test("genres: a tree with counts, and the albums below a branch", async () => {
  await open("/genres");
  const rock = page.locator(".genre-tree").filter({ hasText: "Rock" });
  assert.deepEqual(await rock.locator("a").allInnerTexts(), [
    "Rock\n7 albums",
    "Dream pop\n3 albums",
    "Shoegaze\n1 album",
    "Post-rock\n3 albums",
    "Power pop\n1 album",
  ]);
  await rock.getByRole("link", { name: "Dream pop" }).click();
  await page.getByRole("heading", { name: "Dream pop", level: 1 }).waitFor();
  assert.deepEqual(await cards("main .card-title"), [
    "A Map of the Undertow",
    "Breakwater Hours",
    "Dry Dock",
  ]);
  assert.deepEqual(await page.getByLabel("Finer genres").getByRole("link").allTextContents(), [
    "Shoegaze",
  ]);
});

test("what is not there: a person's words, and no dead end", async () => {
  await open("/albums/4711");
  await page.getByRole("alert").getByText("That is no longer in the store.").waitFor();
  await open("/no/such/place");
  await page.getByRole("link", { name: "To the albums" }).click();
  await page.getByRole("heading", { name: "Music worth the detour." }).waitFor();
});

test("offline and broken: the reason and a way to try again", async () => {
  await open("/playlists");
  await page.route("**/api/**", (route) => route.abort("internetdisconnected"));
  await page.getByRole("link", { name: "Artists" }).click();
  const alert = page.getByRole("alert");
  await alert.getByText("The store cannot be reached. Check your connection").waitFor();
  await page.unroute("**/api/**");
  await page.route("**/api/**", (route) =>
    route.fulfill({ status: 500, contentType: "text/plain", body: "The shelves fell over." }),
  );
  await alert.getByRole("button", { name: "Try again" }).click();
  await alert.getByText("The shelves fell over.").waitFor();
  await page.unroute("**/api/**");
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "Oona Verrill" }).waitFor();
});

test("slow: a skeleton stands in, and screen readers hear of it", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api/**", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  await page.locator(".skeleton .bone").first().waitFor();
  assert.equal(await page.getByRole("status").first().textContent(), "Loading");
  assert.equal(await page.locator("main").getAttribute("aria-busy"), "true");
  release();
  await page.getByRole("heading", { name: "All albums" }).waitFor();
  assert.equal(await page.locator("main").getAttribute("aria-busy"), null);
});

test("keyboard: skip link, search by slash, menus by arrows, dialogs give the focus back", async () => {
  await open("/albums/4");
  await page.keyboard.press("Tab");
  assert.equal(
    await page.evaluate(() => document.activeElement?.textContent),
    "Skip to the content",
  );
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "search");
  const more = page.getByRole("button", { name: "More for Kettle" });
  await more.focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await more.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Edit");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Edit “Kettle”" });
  await dialog.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "title");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await more.evaluate((button) => button === document.activeElement));
});

test("history: back returns to the place in the list", async () => {
  await open("/");
  const link = page.locator(".section:last-of-type").getByRole("link", { name: "Timetable" });
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  assert.ok(before > 500);
  await link.click();
  await page.getByRole("heading", { name: "Timetable", level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  await page.goBack();
  await page.getByRole("heading", { name: "All albums" }).waitFor();
  await page.waitForFunction((wanted) => Math.abs(window.scrollY - wanted) < 40, before);
});

const everyView = [
  "/",
  "/albums/12",
  "/artists",
  "/artists/2",
  "/genres",
  "/genres/1",
  "/playlists",
  "/playlists/2",
  "/search?q=li",
  "/nowhere",
];

for (const width of [360, 390, 1440]) {
  test(`layout: nothing reaches beyond a screen ${width} wide`, async () => {
    await page.setViewportSize({ width, height: 844 });
    await open("/");
    const icon = page.locator(".tab-icon").first();
    assert.equal(await icon.isVisible(), width < 768, "sections have icons on phones alone");
    for (const view of everyView) {
      await open(view);
      assert.deepEqual(await beyondTheEdge(width), [], view);
    }
    await open("/albums/12");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await beyondTheEdge(width), [], "dialog");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("dialog", { name: "Settings" }).waitFor();
    assert.deepEqual(await beyondTheEdge(width), [], "settings");
  });
}

/** Visible elements that are cut off or need sideways scrolling; shelves scroll by themselves. */
function beyondTheEdge(width) {
  return page.evaluate((edge) => {
    if (document.documentElement.scrollWidth > edge)
      return [`the page is ${document.documentElement.scrollWidth} wide`];
    const scrolls = (element) => element.closest(".shelf, .hero-covers, .hidden, svg") !== null;
    return [...document.querySelectorAll("body *")]
      .filter((element) => !scrolls(element))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.right > edge + 1 || box.left < -1))
      .map(
        ({ element, box }) => `${element.tagName}.${element.className} ${box.left} to ${box.right}`,
      );
  }, width);
}

test("phone: the sections are at the foot, large enough for a thumb", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("/");
  const tabs = await page.getByRole("navigation", { name: "Sections" }).boundingBox();
  assert.ok(tabs.y + tabs.height >= 843, JSON.stringify(tabs));
  for (const link of await page.locator(".tabs a").all()) {
    const box = await link.boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box));
  }
});

/** Contrast of the text of `selector` with the page behind it, as WCAG 2 counts it. */
function contrast(selector) {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const luminance = (color) => {
        const [red, green, blue] = color.match(/[\d.]+/g).map((part) => {
          const value = Number(part) / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      let behind = element;
      const isClear = (color) => color === "transparent" || /, 0\)$/.test(color);
      while (isClear(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
      const [light, dark] = [
        getComputedStyle(element).color,
        getComputedStyle(behind).backgroundColor,
      ]
        .map(luminance)
        .sort((one, other) => other - one);
      return (light + 0.05) / (dark + 0.05);
    });
}

for (const colorScheme of ["light", "dark"]) {
  test(`${colorScheme}: the page follows the system, and its text can be read`, async () => {
    await page.emulateMedia({ colorScheme });
    await open("/");
    const page_ = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(page_, colorScheme === "light" ? "rgb(250, 246, 240)" : "rgb(19, 17, 24)");
    for (const selector of [
      ".card-title",
      ".card-text",
      ".lead-text",
      ".imprint p",
      ".hero .button",
      ".shown",
    ]) {
      const ratio = await contrast(selector);
      assert.ok(ratio >= 4.5, `${selector}: ${ratio.toFixed(2)}`);
    }
  });
}

for (const [chosen, system, ground] of [
  ["dark", "light", "rgb(19, 17, 24)"],
  ["light", "dark", "rgb(250, 246, 240)"],
]) {
  test(`${chosen} by choice on a ${system} system: from the first moment, and it can be read`, async () => {
    await page.emulateMedia({ colorScheme: system });
    await page.addInitScript((theme) => {
      const choices = { theme, order: "price", volume: 50, playOn: true, changed: new Date() };
      localStorage.setItem("settings", JSON.stringify(choices));
    }, chosen);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.route("**/main.js", (route) => route.abort());
    await page.goto("/");
    assert.equal(await background(), ground, "before the page's script has come");
    await page.unroute("**/main.js");
    await open("/");
    assert.equal(await background(), ground);
    assert.equal(await page.getByLabel("Order").inputValue(), "price");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("dialog", { name: "Settings" }).waitFor();
    for (const selector of [
      ".card-title",
      ".lead-text",
      ".dialog .muted",
      ".segment:has(:checked)",
      ".segment:not(:has(:checked))",
      ".switch-line span",
      ".with-value output",
      ".link-button",
    ]) {
      const ratio = await contrast(selector);
      assert.ok(ratio >= 4.5, `${selector}: ${ratio.toFixed(2)}`);
    }
  });
}
