// The icons: strokes on a grid of 24, in the colour of the text around them.

import { svg } from "../core/dom.js";

const paths = {
  alert:
    "M12 8v5M12 16.5v.1M10.3 4 2.8 17a2 2 0 0 0 1.7 3h15a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z",
  back: "M19 12H5m6-6-6 6 6 6",
  check: "m5 12.5 4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  disc: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-6.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  download: "M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 20h14",
  gear: "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Zm7.2-1.9 1.8 1.4-1.9 3.3-2.2-.8a7.5 7.5 0 0 1-2.2 1.3L14.3 21h-4.6l-.4-2.5a7.5 7.5 0 0 1-2.2-1.3l-2.2.8L3 14.7l1.8-1.4a7.6 7.6 0 0 1 0-2.6L3 9.3 4.9 6l2.2.8a7.5 7.5 0 0 1 2.2-1.3L9.7 3h4.6l.4 2.5a7.5 7.5 0 0 1 2.2 1.3l2.2-.8L21 9.3l-1.8 1.4a7.6 7.6 0 0 1 0 2.6Z",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  pause: "M9 5v14M15 5v14",
  pencil: "M4 20h4L19 9a2.1 2.1 0 0 0 0-3l-1-1a2.1 2.1 0 0 0-3 0L4 16v4Zm9.5-13.5 4 4",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
  play: "M8 5.2v13.6L19 12Z",
  plus: "M12 5v14M5 12h14",
  picture: "M4 5h16v14H4ZM4 16l4.5-4.5 4 4L16 12l4 4M9 9.5h.01",
  queue: "M4 6h16M4 12h9M4 18h9M17 11v8M17 11l4 1.2M17 19a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  screen: "M4 5h16v11H4ZM9 20h6M12 16v4",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  trash: "M4 7h16M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5",
  tree: "M6 4v13a2 2 0 0 0 2 2h4M6 9.5h6M15 7h5v5h-5ZM15 16.5h5v5h-5Z",
  upload: "M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 20h14",
} as const;

export type IconName = keyof typeof paths;

/** An icon; decoration only, so the text beside it or a label must say what it means. */
export function icon(name: IconName): SVGElement {
  const path = svg("path", { d: paths[name] });
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}

/** Draws the icons that the page's HTML asks for with `data-icon`. */
export function drawIcons(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-icon]")) {
    element.replaceChildren(icon(element.dataset["icon"] as IconName));
  }
}
