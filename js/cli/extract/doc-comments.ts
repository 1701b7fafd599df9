// JSDoc: which comment belongs to a declaration, and its text without stars.
import type { Comment } from "oxc-parser";

/** The comments of one file, in source order. */
export class DocComments {
  readonly #text: string;
  readonly #comments: readonly Comment[];

  constructor(text: string, comments: readonly Comment[]) {
    this.#text = text;
    this.#comments = [...comments].sort((a, b) => a.start - b.start);
  }

  /**
   * The JSDoc text that stands directly before `start`, with nothing but white space and other comments between;
   * null when there is none or it is empty.
   */
  before(start: number): string | null {
    let edge = start;
    for (let index = this.#lastEndingBy(start); index >= 0; index--) {
      const comment = this.#comments[index];
      if (comment === undefined || this.#text.slice(comment.end, edge).trim() !== "") return null;
      if (comment.type === "Block" && comment.value.startsWith("*")) return docText(comment.value);
      edge = comment.start;
    }
    return null;
  }

  /** The JSDoc text that follows `end` with nothing but white space and other comments between, or null. */
  after(end: number): string | null {
    let edge = end;
    for (let index = this.#lastEndingBy(end) + 1; index < this.#comments.length; index++) {
      const comment = this.#comments[index];
      if (comment === undefined || this.#text.slice(edge, comment.start).trim() !== "") return null;
      if (comment.type === "Block" && comment.value.startsWith("*")) return docText(comment.value);
      edge = comment.end;
    }
    return null;
  }

  #lastEndingBy(offset: number): number {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const comment = this.#comments[middle];
      if (comment !== undefined && comment.end <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The text between the comment marks, each line freed of its leading star. */
function docText(value: string): string | null {
  const lines = value
    .slice(1)
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line.trim() : line.replace(/^\s*\*? ?/, "").trimEnd()));
  const text = lines.join("\n").trim();
  return text === "" ? null : text;
}
