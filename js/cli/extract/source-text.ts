// One source file and the way from the parser's UTF-16 offsets to the byte offsets of a Span.
import type { Span } from "./pre.js";

/** Anything the parser gives a place to; offsets are UTF-16 code units. */
export interface Located {
  start: number;
  end: number;
}

/** A source text with its index into `files`, and spans into it. */
export class SourceText {
  readonly file: number;
  readonly text: string;
  /** The modules that types import in place, each with the first such type. */
  readonly inlineImports = new Map<string, Located>();
  readonly #lineStarts: readonly number[];
  /** Byte offset and code point count before each code unit; null for an ASCII text, where all three agree. */
  readonly #bytes: Uint32Array | null;
  readonly #codePoints: Uint32Array | null;

  /** `text` must not start with a byte order mark. */
  constructor(file: number, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = findLineStarts(text);
    const wide = /[^\0-\x7f]/.test(text);
    this.#bytes = wide ? new Uint32Array(text.length + 1) : null;
    this.#codePoints = wide ? new Uint32Array(text.length + 1) : null;
    if (this.#bytes !== null && this.#codePoints !== null) {
      fillOffsets(text, this.#bytes, this.#codePoints);
    }
  }

  /** The span of a node or of any pair of offsets. */
  span(node: Located): Span {
    const begin = this.#byteOffset(node.start);
    const line = this.#lineOf(node.start);
    const lineStart = this.#lineStarts[line] ?? 0;
    const column = this.#codePointIndex(node.start) - this.#codePointIndex(lineStart);
    return [this.file, begin, Math.max(begin, this.#byteOffset(node.end)), line + 1, column + 1];
  }

  /** The text of a node as it stands in the source. */
  slice(node: Located): string {
    return this.text.slice(node.start, node.end);
  }

  /** Notes `import("module")` inside a type; answers the name that stands for the module. */
  inlineImport(specifier: string, place: Located): string {
    if (!this.inlineImports.has(specifier)) this.inlineImports.set(specifier, place);
    return `import(${JSON.stringify(specifier)})`;
  }

  #byteOffset(offset: number): number {
    const clamped = Math.min(offset, this.text.length);
    return this.#bytes?.[clamped] ?? clamped;
  }

  #codePointIndex(offset: number): number {
    const clamped = Math.min(offset, this.text.length);
    return this.#codePoints?.[clamped] ?? clamped;
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function fillOffsets(text: string, bytes: Uint32Array, codePoints: Uint32Array): void {
  let byte = 0;
  let codePoint = 0;
  for (let index = 0; index < text.length; index++) {
    bytes[index] = byte;
    codePoints[index] = codePoint;
    const value = text.codePointAt(index) ?? 0;
    if (value > 0xffff) {
      // Nothing can point between the halves of a pair; the second half counts as its start.
      index++;
      bytes[index] = byte;
      codePoints[index] = codePoint;
      byte += 4;
    } else {
      byte += value < 0x80 ? 1 : value < 0x800 ? 2 : 3;
    }
    codePoint++;
  }
  bytes[text.length] = byte;
  codePoints[text.length] = codePoint;
}

/** Whether a text has a UTF-8 form: escapes can spell half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
