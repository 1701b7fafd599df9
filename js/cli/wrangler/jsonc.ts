// Adding to a wrangler.jsonc or wrangler.json: insertions only, every byte that was there stays.
import {
  applyEdits,
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
} from "jsonc-parser";
import type { Edit, Node } from "jsonc-parser";

import { parseJsonObject } from "../json-text.js";
import type { Addition, WranglerContent } from "./additions.js";

/** What a new file starts as. */
export const emptyJsonc = `// Started by \`cloesce compile\`, which adds what is missing and leaves the rest alone.
{
}
`;

/**
 * The content of a file, `label` being its name in messages.
 * @throws CliError when it is not one JSON object.
 */
export function parseJsoncContent(label: string, text: string): WranglerContent {
  // The parser's objects have no prototype; a round trip makes them ordinary ones.
  const value: unknown = getNodeValue(parseJsonObject(label, text).root);
  return JSON.parse(JSON.stringify(value)) as WranglerContent;
}

/** The text with the additions in it. `text` must have been parsed before. */
export function addToJsonc(text: string, additions: readonly Addition[]): string {
  return additions.reduce(addOne, text);
}

function addOne(text: string, addition: Addition): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) return text;
  const style = styleOf(text);
  switch (addition.kind) {
    case "scalar":
      return insert(text, root, style, addition.key, addition.value);
    case "binding": {
      const list = findNodeAtLocation(root, [addition.list]);
      return list === undefined
        ? insert(text, root, style, addition.list, [addition.entry])
        : insert(text, list, style, null, addition.entry);
    }
    case "variable": {
      const variables = findNodeAtLocation(root, ["vars"]);
      return variables === undefined
        ? insert(text, root, style, "vars", { [addition.key]: addition.value })
        : insert(text, variables, style, addition.key, addition.value);
    }
  }
}

interface Style {
  unit: string;
  eol: string;
}

/** The file's own indentation step and line ending. */
function styleOf(text: string): Style {
  const indented = /^(\t|[ ]+)\S/m.exec(text.replace(/^[ \t]*(?:\/\/|\/?\*).*$/gm, ""));
  return { unit: indented?.[1] ?? "  ", eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** Adds an element to an array (`key` null) or a member to an object, behind everything that is in it. */
function insert(
  text: string,
  container: Node,
  style: Style,
  key: string | null,
  value: unknown,
): string {
  const { eol, unit } = style;
  const closing = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const comma = last === undefined ? null : commaAfter(text, last.offset + last.length, closing);
  const label = key === null ? "" : `${JSON.stringify(key)}: `;
  const inner = text.slice(container.offset, closing);

  if (last !== undefined && !inner.includes("\n")) {
    const element = label + oneLine(value);
    return comma === null
      ? splice(text, [{ at: last.offset + last.length, content: `, ${element}` }])
      : splice(text, [{ at: comma + 1, content: ` ${element},` }]);
  }

  const closingIndent = indentOfLine(text, inner.includes("\n") ? closing : container.offset);
  const first = container.children?.[0];
  const indent =
    first !== undefined && isFirstOnLine(text, first.offset)
      ? indentOfLine(text, first.offset)
      : closingIndent + unit;
  const body = JSON.stringify(value, null, unit).replaceAll("\n", eol + indent);
  const element = `${indent}${label}${body}${comma === null ? "" : ","}`;
  const edits: Insertion[] = [];
  if (last !== undefined && comma === null)
    edits.push({ at: last.offset + last.length, content: "," });
  if (isFirstOnLine(text, closing) && inner.includes("\n")) {
    edits.push({ at: lineStart(text, closing), content: element + eol });
  } else {
    edits.push({ at: closing, content: eol + element + eol + closingIndent });
  }
  return splice(text, edits);
}

interface Insertion {
  at: number;
  content: string;
}

function splice(text: string, insertions: readonly Insertion[]): string {
  const edits: Edit[] = insertions.map(({ at, content }) => ({ offset: at, length: 0, content }));
  return applyEdits(text, edits);
}

/** The offset of the comma between `from` and `to`, comments skipped; null when there is none. */
function commaAfter(text: string, from: number, to: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return at < to && text[at] === "," ? at : null;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inside = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`,
  );
  return inside.length === 0 ? "{}" : `{ ${inside.join(", ")} }`;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function indentOfLine(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? "";
}

function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === "";
}
