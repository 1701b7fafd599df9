// Inline lists and tables of a TOML text: `d1_databases = [ … ]`, `vars = { … }`.

const closers: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

/** A string, a comment, or one character of structure; the order matters. */
const token = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|\S/g;

/** Where the value of a top-level `key = [ … ]` or `key = { … }` stands, null when it is not written so. */
function findInline(text: string, key: string): { begin: number; end: number } | null {
  const head = new RegExp(`^[ \\t]*(?:${key}|"${key}"|'${key}')[ \\t]*=[ \\t]*(?=[[{])`, "m").exec(
    text,
  );
  if (head === null) return null;
  const begin = head.index + head[0].length;
  const open: string[] = [];
  token.lastIndex = begin;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [word] = found;
    const closer = closers[word];
    if (closer !== undefined) open.push(closer);
    else if (word === open.at(-1)) open.pop();
    if (open.length === 0) return { begin, end: token.lastIndex };
  }
  return null;
}

/** Whether the file writes `key` inline. */
export function isInline(text: string, key: string): boolean {
  return key !== "" && findInline(text, key) !== null;
}

/** The text with items behind the last one of an inline list or table; null when there is none. */
export function insertInline(text: string, key: string, items: readonly string[]): string | null {
  const place = key === "" ? null : findInline(text, key);
  if (place === null) return null;
  // A comma that follows the last item, or the item itself: what is behind it may be a comment.
  let last = "";
  let behind = place.begin + 1;
  token.lastIndex = behind;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (token.lastIndex >= place.end) break;
    if (found[0].startsWith("#")) continue;
    last = found[0];
    behind = token.lastIndex;
  }
  const comma = last === "" || last === "," ? "" : ",";
  return `${text.slice(0, behind)}${comma} ${items.join(", ")}${text.slice(behind)}`;
}
