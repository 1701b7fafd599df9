// Whether a method answers something: the first `return` with a value in its own body.
import type { FunctionBody } from "oxc-parser";

import type { Located } from "./source-text.js";

type Visited = Located & { type: string; [member: string]: unknown };

/** The value that a body returns first; null when it returns none. Functions and classes inside have bodies of their own. */
export function findReturned(body: FunctionBody | null): Located | null {
  return body === null ? null : look(body as unknown as Visited);
}

function look(node: Visited): Located | null {
  if (/Function|^Class/.test(node.type)) return null;
  if (node.type === "ReturnStatement") {
    const value = node["argument"] as Visited | null;
    return value === null || isUndefined(value) ? null : value;
  }
  for (const member of Object.values(node)) {
    for (const inner of Array.isArray(member) ? (member as unknown[]) : [member]) {
      const found = isNode(inner) ? look(inner) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function isNode(value: unknown): value is Visited {
  return typeof value === "object" && value !== null && "type" in value;
}

function isUndefined(value: Visited): boolean {
  if (value.type === "Identifier") return value["name"] === "undefined";
  return value.type === "UnaryExpression" && value["operator"] === "void";
}
