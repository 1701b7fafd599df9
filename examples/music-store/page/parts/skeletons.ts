// Grey shapes of what is about to come. Screen readers hear that the page is busy instead.

import { h } from "../core/dom.js";

function bone(shape: string): HTMLElement {
  return h("span", { class: `bone ${shape}` });
}

function several(number: number, make: () => HTMLElement): HTMLElement[] {
  return Array.from({ length: number }, make);
}

function hiddenBlock(...children: (HTMLElement | HTMLElement[])[]): HTMLElement {
  return h(
    "div",
    { class: "skeleton" },
    h("p", { class: "hidden", role: "status" }, "Loading"),
    children,
  );
}

/** A heading over cards. */
export function gridSkeleton(): Node {
  const card = (): HTMLElement =>
    h("div", { class: "card" }, bone("square"), bone("line"), bone("line short"));
  return hiddenBlock(bone("title"), h("div", { class: "grid" }, several(12, card)));
}

/** A cover beside lines, over rows. */
export function pageSkeleton(): Node {
  return hiddenBlock(
    h(
      "div",
      { class: "lead" },
      bone("square"),
      h("div", null, bone("title"), bone("line short"), bone("line")),
    ),
    h(
      "div",
      { class: "rows" },
      several(6, () => bone("row")),
    ),
  );
}

/** A heading over rows. */
export function rowsSkeleton(): Node {
  return hiddenBlock(
    bone("title"),
    h(
      "div",
      { class: "rows" },
      several(7, () => bone("row")),
    ),
  );
}
