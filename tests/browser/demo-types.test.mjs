// The demo's sources and its page, which is written against the generated client, are right in TypeScript's eyes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compileDemo } from "../../scripts/support/demo.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const compiler = path.join(root, "node_modules/typescript/bin/tsc");

before(compileDemo);

for (const project of ["examples/music-store", "examples/music-store/page"]) {
  test(`types: ${project}`, async () => {
    const run = promisify(execFile)(process.execPath, [compiler, "-p", project], { cwd: root });
    const output = await run.then(
      ({ stdout }) => stdout,
      (error) => error.stdout,
    );
    assert.equal(output, "");
  });
}
