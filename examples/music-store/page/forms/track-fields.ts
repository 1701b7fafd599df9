// The tracks of a new album: as many lines as it takes.

import { Refusal } from "../core/answer.js";
import { h } from "../core/dom.js";
import { parseDuration } from "../core/format.js";
import { icon } from "../parts/icons.js";

interface NewTrack {
  readonly position: number;
  readonly title: string;
  readonly seconds: number;
}

interface TrackFields {
  readonly element: HTMLElement;
  /** The lines that have a title. @throws Refusal for a length that is not minutes and seconds. */
  readonly read: () => NewTrack[];
}

const linesAtFirst = 3;

export function trackFields(): TrackFields {
  const lines = h("ol", { class: "track-lines" });
  const add = h(
    "button",
    {
      type: "button",
      class: "button quiet small",
      on: {
        click: () => {
          lines.append(line());
          lines.lastElementChild?.querySelector("input")?.focus();
        },
      },
    },
    icon("plus"),
    "Another track",
  );
  for (let index = 0; index < linesAtFirst; index++) lines.append(line());
  return {
    element: h("fieldset", { class: "track-fields" }, h("legend", null, "Tracks"), lines, add),
    read: () => readLines(lines),
  };
}

function line(): HTMLElement {
  const remove = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Remove this track",
      on: { click: () => item.remove() },
    },
    icon("close"),
  );
  const item = h(
    "li",
    null,
    h("input", {
      type: "text",
      "aria-label": "Title of the track",
      placeholder: "Title",
      maxlength: 120,
      autocomplete: "off",
    }),
    h("input", {
      type: "text",
      class: "time",
      "aria-label": "Length in minutes and seconds",
      placeholder: "3:45",
      maxlength: 6,
      inputmode: "numeric",
      autocomplete: "off",
    }),
    remove,
  );
  return item;
}

function readLines(lines: HTMLElement): NewTrack[] {
  const tracks: NewTrack[] = [];
  for (const item of lines.children) {
    const [title = "", length = ""] = [...item.querySelectorAll("input")].map((input) =>
      input.value.trim(),
    );
    if (title === "" && length === "") continue;
    if (title === "") throw new Refusal(0, `The track of ${length} has no title.`);
    const seconds = parseDuration(length);
    if (seconds === null)
      throw new Refusal(0, `How long is “${title}”? Write minutes and seconds, like 3:45.`);
    tracks.push({ position: tracks.length + 1, title, seconds });
  }
  return tracks;
}
