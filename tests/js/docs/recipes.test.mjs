// The lists of docs/internals/recipes.md are the files that name an enumerator of a kind, no more and no fewer.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { packageRoot } from "./pages.mjs";

const page = readFileSync(join(packageRoot, "docs/internals/recipes.md"), "utf8");

/** Sources of the core by path. */
const sources = new Map();
for (const room of ["src", "wasm"])
  for (const path of readdirSync(join(packageRoot, room), { recursive: true }))
    if (/\.(cpp|h)$/.test(path))
      sources.set(`${room}/${path}`, readFileSync(join(packageRoot, room, path), "utf8"));

const naming = (kind) =>
  [...sources]
    .filter(([, text]) => new RegExp(`\\b${kind}::k[A-Z]`).test(text))
    .map(([path]) => path);

/** The files of the table below a heading that names `kind`. */
function listed(kind) {
  const [, section] = page.split(new RegExp(`^## .*\`${kind}\`$`, "m"));
  assert.ok(section !== undefined, `no recipe for ${kind}`);
  const rows = section.split(/^## /m)[0].matchAll(/^\| `([^`]+)` \| (.+) \|$/gm);
  return [...rows].flatMap(([, room, files]) =>
    [...files.matchAll(/`([^`]+)`/g)].map(([, file]) => `${room}/${file}`),
  );
}

/** Whether a file has a switch over the kind that the compiler holds to be complete. */
function isHeld(path, kind) {
  const text = sources.get(path);
  return [...text.matchAll(/switch \([^{]*\{([^]*?)\n {0,6}\}/g)].some(
    ([, body]) => body.includes(`${kind}::k`) && !/\bdefault:/.test(body),
  );
}

for (const [, kind] of page.matchAll(/^## .*`(\w+)`$/gm)) {
  test(`recipes: the files that name ${kind}`, () => {
    assert.deepEqual(listed(kind).sort(), naming(kind).sort());
  });
  test(`recipes: those that do not compile without a new ${kind} are bold`, () => {
    const [, section] = page.split(new RegExp(`^## .*\`${kind}\`$`, "m"));
    const bold = [...section.split(/^## /m)[0].matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].flatMap(
      ([, room, files]) =>
        [...files.matchAll(/\*\*`([^`]+)`\*\*/g)].map(([, file]) => `${room}/${file}`),
    );
    assert.deepEqual(
      bold.sort(),
      naming(kind)
        .filter((path) => isHeld(path, kind))
        .sort(),
    );
  });
}
