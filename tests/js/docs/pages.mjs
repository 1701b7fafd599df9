// The pages of the documentation and the fenced blocks in them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** Every Markdown file that a user reads, relative to the package. */
export const pagePaths = [
  "README.md",
  "CONTRIBUTING.md",
  ...markdownIn("docs"),
  ...markdownIn(join("docs", "internals")),
];

function markdownIn(folder) {
  return readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => join(folder, name));
}

/** A page: `{ path, text, blocks }`. */
export function readPage(path) {
  const text = readFileSync(join(packageRoot, path), "utf8");
  return { path, text, blocks: fencedBlocks(text) };
}

/** Fenced blocks as `{ words, text, line }`: the words behind the fence, and the line that the text begins in. */
function fencedBlocks(text) {
  const blocks = [];
  let open = null;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (open === null && fence !== null) {
      const words = fence[2].trim().split(/\s+/);
      open = { fence: fence[1], words, lines: [], line: index + 2 };
    } else if (open !== null && line.startsWith(open.fence)) {
      blocks.push({ words: open.words, text: `${open.lines.join("\n")}\n`, line: open.line });
      open = null;
    } else if (open !== null) {
      open.lines.push(line);
    }
  }
  if (open !== null) throw new Error(`a block that begins in line ${open.line} is never closed`);
  return blocks;
}

/** The text without its fenced blocks, line for line. */
export function proseOf(text) {
  let inside = false;
  return text
    .split("\n")
    .map((line) => {
      if (line.startsWith("```")) {
        inside = !inside;
        return "";
      }
      return inside ? "" : line;
    })
    .join("\n");
}

/** `path` as messages call it. */
export const shortPath = (path) => relative(packageRoot, path);
