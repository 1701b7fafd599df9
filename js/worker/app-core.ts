// One core instance with an app opened in it: the typed face of the exchange exports.

import { callWithReply } from "../abi/frame.js";
import { CoreInstance, utf8Bound } from "../abi/instance.js";
import { outcomeDone } from "../abi/step.js";
import type { Manifest } from "./manifest.js";

/**
 * A step record: where in linear memory, in words. {@link AppCore.word} and {@link AppCore.textOf} read it, until the next
 * call into the core.
 */
export type Step = number;

const headRoom = 64 * 1024;
/** Bytes that are encoded at a time: a multiple of three, so that only the last piece has padding. */
const base64Piece = 3 * 64 * 1024;

/** An opened app inside a core instance. Thrown away as a whole when the instance breaks. */
export class AppCore extends CoreInstance {
  readonly manifest: Manifest;
  /** Exchanges begun and not over; lets an idle instance be told from a busy one. */
  live = 0;
  /** The version of the app's hooks that the core knows. */
  hooksVersion = -1;

  readonly #app: number;
  readonly #head: number;
  readonly #statements = new Map<number, string>();

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

  /** Starts an ORM call described by `operation`, a JSON text. */
  operate(operation: string): Step {
    const room = utf8Bound(operation);
    const input = this.allocate(room + 1);
    try {
      const length = this.write(operation, input, room);
      return this.call("cloesce_operation_begin", this.#app, input, length) >>> 2;
    } finally {
      if (!this.broken) this.call("cloesce_free", input);
    }
  }

  /** Continues after a step, with a text if it wants one. */
  resume(exchange: number, how: number = outcomeDone, text = ""): Step {
    let length = 0;
    let pointer = 0;
    // Most texts are ASCII: room for the worst case is only taken when the first try did not fit.
    for (const room of [text.length + (text.length >>> 3) + 64, utf8Bound(text)]) {
      if (text === "") break;
      pointer = this.#room(exchange, room);
      length = pointer === 0 ? 0 : this.write(text, pointer, room);
      if (length >= 0) break;
    }
    return this.#resume(exchange, how, pointer, length);
  }

  /** Continues with the chunks of a body. */
  resumeChunks(exchange: number, chunks: readonly Uint8Array[]): Step {
    let total = 0;
    for (const chunk of chunks) total += chunk.byteLength;
    const pointer = this.#room(exchange, total);
    let at = pointer;
    if (pointer !== 0) {
      for (const chunk of chunks) {
        this.bytes.set(chunk, at);
        at += chunk.byteLength;
      }
    }
    return this.#resume(exchange, outcomeDone, pointer, at - pointer);
  }

  #room(exchange: number, length: number): number {
    return this.call("cloesce_exchange_buffer", this.#app, exchange, length);
  }

  #resume(exchange: number, how: number, pointer: number, length: number): Step {
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

  /** The SQL text of a statement number; texts of a number never change. */
  statement(number: number): string {
    let text = this.#statements.get(number);
    if (text === undefined) {
      text = this.#ask("cloesce_statement_text", [this.#app, number], null);
      // The core forgets old statements too; a number is asked for again when it is needed.
      if (this.#statements.size >= 4096) this.#statements.clear();
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

  /** `bytes` in base64. */
  encodeBase64(bytes: Uint8Array): string {
    return this.#ask("cloesce_base64_encode", [], bytes);
  }

  /** Writes `bytes` in base64 to the beginning of `target`, piece by piece, so that memory stays small. */
  writeBase64(bytes: Uint8Array, target: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; at += base64Piece) {
      const piece = bytes.subarray(at, at + base64Piece);
      const { content } = callWithReply(this, "cloesce_base64_encode", [], piece, "copy");
      target.set(content, (at / 3) * 4);
    }
  }

  /** The bytes that `text` stands for; throws when it is no base64. */
  decodeBase64(text: string): Uint8Array<ArrayBuffer> {
    const { status, content } = callWithReply(this, "cloesce_base64_decode", [], text, "copy");
    if (status !== 0) throw new TypeError("not base64");
    return content;
  }

  /** Copies of the `count` blobs that the core decoded and whose records are at `records`. */
  decodedBlobs(records: number, count: number): Uint8Array<ArrayBuffer>[] {
    return Array.from({ length: count }, (_, index) => {
      const at = (records >>> 2) + index * 2;
      return this.copy(this.word(at, 0), this.word(at, 1));
    });
  }
}
