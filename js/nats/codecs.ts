// Codecs of keys and values, in chains, and the grammar of keys by the rules of cloesce-storage.wasm.

import { Refusal, rule, wellFormed } from "../local/rules.js";
import { InvalidKey } from "./errors.js";

/**
 * Those that are there: "base64url" by part between dots; "path", of which slashes at the end are lost and dots come back
 * as slashes; "escape", which takes any text and makes one part of it.
 */
export type KeyCodecName = "base64url" | "path" | "escape";

/** One of your own. It must be one-to-one, and its texts must be keys, or what the next codec takes. */
export interface KeyCodec {
  encode(key: string): string;
  decode(text: string): string;
  /** Encodes a filter and leaves `*` and `>` what they are. Without it filters are refused. */
  filter?(filter: string): string;
}

export interface ValueCodec {
  encode(value: Uint8Array): Uint8Array;
  decode(bytes: Uint8Array): Uint8Array;
}

type OneOrMore<Codec> = Codec | readonly Codec[];

/** Applied in this order when something is written, and backward when it is read. */
export interface Codecs {
  readonly keys?: OneOrMore<KeyCodecName | KeyCodec>;
  readonly values?: OneOrMore<ValueCodec>;
}

/** Some of the keys that are their own encoding, by the only codec there is: most are. Which else are, the core knows. */
const themselves = {
  none: /^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$/,
  escape: /^[A-Za-z0-9]+(?:[/-][A-Za-z0-9]+)*$/,
} as const;
const themselvesMost = 200;

/** Keys of which the encoding is remembered. */
const remembered = 10_000;

const listOf = <Codec>(codecs: OneOrMore<Codec> | undefined): readonly Codec[] =>
  codecs === undefined ? [] : Array.isArray(codecs) ? (codecs as Codec[]) : [codecs as Codec];

/** Keys between the user and the bucket. */
export class Keys {
  readonly #steps: readonly (KeyCodec | readonly KeyCodecName[])[];
  readonly #encoded = new Map<string, string>();
  readonly plain: boolean;
  readonly #itself: RegExp | null;

  constructor(codecs: OneOrMore<KeyCodecName | KeyCodec> | undefined) {
    const steps: (KeyCodec | KeyCodecName[])[] = [];
    for (const codec of listOf(codecs)) {
      const last = steps.at(-1);
      if (typeof codec !== "string") steps.push(codec);
      else if (!["base64url", "path", "escape"].includes(codec))
        throw new TypeError(`there is no key codec "${codec as string}"`);
      else if (Array.isArray(last)) last.push(codec);
      else steps.push([codec]);
    }
    this.#steps = steps;
    this.plain = steps.length === 0;
    const [only, more] =
      steps.length === 1 && isNames(steps[0] ?? []) ? (steps[0] as string[]) : [];
    this.#itself = this.plain
      ? themselves.none
      : only === "escape" && more === undefined
        ? themselves.escape
        : null;
  }

  /** @throws InvalidKey */
  encode(key: string): string {
    if (this.#isItself(key)) return key;
    const known = this.#encoded.get(key);
    if (known !== undefined) return known;
    if (typeof key !== "string") throw new InvalidKey("a key is a string");
    const encoded = this.#through(key, false);
    if (this.#encoded.size >= remembered) this.#encoded.clear();
    this.#encoded.set(key, encoded);
    return encoded;
  }

  /** @throws InvalidKey */
  filter(filter: string): string {
    if (typeof filter !== "string") throw new InvalidKey("a filter is a string");
    return this.#through(filter, true);
  }

  /** What users see of encoded keys; null for those that are not theirs. */
  decodeAll(encoded: readonly string[]): (string | null)[] {
    if (this.plain) return encoded.map((key) => (key.startsWith("_kv") ? null : key));
    let keys: (string | null)[] = encoded.map((key) => (key.startsWith("_kv") ? null : key));
    for (const step of [...this.#steps].reverse()) {
      const present = keys.map((key) => key ?? "");
      if (isNames(step)) {
        const decoded = rule<(string | null)[]>("history_decode", step, present);
        keys = keys.map((key, index) => (key === null ? null : (decoded[index] ?? null)));
      } else {
        keys = keys.map((key) => (key === null ? null : decodeBy(step, key)));
      }
    }
    return keys;
  }

  decode(encoded: string): string | null {
    if (this.#isItself(encoded)) return encoded;
    if (this.plain) return encoded.startsWith("_kv") ? null : encoded;
    return this.decodeAll([encoded])[0] ?? null;
  }

  #isItself(key: string): boolean {
    return (
      this.#itself !== null &&
      typeof key === "string" &&
      key.length <= themselvesMost &&
      this.#itself.test(key)
    );
  }

  #through(text: string, isFilter: boolean): string {
    let encoded = wellFormed(text);
    try {
      for (const step of this.#steps) {
        if (isNames(step)) {
          [encoded = ""] = rule<string[]>("history_encode", step, [encoded], isFilter, false);
        } else if (!isFilter) encoded = step.encode(encoded);
        else if (step.filter !== undefined) encoded = step.filter(encoded);
        else if (encoded !== ">")
          throw new InvalidKey("this bucket's key codec has no filter(): only > can be watched");
      }
      rule("history_encode", [], [encoded], isFilter, true);
      return encoded;
    } catch (error) {
      if (error instanceof Refusal)
        throw new InvalidKey(`${isFilter ? "filter" : "key"} ${error.message}`);
      throw error;
    }
  }
}

/** Values between the user and the bucket. */
export class Values {
  readonly #codecs: readonly ValueCodec[];

  constructor(codecs: OneOrMore<ValueCodec> | undefined) {
    this.#codecs = listOf(codecs);
  }

  encode(value: Uint8Array): Uint8Array {
    return this.#codecs.reduce((bytes, codec) => codec.encode(bytes), value);
  }

  decode(bytes: Uint8Array): Uint8Array {
    return this.#codecs.reduceRight((value, codec) => codec.decode(value), bytes);
  }
}

function isNames(step: KeyCodec | readonly KeyCodecName[]): step is readonly KeyCodecName[] {
  return Array.isArray(step);
}

function decodeBy(codec: KeyCodec, text: string): string | null {
  try {
    return codec.decode(text);
  } catch {
    return null;
  }
}
