// Pages of other origins in Chromium: one that the app lists, and one that it does not.

import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "../support/browser.mjs";
import { bundleForClient } from "../support/client-bundle.mjs";
import { prepareProject, serveProject } from "../support/project.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = path.join(root, "build/browser-cross-origin");
let server, browser, friend, stranger;

/** A site of its own origin: an empty page and the generated client. */
function startSite() {
  const site = http.createServer(async (request, response) => {
    const isScript = request.url === "/client.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? await readFile(path.join(folder, "page.js")) : "<!doctype html>");
  });
  return new Promise((resolve) => {
    site.listen(0, "127.0.0.1", () =>
      resolve({ origin: `http://127.0.0.1:${site.address().port}`, stop: () => site.close() }),
    );
  });
}

before(async () => {
  [friend, stranger] = await Promise.all([startSite(), startSite()]);
  const source = `${folder}-source`;
  await rm(source, { recursive: true, force: true });
  await cp(path.join(root, "tests/e2e/projects/crossed"), source, { recursive: true });
  const file = path.join(source, "src/app.cloesce.ts");
  await writeFile(file, (await readFile(file, "utf8")).replace("http://page.test", friend.origin));
  server = await serveProject(
    await prepareProject(source, "browser-cross-origin", { database: null }),
  );
  await bundleForClient(
    `export * from ${JSON.stringify(path.join(folder, ".generated/client.ts"))};`,
    path.join(folder, "page.js"),
  );
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  friend?.stop();
  stranger?.stop();
  await server?.stop();
});

/** Runs `steps(client, base)` in a page of `site`. */
async function inPage(site, steps, options = {}) {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    return await page.evaluate(
      async ([text, base]) => {
        const client = await import("/client.js");
        client.configure({ baseUrl: base });
        // eslint-disable-next-line no-eval
        return await (0, eval)(text)(client, base);
      },
      [steps.toString(), `${server.url}/api`],
    );
  } finally {
    await context.close();
  }
}

test("cross-origin: the generated client works from an origin of the list, HEAD of an object too", async () => {
  const done = await inPage(friend, async ({ Door, Picture }) => {
    const put = await Picture.put("a b.png", new Blob(["xyz"]), "image/png", { by: "ada" });
    const head = await Picture.head("a b.png");
    const got = await Picture.get("a b.png");
    const text = await Door.write("written");
    const echo = await Door.echo(new Blob(["stream"]).stream());
    return {
      put: [put.ok, put.data?.head.size],
      head: [head.ok, head.data?.size, head.data?.customMetadata, head.data?.key],
      got: [got.ok, await new Response(got.data).text()],
      text: text.data,
      echo: await new Response(echo.data).text(),
    };
  });
  assert.deepEqual(done, {
    put: [true, 3],
    head: [true, 3, { by: "ada" }, "a b.png"],
    got: [true, "xyz"],
    text: "WRITTEN",
    echo: "stream",
  });
});

test("cross-origin: a preflighted request with credentials and a header of its own, and what it may read", async () => {
  const seen = await inPage(friend, async (_client, base) => {
    // The cookie is the Worker's: 127.0.0.1 is one site, whatever the port.
    document.cookie = "session=7";
    const response = await fetch(`${base}/Door/who`, {
      credentials: "include",
      headers: { "x-token": "go" },
    });
    return [response.status, await response.json(), response.headers.get("x-seen")];
  });
  assert.deepEqual(seen, [200, "session=7", "yes"]);
});

test("cross-origin: failures, refusals of hooks and unknown routes can be read too", async () => {
  const seen = await inPage(friend, async (_client, base) => {
    const answers = [];
    for (const [target, headers] of [
      ["Door/refuses"],
      ["Door/fails"],
      ["Door/nothing"],
      ["Door/write"],
      ["Door/who", { "x-token": "stop" }],
      ["Picture/head?key=none"],
    ]) {
      const response = await fetch(`${base}/${target}`, { headers });
      answers.push([response.status, await response.text()]);
    }
    return answers;
  });
  assert.deepEqual(seen, [
    [418, "no tea here"],
    [500, "CLO1500: internal error"],
    [404, "CLO1001: no such route"],
    [405, "CLO1002: this path takes PUT"],
    [403, "stopped"],
    [405, "CLO1002: this path takes HEAD"],
  ]);
});

test("cross-origin: a form in a page of another origin changes nothing, one of a friend does", async () => {
  const send = async (_client, base) => {
    const form = new FormData();
    form.append("files", new Blob(["a"]), "a.txt");
    for (const [name, body] of [
      ["knock", undefined],
      ["knock", new URLSearchParams({ a: "b" })],
      ["knock", "a text"],
      ["leave", form],
    ])
      await fetch(`${base}/Door/${name}`, {
        method: "POST",
        mode: "no-cors",
        credentials: "include",
        body,
      });
    // As the browser does it by itself.
    const frame = document.createElement("iframe");
    frame.name = "hidden";
    document.body.append(frame);
    const element = document.createElement("form");
    Object.assign(element, { method: "post", action: `${base}/Door/knock`, target: "hidden" });
    document.body.append(element);
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    element.submit();
    await loaded;
  };
  const knocks = async () => (await fetch(`${server.url}/api/Door/knocks`)).json();
  const before = await knocks();
  await inPage(stranger, send);
  assert.equal(await knocks(), before);
  // The method without parameters takes no body: of a friend the one without, and the form with a file.
  await inPage(friend, send);
  assert.ok((await knocks()) > before);
});

test("cross-origin: a page of another origin reads nothing and sends nothing that is asked for first", async () => {
  const seen = await inPage(stranger, async (client, base) => {
    const attempts = [
      () => fetch(`${base}/Door/who`),
      () => fetch(`${base}/Door/who`, { headers: { "x-token": "go" } }),
      () => client.Door.write("x"),
      () => client.Picture.put("stranger", new Blob(["xyz"]), "text/plain"),
    ];
    const failed = [];
    for (const attempt of attempts)
      failed.push(
        await attempt().then(
          () => "answered",
          () => "refused",
        ),
      );
    return failed;
  });
  assert.deepEqual(seen, ["refused", "refused", "refused", "refused"]);
  assert.equal((await server.client.Picture.head("stranger")).status, 404);
});

test("cross-origin: headers as caches and other tools see them", async () => {
  const ask = async (method, target, headers) => {
    const response = await fetch(`${server.url}/${target}`, { method, headers });
    return Object.fromEntries(
      ["status", "vary", "access-control-allow-origin"].map((name) => [
        name,
        name === "status" ? response.status : response.headers.get(name),
      ]),
    );
  };
  const allowed = "access-control-allow-origin";
  const preflight = { origin: friend.origin, "access-control-request-method": "PUT" };
  assert.deepEqual(await ask("OPTIONS", "api/Door/write", preflight), {
    status: 204,
    vary: "origin",
    [allowed]: friend.origin,
  });
  // Without an origin the answer may be kept for others, so it says that it depends on one.
  assert.deepEqual(await ask("GET", "api/Door/who", {}), {
    status: 200,
    vary: "origin",
    [allowed]: null,
  });
  assert.deepEqual(await ask("OPTIONS", "api/Door/write", { ...preflight, origin: "http://x.y" }), {
    status: 204,
    vary: "origin",
    [allowed]: null,
  });
  // What is not the app's is left alone.
  for (const method of ["OPTIONS", "GET"])
    assert.deepEqual(await ask(method, "elsewhere", preflight), {
      status: 404,
      vary: null,
      [allowed]: null,
    });
});
