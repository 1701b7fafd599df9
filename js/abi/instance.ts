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

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A text of the core. */
export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/**
 * A core module's instance with its linear memory. Every call goes through {@link CoreInstance.call}, which
 * turns traps and aborts into {@link CoreFailure} and marks the instance as broken.
 */
export class CoreInstance {
  /** Memory as bytes and as 32-bit words; each is another object once memory has grown. */
  bytes!: Uint8Array;
  words!: Uint32Array;
  /** Whether a call trapped or aborted: the state inside is undefined then. */
  broken = false;
  /** What the core handed over of a long answer while it wrote it: copies, in their order. */
  readonly pieces: Uint8Array<ArrayBuffer>[] = [];
  readonly #exports: Record<string, CoreFunction>;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, {
      env: {
        emscripten_notify_memory_growth: () => {
          view();
        },
      },
      cloesce: {
        take_piece: (pointer: number, length: number) => {
          this.pieces.push(this.copy(pointer, length));
        },
      },
      wasi_snapshot_preview1: {
        proc_exit: (code: number) => {
          throw new Error(`the core aborted with code ${code}`);
        },
      },
    });
    const memory = exports["memory"] as WebAssembly.Memory;
    const view = (): void => {
      this.bytes = new Uint8Array(memory.buffer);
      this.words = new Uint32Array(memory.buffer);
    };
    view();
    this.#exports = exports as Record<string, CoreFunction>;
    this.call("_initialize");
    const version = this.call("cloesce_abi_version");
    if (version !== abiVersion)
      throw new Error(`the core speaks ABI ${version}, this package ${abiVersion}`);
  }

  /** Calls the export `name`. Throws {@link CoreFailure} when it traps or aborts, and ever after. */
  call(name: string, ...values: number[]): number {
    if (this.broken) throw new CoreFailure("the core instance was discarded after a failure");
    try {
      return (this.#exports[name] as CoreFunction)(...values) >>> 0;
    } catch (error) {
      this.broken = true;
      throw new CoreFailure(String(error), { cause: error });
    }
  }

  /** Memory of `length` bytes, to be freed by `cloesce_free`. */
  allocate(length: number): number {
    const pointer = this.call("cloesce_alloc", length);
    if (pointer === 0) throw new RangeError("the core has no memory left");
    return pointer;
  }

  /** The text at `pointer`, decoded. */
  text(pointer: number, length: number): string {
    return length === 0 ? "" : decode(this.bytes.subarray(pointer, pointer + length));
  }

  /** A copy of the bytes at `pointer`, safe to keep. */
  copy(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(pointer, pointer + length) as Uint8Array<ArrayBuffer>;
  }

  /**
   * Writes `text` as UTF-8 to `pointer`, where `room` bytes are free.
   * Answers the bytes written, or -1 when they did not fit.
   */
  write(text: string, pointer: number, room: number): number {
    const { read, written } = encoder.encodeInto(
      text,
      this.bytes.subarray(pointer, pointer + room),
    );
    return read === text.length ? written : -1;
  }
}

/** The UTF-8 length of `text` is at most this. */
export function utf8Bound(text: string): number {
  return text.length * 3;
}
