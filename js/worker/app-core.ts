// One core instance with an app opened in it: the typed face of the exchange exports.

import { callForBytes, callWithReply } from "../abi/frame.js";
import { CoreInstance, utf8Bound } from "../abi/instance.js";
import { outcome, stepWord } from "../abi/step.js";
import type { Manifest } from "./manifest.js";

/** A step record, copied out of linear memory. Offsets in it are valid until the next call into the core. */
export interface Step {
  readonly exchange: number;
  readonly kind: number;
  readonly route: number;
  readonly status: number;
  readonly flags: number;
  readonly text: number;
  readonly textLength: number;
  readonly bytes: number;
  readonly bytesLength: number;
  readonly count: number;
  readonly limit: number;
  readonly blobs: number;
}

const headRoom = 64 * 1024;
/** Bytes that are encoded at a time: a multiple of three, so that only the last piece has padding. */
const base64Piece = 3 * 64 * 1024;

/** An opened app inside a core instance. Thrown away as a whole when the instance breaks. */
export class AppCore {
  readonly core: CoreInstance;
  readonly manifest: Manifest;
  /** Exchanges begun and not over; lets an idle instance be told from a busy one. */
  live = 0;
  /** The version of the app's hooks that the core knows. */
  hooksVersion = -1;

  readonly #app: number;
  readonly #head: number;
  readonly #begin;
  readonly #operation;
  readonly #buffer;
  readonly #resume;
  readonly #end;
  readonly #statements = new Map<number, string>();

  /** `open` is the JSON text that `cloesce_app_open` takes. Throws with the core's message when it is refused. */
  constructor(module: WebAssembly.Module, open: string) {
    const core = new CoreInstance(module);
    this.core = core;
    const reply = callWithReply(core, "cloesce_app_open", [], open);
    if (reply.status !== 0) throw new Error(`Cloesce could not open the app: ${reply.text}`);
    this.#app = reply.kind;
    this.manifest = JSON.parse(reply.text) as Manifest;
    this.#head = core.call(core.function("cloesce_alloc"), headRoom);
    this.#begin = core.function("cloesce_exchange_begin");
    this.#operation = core.function("cloesce_operation_begin");
    this.#buffer = core.function("cloesce_exchange_buffer");
    this.#resume = core.function("cloesce_exchange_resume");
    this.#end = core.function("cloesce_exchange_end");
  }

  /** Starts a request. `head` is the head in the form of the ABI; null when it is longer than any platform allows. */
  begin(head: string): Step | null {
    const length = this.core.write(head, this.#head, headRoom);
    if (length < 0) return null;
    return this.#step(this.core.call(this.#begin, this.#app, this.#head, length));
  }

  /** Starts an ORM call described by `operation`, a JSON text. */
  operate(operation: string): Step {
    const room = utf8Bound(operation);
    const input = this.core.call(this.core.function("cloesce_alloc"), room + 1);
    if (input === 0) throw new RangeError("the core has no memory left for an ORM call");
    try {
      const length = this.core.write(operation, input, room);
      return this.#step(this.core.call(this.#operation, this.#app, input, length));
    } finally {
      if (!this.core.broken) this.core.call(this.core.function("cloesce_free"), input);
    }
  }

  /** Continues after a step that answers nothing, or with a failure's message. */
  resume(exchange: number, how: number = outcome.done, message = ""): Step {
    if (message !== "") return this.resumeText(exchange, how, message);
    return this.#step(this.core.call(this.#resume, this.#app, exchange, how, 0, 0));
  }

  /** Continues with a text. */
  resumeText(exchange: number, how: number, text: string): Step {
    // Most texts are ASCII: room for the worst case is only taken when the first try did not fit.
    for (const room of [text.length + (text.length >>> 3) + 64, utf8Bound(text)]) {
      const pointer = this.core.call(this.#buffer, this.#app, exchange, room);
      if (pointer === 0) break;
      const length = this.core.write(text, pointer, room);
      if (length >= 0)
        return this.#step(this.core.call(this.#resume, this.#app, exchange, how, pointer, length));
    }
    return this.#step(this.core.call(this.#resume, this.#app, exchange, how, 0, 0));
  }

  /** Continues with the chunks of a body, `total` bytes long. */
  resumeChunks(exchange: number, chunks: readonly Uint8Array[], total: number): Step {
    const pointer = this.core.call(this.#buffer, this.#app, exchange, total);
    const memory = this.core.bytes();
    let at = pointer;
    if (pointer !== 0) {
      for (const chunk of chunks) {
        memory.set(chunk, at);
        at += chunk.byteLength;
      }
    }
    return this.#step(
      this.core.call(this.#resume, this.#app, exchange, outcome.done, pointer, at - pointer),
    );
  }

  /** Frees an exchange that will not be continued. */
  end(exchange: number): void {
    if (!this.core.broken) this.core.call(this.#end, this.#app, exchange);
  }

  /** The SQL text of a statement number; texts of a number never change. */
  statement(number: number): string {
    let text = this.#statements.get(number);
    if (text === undefined) {
      const reply = callWithReply(this.core, "cloesce_statement_text", [this.#app, number], null);
      if (reply.status !== 0) throw new Error(reply.text);
      text = reply.text;
      // The core forgets old statements too; a number is asked for again when it is needed.
      if (this.#statements.size >= 4096) this.#statements.clear();
      this.#statements.set(number, text);
    }
    return text;
  }

  /** Tells the core which hooks exist now. Throws when one is for something that does not exist. */
  setHooks(hooks: string): void {
    const reply = callWithReply(this.core, "cloesce_app_hooks", [this.#app], hooks);
    if (reply.status !== 0) throw new Error(reply.text);
  }

  /** `bytes` in base64. */
  encodeBase64(bytes: Uint8Array): string {
    return callWithReply(this.core, "cloesce_base64_encode", [], bytes).text;
  }

  /** Writes `bytes` in base64 to the beginning of `target`, piece by piece, so that memory stays small. */
  writeBase64(bytes: Uint8Array, target: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; at += base64Piece) {
      const piece = bytes.subarray(at, at + base64Piece);
      target.set(callForBytes(this.core, "cloesce_base64_encode", [], piece).text, (at / 3) * 4);
    }
  }

  /** The bytes that `text` stands for; throws when it is no base64. */
  decodeBase64(text: string): Uint8Array<ArrayBuffer> {
    const reply = callForBytes(this.core, "cloesce_base64_decode", [], text);
    if (reply.status !== 0) throw new TypeError("not base64");
    return reply.text;
  }

  /** Copies of the blobs that the core decoded for a dispatch step. */
  decodedBlobs(step: Step): Uint8Array<ArrayBuffer>[] {
    const words = this.core.words();
    return Array.from({ length: step.count }, (_, index) => {
      const at = (step.blobs >>> 2) + index * 2;
      return this.core.copy(words[at] as number, words[at + 1] as number);
    });
  }

  #step(pointer: number): Step {
    const words = this.core.words();
    const at = pointer >>> 2;
    const word = (offset: number): number => words[at + offset] as number;
    return {
      exchange: word(stepWord.exchange),
      kind: word(stepWord.kind),
      route: word(stepWord.route),
      status: word(stepWord.status),
      flags: word(stepWord.flags),
      text: word(stepWord.text),
      textLength: word(stepWord.textLength),
      bytes: word(stepWord.bytes),
      bytesLength: word(stepWord.bytesLength),
      count: word(stepWord.count),
      limit: word(stepWord.limit),
      blobs: word(stepWord.blobs),
    };
  }
}
