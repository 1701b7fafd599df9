// Headless Chromium of the system, and pages that remember what went wrong in them.

import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const usualPlaces = [
  "/usr/bin/chromium",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of Chromium: `CHROMIUM`, the search path, or where it usually is. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = [process.env.CHROMIUM, ...onPath, ...usualPlaces].find(isExecutable);
  if (found === undefined) throw new Error("Chromium is not installed; set CHROMIUM to its path");
  return found;
}

let shared = null;
let users = 0;

/**
 * Starts a browser that talks to nobody but the pages it opens: one for all test files that a process runs. It ends when each
 * of those has closed it.
 */
export async function launchBrowser() {
  users += 1;
  shared ??= launch();
  return shared;
}

async function launch() {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const close = browser.close.bind(browser);
  browser.close = async () => {
    users -= 1;
    if (users > 0) return;
    shared = null;
    await close();
  };
  return browser;
}

/**
 * Opens a page in a context of its own. `complaints` collects uncaught errors and console errors; the browser's
 * own line about an HTTP status is none, since tests provoke those. `foreign` collects requests to other origins.
 */
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: origin,
    ...options,
  });
  const page = await context.newPage();
  // Long: a busy machine fails no test.
  page.setDefaultTimeout(30_000);
  const complaints = [];
  const foreign = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) foreign.push(request.url());
  });
  return { page, context, complaints, foreign };
}

function isExecutable(file) {
  if (!file) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
