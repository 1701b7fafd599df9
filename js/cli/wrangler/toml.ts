// Adding to a wrangler.toml: insertions only, every byte that was there stays.
import { isDeepStrictEqual } from "node:util";

import { parse, patch } from "@decimalturn/toml-patch";

import { CliError } from "../cli-error.js";
import { bindingLists, withAdditions } from "./additions.js";
import type { Addition, BindingList, WranglerContent } from "./additions.js";
import { insertInline, isInline } from "./toml-inline.js";

/** What a new file starts as. */
export const emptyToml = `# Started by \`cloesce compile\`, which adds what is missing and leaves the rest alone.
`;

/**
 * The content of a file as plain data, `label` being its name in messages.
 * @throws CliError when it is not TOML.
 */
export function parseTomlContent(label: string, text: string): WranglerContent {
  try {
    return plain(parse(text));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new CliError(`${label}: not valid TOML (${reason})`);
  }
}

/**
 * The text with the additions in it.
 * @throws CliError naming the lines to add by hand when the file is written in a way that admits no insertion.
 */
export function addToToml(label: string, text: string, additions: readonly Addition[]): string {
  let result = text;
  for (const place of ["scalar", ...bindingLists, "variable"] as const) {
    const group = additions.filter((addition) => placeOf(addition) === place);
    if (group.length > 0) result = addAlike(label, result, group);
  }
  return result;
}

/**
 * Additions to one place. Each way of writing them is tried in turn; the first whose result parses to exactly the content
 * that is wanted, and differs from the old text by insertions only, is taken.
 */
function addAlike(label: string, text: string, additions: readonly Addition[]): string {
  const content = parseTomlContent(label, text);
  const wanted = withAdditions(content, additions);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = additions.map(asToml);
  const append = () => appendBlocks(text, content, additions, eol);
  const insertions = [
    () => patch(text, wanted),
    () => insertScalars(text, additions, eol),
    () => insertVariables(text, additions, eol),
    () => insertInline(text, placeKey(additions), additions.map(asInlineToml)),
  ];
  const joinsVariables = additions[0]?.kind === "variable" && content["vars"] !== undefined;
  for (const attempt of joinsVariables ? [...insertions, append] : [append, ...insertions]) {
    const result = tryQuietly(attempt);
    if (result !== null && onlyInserts(text, result) && parsesTo(result, wanted)) return result;
  }
  const inside = isInline(text, placeKey(additions));
  throw new CliError(`${label}: cannot add to this file without rewriting it`, {
    hint: inside
      ? `add this to \`${placeKey(additions)}\` yourself, inside its brackets:\n\n${additions.map(asInlineToml).join(",\n")}\n`
      : `add these lines yourself:\n\n${lines.join("\n\n")}\n`,
  });
}

/** Additions to the same place are written together. */
function placeOf(addition: Addition): string {
  return addition.kind === "binding" ? addition.list : addition.kind;
}

/** The key of the list or table that additions join. */
function placeKey(additions: readonly Addition[]): string {
  const [first] = additions;
  if (first === undefined || first.kind === "scalar") return "";
  return first.kind === "binding" ? first.list : "vars";
}

/** An item of an inline list, or an entry of an inline table. */
function asInlineToml(addition: Addition): string {
  return addition.kind === "binding"
    ? tomlValue(addition.entry)
    : assignment(addition.key, addition.value);
}

/** Blocks at the end of the file: `[[list]]`, `[vars]`, and top-level keys where there is nothing yet. */
function appendBlocks(
  text: string,
  content: WranglerContent,
  additions: readonly Addition[],
  eol: string,
): string | null {
  const kind = additions[0]?.kind;
  if (kind === "scalar" && Object.keys(content).length > 0) return null;
  const lines = additions.map(asToml);
  const blocks =
    kind === "binding"
      ? lines
      : [[...(kind === "variable" ? ["[vars]"] : []), ...lines].join("\n")];
  let result = text;
  for (const block of blocks) {
    if (result !== "" && !result.endsWith("\n")) result += eol;
    if (result.trim() !== "") result += eol;
    result += block.replaceAll("\n", eol) + eol;
  }
  return result;
}

/** Top-level keys in front of everything but a leading comment that stands by itself. */
function insertScalars(text: string, additions: readonly Addition[], eol: string): string | null {
  if (additions[0]?.kind !== "scalar") return null;
  const lines = additions.map(asToml).join(eol) + eol;
  const lead = /^(?:[ \t]*#[^\n]*\n)+(?:[ \t]*\r?\n|$)/.exec(text)?.[0] ?? "";
  const rest = text.slice(lead.length);
  return lead + lines + (rest === "" || /^\r?\n/.test(rest) ? "" : eol) + rest;
}

/** Keys directly below a `[vars]` line. */
function insertVariables(text: string, additions: readonly Addition[], eol: string): string | null {
  if (additions[0]?.kind !== "variable") return null;
  const header = /^[ \t]*\[[ \t]*vars[ \t]*\][^\n]*(?:\n|$)/m.exec(text);
  if (header === null) return null;
  const at = header.index + header[0].length;
  const start = header[0].endsWith("\n") ? "" : eol;
  return text.slice(0, at) + start + additions.map(asToml).join(eol) + eol + text.slice(at);
}

function tryQuietly(attempt: () => string | null): string | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}

/** Whether all of `before` is in `after`, in order. */
function onlyInserts(before: string, after: string): boolean {
  let found = 0;
  for (let at = 0; at < after.length && found < before.length; at++) {
    if (after[at] === before[found]) found++;
  }
  return found === before.length;
}

function parsesTo(text: string, wanted: WranglerContent): boolean {
  const parsed = tryQuietly(() => JSON.stringify(plain(parse(text))));
  return parsed !== null && isDeepStrictEqual(JSON.parse(parsed), plain(wanted));
}

/** Ordinary objects; dates and integers past 2^53 as text. */
function plain(value: unknown): WranglerContent {
  const text = JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "bigint" ? String(one) : one,
  );
  return JSON.parse(text) as WranglerContent;
}

function asToml(addition: Addition): string {
  if (addition.kind !== "binding") return assignment(addition.key, addition.value);
  const fields = Object.entries(addition.entry).map(([key, value]) => assignment(key, value));
  return [tableHeader(addition.list), ...fields].join("\n");
}

function tableHeader(list: BindingList): string {
  return `[[${list}]]`;
}

function assignment(key: string, value: unknown): string {
  return `${tomlKey(key)} = ${tomlValue(value)}`;
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const inside = Object.entries(value).map(([key, one]) => assignment(key, one));
    return inside.length === 0 ? "{}" : `{ ${inside.join(", ")} }`;
  }
  return typeof value === "string" ? tomlString(value) : String(value);
}

function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007F");
}
