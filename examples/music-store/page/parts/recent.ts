// What was played last, in this browser or any other: it comes as it happens, for as long as the list is shown.

import { Play, type Played } from "../../.generated/client";
import { answered, until } from "../core/answer.js";
import { h } from "../core/dom.js";
import { section } from "./headings.js";

const shownMost = 8;
/** Milliseconds until a stream that ended is asked for again. */
const again = 3000;

/** The list, which follows what is played until `signal` is aborted. */
export function recentlyPlayed(signal: AbortSignal): HTMLElement {
  const list = h("ol", { class: "recent", "aria-live": "polite" });
  const note = h("p", { class: "lead-text", hidden: true });
  void follow(list, note, signal);
  return section("Recently played", note, list);
}

/** Notes that `trackId` is played. A store that does not take it plays all the same. */
export async function notePlayed(trackId: number): Promise<void> {
  await answered(Play.note(trackId)).catch(() => undefined);
}

async function follow(list: HTMLElement, note: HTMLElement, signal: AbortSignal): Promise<void> {
  const show = (played: readonly Played[]): void => {
    note.hidden = played.length > 0;
    list.replaceChildren(...played.slice(0, shownMost).map(item));
  };
  while (!signal.aborted) {
    try {
      const recent = await answered(Play.recent(until(signal)));
      note.textContent = recent.note ?? "Nobody has played anything yet.";
      show(recent.played);
      if (recent.note !== null) return;
      await listen(signal, show);
    } catch {
      // The connection was lost, or the store is being started again.
    }
    await new Promise((resolve) => setTimeout(resolve, again));
  }
}

/** Shows what was played and what is, until the stream ends. */
async function listen(
  signal: AbortSignal,
  show: (played: readonly Played[]) => void,
): Promise<void> {
  const stream = await answered(Play.live(until(signal)));
  let played: Played[] = [];
  let present = false;
  for await (const line of linesOf(stream)) {
    const change = JSON.parse(line) as { value?: Played } | null;
    present ||= change === null;
    if (change?.value !== undefined) played = [change.value, ...played].slice(0, shownMost);
    if (present) show(played);
  }
}

function item({ albumId, title, by }: Played): HTMLElement {
  return h("li", null, h("a", { href: `/albums/${albumId}` }, title), h("span", null, by));
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (text + decoder.decode(value, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}
