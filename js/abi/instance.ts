// One running copy of a core module: instantiation, memory access, traps.
// Follows docs/internals/abi.md.

/** The ABI version that this code speaks. */
export const abiVersion = 1;

/** A wasm function of the core: numbers in, a number or nothing out. */
type CoreFunction = (...values: number[]) => number;

/** Thrown when the core trapped or aborted. The instance must not be used again. */
export class CoreFailure extends Error {
  override readonly name = "CoreFailure";
}

/** Thrown by `proc_exit`: the core gave up, for example because memory ran out. */
class CoreAbort extends Error {
  override readonly name = "CoreAbort";
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * A core module's instance with its linear memory. Every call goes through {@link CoreInstance.call}, which
 * turns traps and aborts into {@link CoreFailure} and marks the instance as broken.
 */
export class CoreInstance {
  readonly #exports: WebAssembly.Exports;
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #broken = false;

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, {
      env: { emscripten_notify_memory_growth: () => undefined },
      wasi_snapshot_preview1: {
        proc_exit: (code: number) => {
          throw new CoreAbort(`the core aborted with code ${code}`);
        },
      },
    });
    this.#exports = instance.exports;
    this.#memory = instance.exports["memory"] as WebAssembly.Memory;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
    this.call(this.function("_initialize"));
    const version = this.call(this.function("cloesce_abi_version"));
    if (version !== abiVersion) {
      throw new Error(`the core speaks ABI ${version}, this package speaks ${abiVersion}`);
    }
  }

  /** Whether a call trapped or aborted: the state inside is undefined then. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Bytes of linear memory. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The exported function `name`, to be passed to {@link CoreInstance.call}. */
  function(name: string): CoreFunction {
    const found = this.#exports[name];
    if (typeof found !== "function") throw new Error(`the core exports no ${name}`);
    return found as CoreFunction;
  }

  /** Calls into the core. Throws {@link CoreFailure} when it traps or aborts, and ever after. */
  call(target: CoreFunction, a = 0, b = 0, c = 0, d = 0, e = 0): number {
    if (this.#broken) throw new CoreFailure("the core instance was discarded after a failure");
    try {
      return target(a, b, c, d, e) >>> 0;
    } catch (error) {
      this.#broken = true;
      throw new CoreFailure(error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
  }

  /** Memory as bytes; valid until the next call that may allocate. */
  bytes(): Uint8Array {
    if (this.#bytes.byteLength === 0) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  /** Memory as 32-bit words; valid until the next call that may allocate. */
  words(): Uint32Array {
    if (this.#words.byteLength === 0) this.#words = new Uint32Array(this.#memory.buffer);
    return this.#words;
  }

  /** The text at `pointer`, decoded. */
  text(pointer: number, length: number): string {
    return length === 0 ? "" : decoder.decode(this.bytes().subarray(pointer, pointer + length));
  }

  /** A copy of the bytes at `pointer`, safe to keep. */
  copy(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes().slice(pointer, pointer + length) as Uint8Array<ArrayBuffer>;
  }

  /**
   * Writes `text` as UTF-8 to `pointer`, where `room` bytes are free.
   * Answers the bytes written, or -1 when they did not fit.
   */
  write(text: string, pointer: number, room: number): number {
    const { read, written } = encoder.encodeInto(
      text,
      this.bytes().subarray(pointer, pointer + room),
    );
    return read === text.length ? written : -1;
  }
}

/** The UTF-8 length of `text` is at most this. */
export function utf8Bound(text: string): number {
  return text.length * 3;
}
