// cidl.pre.json as text: stable, and readable because each span stays on one line.
import type { PreCidl } from "./pre.js";

/** The text of cidl.pre.json. */
export function preCidlText(pre: PreCidl): string {
  const text = JSON.stringify(pre, null, 2);
  // Line breaks inside strings are escaped, so a broken list of numbers can only be a span.
  return `${text.replace(/\[\n\s+(\d+(?:,\n\s+\d+)*)\n\s+\]/g, spanOnOneLine)}\n`;
}

function spanOnOneLine(_match: string, numbers: string): string {
  return `[${numbers.replace(/,\n\s+/g, ", ")}]`;
}
