// The commands of the documentation exist: npm scripts, stages of the tests, commands and options of the command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { packageRoot, pagePaths, readPage } from "./pages.mjs";
import { runCloesce } from "./projects.mjs";

const { scripts } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
const wrangler = join(packageRoot, "node_modules", "wrangler", "bin", "wrangler.js");
const helpTexts = new Map();

/** The help text of a command, or null when there is no such command. */
function help(program, words) {
  const key = [program, ...words].join(" ");
  if (!helpTexts.has(key)) helpTexts.set(key, askForHelp(program, words));
  return helpTexts.get(key);
}

async function askForHelp(program, words) {
  if (program === "cloesce") {
    const { code, output } = await runCloesce(packageRoot, ...words, "--help");
    return code === 0 ? output : null;
  }
  return new Promise((resolve) => {
    const environment = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" };
    execFile(
      process.execPath,
      [wrangler, ...words, "--help"],
      { cwd: packageRoot, env: environment },
      (error, stdout) => resolve(error === null ? stdout : null),
    );
  });
}

/** Commands of a `sh` block; a comment or a line that is continued belongs to none or to the one before. */
function commandsOf(text) {
  const lines = text.replace(/\\\n\s*/g, " ").split("\n");
  return lines.map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
}

/** What is wrong with a command, or null. */
async function problemOf(command) {
  const words = command.split(/\s+/);
  if (words[0] === "npm") return npmProblem(words.slice(1));
  if (words[0] === "npx" && words[1] === "cloesce")
    return programProblem("cloesce", words.slice(2), words[2] === "bucket" ? 2 : 1);
  if (words[0] === "npx" && words[1] === "wrangler") {
    const subcommands = words
      .slice(2)
      .findIndex((word) => /^(apply|execute|dev|deploy|put)$/.test(word));
    return programProblem("wrangler", words.slice(2), subcommands + 1);
  }
  return /^(cd|curl|git|cmake|ctest|nats-server) /.test(command)
    ? null
    : "is none of the programs that the documentation uses";
}

function npmProblem([first, second, ...rest]) {
  const name = first === "run" ? second : first;
  if (first === "install") return null;
  if (!(name in scripts)) return `package.json has no script "${name}"`;
  const given = (first === "run" ? rest : [second, ...rest]).filter((word) => word !== undefined);
  if (name !== "test" || given[0] !== "--") return null;
  const program = readFileSync(join(packageRoot, "scripts", "test.mjs"), "utf8");
  const unknown = given
    .slice(1)
    .filter((stage) => !new RegExp(`^ {2}"?${stage}"?: \\["`, "m").test(program));
  return unknown.length === 0 ? null : `the tests have no stage ${unknown.join(", ")}`;
}

async function programProblem(program, words, subcommands) {
  const text = await help(program, words[0]?.startsWith("-") ? [] : words.slice(0, subcommands));
  if (text === null) return `${program} has no such command`;
  const options = words.filter((word) => word.startsWith("-")).map((word) => word.split("=")[0]);
  const unknown = options.filter((option) => !new RegExp(`(^|[\\s,])${option}\\b`, "m").test(text));
  return unknown.length === 0 ? null : `there is no option ${unknown.join(", ")}`;
}

for (const path of pagePaths) {
  const blocks = readPage(path).blocks.filter(({ words }) => words[0] === "sh");
  if (blocks.length === 0) continue;
  test(`commands of ${path} exist`, async () => {
    const problems = [];
    for (const block of blocks) {
      for (const command of commandsOf(block.text)) {
        const problem = await problemOf(command);
        if (problem !== null) problems.push(`${path}:${block.line}: ${command}: ${problem}`);
      }
    }
    assert.deepEqual(problems, []);
  });
}

test("commands named in the text of the documentation are npm scripts", () => {
  const problems = [];
  for (const path of pagePaths) {
    for (const [, name] of readPage(path).text.matchAll(/`npm run ([\w:-]+)/g)) {
      if (!(name in scripts)) problems.push(`${path}: npm run ${name}`);
    }
  }
  assert.deepEqual(problems, []);
});
