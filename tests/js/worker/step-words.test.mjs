// The numbers of js/abi/step.ts are those of the core.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as step from "../../../dist/abi/step.js";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const header = read("src/runtime/step.h");

/** `[name, number]` of the enumerators, those without a number being counted. */
function enumerators(text, name) {
  const body = new RegExp(`enum class ${name}[^{]*\\{([^}]*)\\}`).exec(text)[1];
  let next = 0;
  return [...body.replace(/\/\/.*/g, "").matchAll(/k(\w+)(?: = (\d+))?/g)].map(
    ([, key, number]) => {
      const value = number === undefined ? next : Number(number);
      next = value + 1;
      return [key, value];
    },
  );
}

test("every constant is the number that the core means by it", () => {
  const known = new Map();
  for (const [name, value] of enumerators(header, "StepKind")) known.set(`step${name}`, value);
  for (const [name, value] of enumerators(header, "HookStage")) known.set(`hooksOf${name}`, value);
  for (const [name, value] of enumerators(header, "Outcome")) known.set(`outcome${name}`, value);
  for (const [name, value] of enumerators(header, "BodyForm"))
    known.set({ Kept: "bodyIsKept", Again: "bodyAgain" }[name] ?? `bodyAs${name}`, value);
  for (const [name, value] of enumerators(read("src/cidl/kinds.h"), "Builtin"))
    known.set(`readyMade${name}`, value);
  for (const [, name, value] of header.matchAll(/constexpr std::uint32_t k(\w+) = (\d+);/g))
    known.set(`flag${name}`, Number(value));
  // The order of a record is told in the documentation of the ABI.
  const record = /`\{ (exchange, kind, [^}]*) \}`/.exec(read("docs/internals/abi.md"))[1];
  for (const [at, word] of record.split(", ").entries())
    known.set(`word${word[0].toUpperCase()}${word.slice(1)}`, at);
  known.set("statementWords", 3);
  for (const [name, value] of Object.entries(step)) assert.equal(known.get(name), value, name);
});
