// The call frame: input copied in, reply copied out, both freed, whatever happens in between.

import { type CoreInstance, utf8Bound } from "./instance.js";

/** What an export that fills a reply record answered. */
export interface Reply<Content = string> {
  /** 0 is success; otherwise the content is the failure's message. */
  readonly status: number;
  /** Meaning depends on the call, e.g. the app handle. */
  readonly kind: number;
  readonly content: Content;
}

const replyBytes = 16;

/** What a call is given: a text, bytes, or nothing but its leading numbers. */
export type Input = string | Uint8Array | null;

/** Calls `name(…leading, input, length, reply)`; the reply's bytes are read as a text, or as a copy of them. */
export function callWithReply(
  core: CoreInstance,
  name: string,
  leading: readonly number[],
  input: Input,
): Reply;
export function callWithReply(
  core: CoreInstance,
  name: string,
  leading: readonly number[],
  input: Input,
  read: "copy",
): Reply<Uint8Array<ArrayBuffer>>;
export function callWithReply(
  core: CoreInstance,
  name: string,
  leading: readonly number[],
  input: Input,
  read: "text" | "copy" = "text",
): Reply<unknown> {
  const isText = typeof input === "string";
  const room = isText ? utf8Bound(input) + 1 : (input?.byteLength ?? 0);
  const block = core.allocate(replyBytes + room);
  try {
    const at = block + replyBytes;
    const given = [...leading];
    if (isText) given.push(at, core.write(input, at, room));
    else if (input !== null) {
      core.bytes.set(input, at);
      given.push(at, room);
    }
    core.call(name, ...given, block);
    const [status, kind, pointer, length] = core.words.subarray(block >>> 2) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const content = core[read](pointer, length);
    core.call("cloesce_free", pointer);
    return { status, kind, content };
  } finally {
    if (!core.broken) core.call("cloesce_free", block);
  }
}
