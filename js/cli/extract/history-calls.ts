// Calls in the code of a project that read what keys had: `orm.history(Session, key)` and `orm.watch(Session)`.
import { Visitor } from "oxc-parser";
import type { CallExpression, Program } from "oxc-parser";

import type { HistoryCall } from "./pre.js";
import type { SourceText } from "./source-text.js";
import { extractValue, lookThrough } from "./values.js";

/** Sources without them, which are nearly all, are not walked through. */
const possible = /\b(?:history|watch)\s*(?:<[^()]*>)?\s*\(/;

/** Those of which the first argument is a name; whose name it is, the analysis knows. */
export function findHistoryCalls(source: SourceText, program: Program): HistoryCall[] {
  if (!possible.test(source.text)) return [];
  const calls: HistoryCall[] = [];
  const look = (node: CallExpression): void => {
    const callee = lookThrough(node.callee);
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const { property } = callee;
    if (property.type !== "Identifier") return;
    const { name } = property;
    if (name !== "history" && name !== "watch") return;
    const [first] = node.arguments;
    if (first === undefined || first.type === "SpreadElement") return;
    const model = extractValue(source, first);
    if (model.kind === "name") calls.push({ name, model });
  };
  new Visitor({ CallExpression: look }).visit(program);
  return calls;
}
