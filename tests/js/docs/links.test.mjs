// Links between the pages of the documentation, and from them into the repository, lead somewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

import { packageRoot, pagePaths, proseOf } from "./pages.mjs";

/** Anchors of a page, as GitHub makes them from its headings. */
function anchorsOf(text) {
  const anchors = new Set();
  for (const [, heading] of proseOf(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-");
    let unique = anchor;
    for (let number = 1; anchors.has(unique); number++) unique = `${anchor}-${number}`;
    anchors.add(unique);
  }
  return anchors;
}

function problemOf(page, target) {
  const [path, anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  const absolute = join(packageRoot, file);
  if (!existsSync(absolute)) return `there is no ${file}`;
  if (anchor === undefined) return null;
  if (statSync(absolute).isDirectory()) return `${file} is a folder and has no anchors`;
  return anchorsOf(readFileSync(absolute, "utf8")).has(anchor)
    ? null
    : `${file} has no heading #${anchor}`;
}

for (const path of pagePaths) {
  test(`links of ${path} lead somewhere`, () => {
    const text = readFileSync(join(packageRoot, path), "utf8");
    const problems = [];
    for (const [, target] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const problem = problemOf(path, target);
      if (problem !== null) problems.push(`${target}: ${problem}`);
    }
    assert.deepEqual(problems, []);
  });
}

test("every page of docs/ can be reached from README.md", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached) {
    const text = readFileSync(join(packageRoot, page), "utf8");
    for (const [, target] of text.matchAll(/\]\(([^)\s#]+\.md)[^)]*\)/g)) {
      const file = normalize(join(dirname(page), target));
      if (!/^[a-z]+:/.test(target) && existsSync(join(packageRoot, file))) reached.add(file);
    }
  }
  const pages = pagePaths.filter((path) => !path.includes("internals"));
  assert.deepEqual(
    pages.filter((path) => !reached.has(path)),
    [],
  );
});
