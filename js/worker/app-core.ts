// One core instance with an app opened in it: the typed face of the exchange exports.

import { callWithReply } from "../abi/frame.js";
import { CoreInstance, decode } from "../abi/instance.js";
import { flagInPieces, outcomeDone, outcomeTooLarge, wordBytes, wordFlags } from "../abi/step.js";
import type { Manifest } from "./manifest.js";

/**
 * A step record: where in linear memory, in words. {@link AppCore.word} and {@link AppCore.textOf} read it, until the next
 * call into the core.
 */
export type Step = number;

const headRoom = 64 * 1024;
/** Bytes that are encoded at a time: a multiple of three, so that only the last piece has padding. */
const base64Piece = 3 * 64 * 1024;
/** Characters that are decoded at a time. */
const textPiece = 4 * 64 * 1024;

/** Milliseconds after which nobody waits any more; no database takes as long. */
const longestWait = 120_000;
/** So many wait at a time; whoever waited longest is given up for the next one. The core knows 4096. */
const mostWaiting = 4000;

const encoder = new TextEncoder();

/** A request or ORM call that waits for something outside of the core. */
export interface Waiting {
  /** Its exchange, 0 when that is over. */
  exchange: number;
}

/** An opened app inside a core instance. Thrown away as a whole when the instance breaks. */
export class AppCore extends CoreInstance {
  readonly manifest: Manifest;
  /** The version of the app's hooks that the core knows. */
  hooksVersion = -1;

  readonly #app: number;
  readonly #head: number;
  readonly #statements = new Map<number, string>();
  /** Who waits, since when, in the order of their coming. */
  readonly #waiting = new Map<Waiting, number>();
  /** Where the last text was written. */
  #at = 0;

  /** `open` is the text that `cloesce_app_open` takes. Throws with the core's message when it is refused. */
  constructor(module: WebAssembly.Module, open: string) {
    super(module);
    const { status, kind, content } = callWithReply(this, "cloesce_app_open", [], open);
    if (status !== 0) throw new Error(`Cloesce could not open the app: ${content}`);
    this.#app = kind;
    this.manifest = JSON.parse(content) as Manifest;
    this.#head = this.allocate(headRoom);
  }

