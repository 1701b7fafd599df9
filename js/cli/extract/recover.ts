// After a syntax error: which part of a file is in its way, so that the rest can be read.

/** A stretch of a text, UTF-16 offsets, half open. */
export interface Stretch {
  begin: number;
  end: number;
}

/** The text with a stretch blanked; every other character and every line keeps its place. */
export function blank(text: string, { begin, end }: Stretch): string {
  return text.slice(0, begin) + text.slice(begin, end).replace(/[^\n\r]/g, " ") + text.slice(end);
}

/**
 * The stretches that may hold the cause of an error at `offset`, the smaller before the larger: a member of a class
 * whose brackets do not balance, the member at the place, the statement around it, and all behind its begin. They go by
 * indentation, since brackets are what an error leaves uneven.
 */
export function suspects(text: string, offset: number): Stretch[] {
  const statements = blocks(text, 0, { begin: 0, end: text.length });
  const at = statements.find(({ begin, end }) => begin <= offset && offset < end);
  const found: Stretch[] = [];
  const statement = at ?? statements.at(-1);
  if (statement === undefined) return found;
  const members = membersOf(text, statement);
  // What is not closed is noticed far behind it.
  const uneven = members.find((member) => !isBalanced(text.slice(member.begin, member.end)));
  const here = members.find(({ begin, end }) => begin <= offset && offset < end);
  for (const member of [here, uneven]) if (member !== undefined) found.push(member);
  found.push(statement);
  const first = statements.find((one) => !isBalanced(text.slice(one.begin, one.end)));
  if (first !== undefined && first !== statement) found.push(...membersOf(text, first), first);
  found.push({ begin: statement.begin, end: text.length });
  return found;
}

interface Line {
  begin: number;
  indent: number;
  text: string;
}

function linesOf(text: string, { begin, end }: Stretch): Line[] {
  const lines: Line[] = [];
  for (let at = begin; at < end;) {
    const next = text.indexOf("\n", at);
    const stop = next === -1 || next >= end ? end : next + 1;
    const line = text.slice(at, stop);
    lines.push({ begin: at, indent: line.length - line.trimStart().length, text: line.trim() });
    at = stop;
  }
  return lines;
}

/** Stretches that begin with a line of that indentation; decorators belong to what follows them. */
function blocks(text: string, indent: number, within: Stretch): Stretch[] {
  const begins: number[] = [];
  let decorated = false;
  for (const line of linesOf(text, within)) {
    if (line.indent !== indent || !/^[@\w$#"'[/*]/.test(line.text)) continue;
    const isComment = /^(\/\/|\/\*|\*)/.test(line.text);
    if (!decorated && !(isComment && line.text.startsWith("*"))) begins.push(line.begin);
    decorated = isComment || /^(@[\w.$]+(<.*>)?(\(.*\))?\s*)+$/.test(line.text);
  }
  return begins.map((begin, index) => ({ begin, end: begins[index + 1] ?? within.end }));
}

/** The members of the class that a statement declares, by the indentation of the first one. */
function membersOf(text: string, statement: Stretch): Stretch[] {
  const lines = linesOf(text, statement);
  const head = lines.findIndex((line) => /\bclass\b.*\{\s*$/.test(line.text));
  if (head === -1) return [];
  const body = lines.slice(head + 1).filter((line) => line.text !== "");
  const indent = body[0]?.indent ?? 0;
  const tail = lines.findLast((line) => line.indent === 0 && line.text.startsWith("}"));
  const end = tail?.begin ?? statement.end;
  const begin = lines[head + 1]?.begin ?? statement.end;
  return indent === 0 ? [] : blocks(text, indent, { begin, end });
}

const pairs: ReadonlyMap<string, string> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);

/** Whether brackets and quotes close, strings and comments looked over. */
function isBalanced(text: string): boolean {
  const bare = text.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
    "",
  );
  if (/["'`]/.test(bare)) return false;
  const open: string[] = [];
  for (const [character] of bare.matchAll(/[()[\]{}]/g)) {
    const opener = pairs.get(character);
    if (opener === undefined) open.push(character);
    else if (open.pop() !== opener) return false;
  }
  return open.length === 0;
}
