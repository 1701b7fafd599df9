// The call frame: input copied in, reply copied out, both freed, whatever happens in between.

import { type CoreInstance, utf8Bound } from "./instance.js";

/** What an export that fills a reply record answered. */
export interface Reply {
  /** 0 is success; otherwise `text` is the failure's message. */
  readonly status: number;
  /** Meaning depends on the call, e.g. the app handle. */
  readonly kind: number;
  readonly text: string;
}

const replyBytes = 16;

/** Calls `name(input, length, reply)` with `text` as input; `leading` go before. */
export function callWithReply(core: CoreInstance, name: string, leading: readonly number[], text: string | null): Reply {
  const allocate = core.function("cloesce_alloc");
  const free = core.function("cloesce_free");
  const room = text === null ? 0 : utf8Bound(text) + 1;
  const block = core.call(allocate, replyBytes + room);
  if (block === 0) throw new RangeError("the core has no memory left for a call");
  try {
    const input = block + replyBytes;
    const given = [...leading];
    if (text !== null) given.push(input, core.write(text, input, room));
    given.push(block);
    core.call(core.function(name), given[0], given[1], given[2], given[3], given[4]);
    const words = core.words();
    const at = block >>> 2;
    const pointer = words[at + 2] ?? 0;
    const reply = {
      status: words[at] ?? 1,
      kind: words[at + 1] ?? 0,
      text: core.text(pointer, words[at + 3] ?? 0),
    };
    core.call(free, pointer);
    return reply;
  } finally {
    if (!core.broken) core.call(free, block);
  }
}