  /** Starts a request. `head` is the head in the form of the ABI; null when it is longer than any platform allows. */
  begin(head: string): Step | null {
    const length = this.write(head, this.#head, headRoom);
    if (length < 0) return null;
    return this.call("cloesce_exchange_begin", this.#app, this.#head, length) >>> 2;
  }

  /** Whether anybody waits: the instance must stay then. */
  get busy(): boolean {
    return this.#waiting.size > 0;
  }

  /** Notes that `exchange` waits. {@link AppCore.leave} must follow, whatever becomes of it. */
  wait(exchange: number): Waiting {
    const now = Date.now();
    // Who was cancelled by the platform is never resumed, and not always found by the collector.
    for (const [waiting, since] of this.#waiting) {
      if (now - since < longestWait && this.#waiting.size < mostWaiting) break;
      this.leave(waiting);
    }
    const waiting = { exchange };
    this.#waiting.set(waiting, now);
    return waiting;
  }

  /** Frees what `waiting` still holds. */
  leave(waiting: Waiting): void {
    if (!this.#waiting.delete(waiting) || waiting.exchange === 0) return;
    this.end(waiting.exchange);
  }

  /** Starts an ORM call described by `operation`, a JSON text. */
  operate(operation: string): Step {
    const length = this.#write(0, operation);
    return this.call("cloesce_operation_begin", this.#app, this.#at, length) >>> 2;
  }

  /** Continues after a step, with a text if it wants one; where there is no room for it, with what `less` answers. */
  resume(exchange: number, how: number = outcomeDone, text = "", less?: () => string): Step {
    const length = this.#write(exchange, text);
    if (this.#at === 0 && text !== "" && less !== undefined)
      return this.resume(exchange, outcomeTooLarge, less());
    return this.#resume(exchange, how, this.#at, length);
  }

  /** Writes `text` where the core wants it; answers its bytes, 0 when there is no room. */
  #write(exchange: number, text: string): number {
    this.#at = 0;
    if (text === "") return 0;
    // Most texts are ASCII: their exact length is only counted when the first try did not fit.
    const room = text.length + (text.length >>> 3) + 64;
    this.#at = this.#room(exchange, room);
    const length = this.#at && this.write(text, this.#at, room);
    return length < 0 ? this.#fill(exchange, [encoder.encode(text)]) : length;
  }

  /** The same for the chunks of a body. */
  #fill(exchange: number, chunks: readonly Uint8Array[]): number {
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    let at = (this.#at = this.#room(exchange, total));
    if (at === 0) return 0;
    for (const chunk of chunks) {
      this.bytes.set(chunk, at);
      at += chunk.length;
    }
    return total;
  }

  /** Continues with the chunks of a body. */
  resumeChunks(exchange: number, chunks: readonly Uint8Array[]): Step {
    const length = this.#fill(exchange, chunks);
    return this.#resume(exchange, outcomeDone, this.#at, length);
  }

  #room(exchange: number, length: number): number {
    return this.call("cloesce_exchange_buffer", this.#app, exchange, length);
  }

  #resume(exchange: number, how: number, pointer: number, length: number): Step {
    // Those of an answer that failed after it had begun.
    this.pieces.length = 0;
    return this.call("cloesce_exchange_resume", this.#app, exchange, how, pointer, length) >>> 2;
  }

  /** Frees an exchange that will not be continued. */
  end(exchange: number): void {
    if (!this.broken) this.call("cloesce_exchange_end", this.#app, exchange);
  }

  /** A number of `step`: one of the word offsets of js/abi/step.ts. */
  word(step: Step, offset: number): number {
    return this.words[step + offset] as number;
  }

  /** The text of `step` that the word at `offset` points to; its length is in the word behind. */
  textOf(step: Step, offset: number): string {
    return this.text(this.word(step, offset), this.word(step, offset + 1));
  }

  /** The pieces of an answer that was too long to be made whole, in their order; null of another one. */
  piecesOf(step: Step): Uint8Array<ArrayBuffer>[] | null {
    if ((this.word(step, wordFlags) & flagInPieces) === 0) return null;
    const end = this.copy(this.word(step, wordBytes), this.word(step, wordBytes + 1));
    return [...this.pieces.splice(0), end];
  }

  /** The text that `step` answers. */
  answerOf(step: Step): string {
    const pieces = this.piecesOf(step);
    return pieces === null ? this.textOf(step, wordBytes) : pieces.map(decode).join("");
  }

  /** The SQL text of a statement number; texts of a number never change. */
  statement(number: number): string {
    let text = this.#statements.get(number);
    if (text === undefined) {
      text = this.#ask("cloesce_statement_text", [this.#app, number], null);
      // The core forgets old statements too; a number is asked for again when it is needed.
      if (this.#statements.size >= 1024) this.#statements.clear();
      this.#statements.set(number, text);
    }
    return text;
  }

  /** The content type and the body of a failure, in the form that `accept` asks for. */
  failure(status: number, accept: string, message: string): readonly [string, string] {
    const { content } = callWithReply(this, "cloesce_failure", [status], `${accept}\n${message}`);
    const end = content.indexOf("\n");
    return [content.slice(0, end), content.slice(end + 1)];
  }

  /** Whether `accept` asks for form data rather than JSON. */
  prefersForm(accept: string): boolean {
    return callWithReply(this, "cloesce_prefers_form", [], accept).kind === 1;
  }

  /** Tells the core which hooks exist now. Throws when one is for something that does not exist. */
  setHooks(hooks: string): void {
    this.#ask("cloesce_app_hooks", [this.#app], hooks);
  }

  #ask(name: string, leading: number[], input: string | Uint8Array | null): string {
    const { status, content } = callWithReply(this, name, leading, input);
    if (status !== 0) throw new Error(content);
    return content;
  }

  /** `bytes` in base64, made piece by piece, so that memory stays small. */
  encodeBase64(bytes: Uint8Array): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += base64Piece)
      text += this.#ask("cloesce_base64_encode", [], bytes.subarray(at, at + base64Piece));
    return text;
  }

  /** Writes `bytes` in base64 to the beginning of `target`, piece by piece. */
  writeBase64(bytes: Uint8Array, target: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; at += base64Piece) {
      const piece = bytes.subarray(at, at + base64Piece);
      const { content } = callWithReply(this, "cloesce_base64_encode", [], piece, "copy");
      target.set(content, (at / 3) * 4);
    }
  }

  /** The bytes that `text` stands for; throws when it is no base64. */
  decodeBase64(text: string): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array((text.length >>> 2) * 3);
    let length = 0;
    for (let at = 0; at < text.length; at += textPiece) {
      const piece = text.slice(at, at + textPiece);
      const { status, content } = callWithReply(this, "cloesce_base64_decode", [], piece, "copy");
      // Padding ends a text; it cannot stand within.
      if (status !== 0 || length !== (at >>> 2) * 3) throw new TypeError("not base64");
      bytes.set(content, length);
      length += content.length;
    }
    return bytes.subarray(0, length);
  }

  /** Copies of the `count` blobs that the core decoded and whose records are at `records`. */
  decodedBlobs(records: number, count: number): Uint8Array<ArrayBuffer>[] {
    return Array.from({ length: count }, (_, index) => {
      const at = (records >>> 2) + index * 2;
      return this.copy(this.word(at, 0), this.word(at, 1));
    });
  }
}

/** Frees what was held for whoever was cancelled by the platform: their function is never resumed. */
export const abandoned =
  typeof FinalizationRegistry === "undefined"
    ? null
    : new FinalizationRegistry<{ core: AppCore; waiting: Waiting }>(({ core, waiting }) => {
        core.leave(waiting);
      });
