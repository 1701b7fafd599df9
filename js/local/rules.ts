// The rules of local storage: calls into cloesce-storage.wasm, JSON both ways.

import { readFileSync } from "node:fs";
import { callWithReply } from "../abi/frame.js";
import { CoreInstance } from "../abi/instance.js";

/** A rule said no. `code` is the platform's number; 0 stands for a TypeError, 1 for a RangeError. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where a page of a list begins and ends, as bytes of keys. */
export interface Bounds {
  readonly limit: number;
  readonly lower: Buffer;
  readonly inclusive: boolean;
  readonly upper: Buffer | null;
}

interface WireBounds {
  limit: number;
  lower: string;
  inclusive: boolean;
  upper: string | null;
}

/** Both ends are part of it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const file = new URL("../cloesce-storage.wasm", import.meta.url);
let core: CoreInstance | null = null;
let module: WebAssembly.Module | null = null;

/** Asks the rule `name`. @throws Refusal */
export function rule<Answer>(name: string, ...given: readonly unknown[]): Answer {
  if (core === null || core.broken) {
    module ??= new WebAssembly.Module(readFileSync(file));
    core = new CoreInstance(module);
  }
  const { status, kind, content } = callWithReply(
    core,
    `cloesce_${name}`,
    [],
    JSON.stringify(given),
  );
  if (status !== 0) throw new Refusal(kind, content);
  return JSON.parse(content) as Answer;
}

/** The bounds of a page, of the list rule of KV or R2; null for a cursor that R2 never gave. */
export function bounds(name: "kv_list" | "r2_list", ...given: readonly unknown[]): Bounds | null {
  const wire = rule<WireBounds | null>(name, ...given);
  if (wire === null) return null;
  return {
    limit: wire.limit,
    lower: Buffer.from(wire.lower, "hex"),
    inclusive: wire.inclusive,
    upper: wire.upper === null ? null : Buffer.from(wire.upper, "hex"),
  };
}

/** A text that UTF-8 can hold: halves of surrogate pairs become U+FFFD, as on the platform. */
export function wellFormed(text: string): string {
  // In every Node that has node:sqlite; TypeScript's es2023 does not know it.
  return (text as string & { toWellFormed(): string }).toWellFormed();
}

/** A refusal as what the binding throws: its TypeErrors and RangeErrors as they are, the rest by `name`. */
export function thrown(error: unknown, name: (code: number, message: string) => string): unknown {
  if (!(error instanceof Refusal)) return error;
  if (error.code === 0) return new TypeError(error.message);
  if (error.code === 1) return new RangeError(error.message);
  return new Error(name(error.code, error.message));
}
