// Finds tracks by their title and adds them to a playlist.

import { type Playlist, SearchService, type Track } from "../../.generated/client";
import { answered, explain, until } from "../core/answer.js";
import { h } from "../core/dom.js";
import { duration } from "../core/format.js";
import type { Place } from "../core/router.js";
import { albumCover } from "./cover.js";
import { textField } from "./fields.js";
import { icon } from "./icons.js";
import { tell, warn } from "./toast.js";

const pause = 140;

export function trackFinder(playlist: Playlist, place: Place): HTMLElement {
  const found = h("ul", { class: "tracks with-covers" });
  const status = h("p", { class: "muted", role: "status" });
  const field = textField({
    name: "wanted",
    label: "Title of a track",
    type: "search",
    maxlength: 80,
  });
  let typed: ReturnType<typeof setTimeout> | undefined;
  let last = new AbortController();

  async function search(text: string): Promise<void> {
    last.abort();
    last = new AbortController();
    const { signal } = last;
    if (text === "") {
      found.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      const { tracks } = await answered(SearchService.find(text, until(signal)));
      if (signal.aborted) return;
      status.textContent = tracks.length === 0 ? `No track is called anything like “${text}”.` : "";
      found.replaceChildren(...tracks.map(row));
    } catch (error) {
      if (!signal.aborted) status.textContent = explain(error);
    }
  }

  function row(track: Track): HTMLElement {
    const button = h(
      "button",
      {
        class: "button quiet small",
        type: "button",
        "aria-label": `Add ${track.title}`,
        on: { click: () => void add(track) },
      },
      icon("plus"),
      "Add",
    );
    return h(
      "li",
      { class: "track" },
      albumCover(track.album, track.title),
      h(
        "span",
        { class: "track-main" },
        h("span", { class: "track-title" }, track.title),
        h("span", { class: "track-from" }, track.album?.artist?.name, " · ", track.album?.title),
      ),
      h("span", { class: "track-time" }, duration(track.seconds)),
      button,
    );
  }

  async function add(track: Track): Promise<void> {
    try {
      await answered(playlist.add(track.id));
    } catch (error) {
      warn(explain(error));
      return;
    }
    await place.reload();
    tell(`“${track.title}” is on the list.`);
  }

  return h(
    "form",
    {
      class: "finder",
      on: {
        submit: (event) => event.preventDefault(),
        input: (event) => {
          const input = event.target as HTMLInputElement;
          clearTimeout(typed);
          typed = setTimeout(() => void search(input.value.trim()), pause);
        },
      },
    },
    field,
    status,
    found,
  );
}
