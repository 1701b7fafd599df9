// The way from a root genre down to one, as links.

import type { Genre } from "../../.generated/client";
import { h } from "../core/dom.js";

/** Needs the genre with its parents. */
export function genrePath(genre: Genre): HTMLElement {
  const path: Genre[] = [];
  for (let at: Genre | undefined = genre; at !== undefined && at !== null; at = at.parent)
    path.unshift(at);
  return h(
    "nav",
    { class: "path", "aria-label": "Genre" },
    h(
      "ol",
      null,
      path.map((step) => h("li", null, h("a", { href: `/genres/${step.id}` }, step.name))),
    ),
  );
}
