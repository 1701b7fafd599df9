// The call frame: input copied in, reply copied out, both freed, whatever happens in between.

import { type CoreInstance, utf8Bound } from "./instance.js";

/** What an export that fills a reply record answered. */
export interface Reply<Content = string> {
  /** 0 is success; otherwise `text` is the failure's message. */
  readonly status: number;
  /** Meaning depends on the call, e.g. the app handle. */
  readonly kind: number;
  readonly text: Content;
}

const replyBytes = 16;

/** What a call is given: a text, bytes, or nothing but its leading numbers. */
export type Input = string | Uint8Array | null;

/** Calls `name(input, length, reply)`; `leading` go before. The reply's bytes are read as text. */
export function callWithReply(
  core: CoreInstance,
  name: string,
  leading: readonly number[],
  input: Input,
): Reply {
  return callAndRead(core, name, leading, input, (pointer, length) => core.text(pointer, length));
}

/** Like {@link callWithReply}, with the reply's bytes as a copy of them. */
export function callForBytes(
  core: CoreInstance,
  name: string,
  leading: readonly number[],
  input: Input,
): Reply<Uint8Array<ArrayBuffer>> {
  return callAndRead(core, name, leading, input, (pointer, length) => core.copy(pointer, length));
}

function callAndRead<Content>(
  core: CoreInstance,
  name: string,
  leading: readonly number[],
  input: Input,
  read: (pointer: number, length: number) => Content,
): Reply<Content> {
  const allocate = core.function("cloesce_alloc");
  const free = core.function("cloesce_free");
  const room =
    input === null ? 0 : typeof input === "string" ? utf8Bound(input) + 1 : input.byteLength;
  const block = core.call(allocate, replyBytes + room);
  if (block === 0) throw new RangeError("the core has no memory left for a call");
  try {
    const at = block + replyBytes;
    const given = [...leading];
    if (typeof input === "string") given.push(at, core.write(input, at, room));
    if (input instanceof Uint8Array) {
      core.bytes().set(input, at);
      given.push(at, input.byteLength);
    }
    given.push(block);
    core.call(core.function(name), given[0], given[1], given[2], given[3], given[4]);
    const words = core.words();
    const word = block >>> 2;
    const pointer = words[word + 2] ?? 0;
    const reply = {
      status: words[word] ?? 1,
      kind: words[word + 1] ?? 0,
      text: read(pointer, words[word + 3] ?? 0),
    };
    core.call(free, pointer);
    return reply;
  } finally {
    if (!core.broken) core.call(free, block);
  }
}
