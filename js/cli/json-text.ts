// Reading a JSON file that a person wrote: comments allowed, errors with line and column.
import { parseTree, printParseErrorCode } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";

import { CliError } from "./cli-error.js";

/** A parsed file: the tree keeps offsets, so that later complaints can name a place. */
export interface JsonDocument {
  /** How messages call the file. */
  label: string;
  text: string;
  root: Node;
}

/**
 * Parses `text`, which must hold one JSON object; comments and trailing commas are fine.
 * @throws CliError naming line and column.
 */
export function parseJsonObject(label: string, text: string): JsonDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: false });
  const [first] = errors;
  if (first !== undefined) {
    const what = printParseErrorCode(first.error)
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase();
    throw new CliError(`${position(label, text, first.offset)}: not valid JSON (${what})`);
  }
  if (root?.type !== "object") throw new CliError(`${label}: a JSON object is expected`);
  return { label, text, root };
}

/** The members of an object node in order; empty for any other node. */
export function members(node: Node): { key: string; keyNode: Node; value: Node }[] {
  if (node.type !== "object") return [];
  return (node.children ?? []).flatMap((property) => {
    const [keyNode, value] = property.children ?? [];
    return keyNode === undefined || value === undefined
      ? []
      : [{ key: String(keyNode.value), keyNode, value }];
  });
}

/** `file:line:column` of an offset, the column in UTF-16 units as editors count. */
export function position(label: string, text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `${label}:${line}:${offset - before.lastIndexOf("\n")}`;
}
