// An address that leads nowhere.

import { h } from "../core/dom.js";
import { view, type View } from "../core/router.js";
import { pageTitle } from "../parts/headings.js";
import { rowsSkeleton } from "../parts/skeletons.js";

export function lostView(): View {
  return view({
    section: "search",
    load: () => Promise.resolve(),
    skeleton: rowsSkeleton,
    render: () => ({
      title: "Not here",
      content: h(
        "div",
        { class: "notice" },
        pageTitle("This groove leads nowhere"),
        h("p", null, "There is no such page in the store."),
        h("a", { class: "button", href: "/" }, "To the albums"),
      ),
    }),
  });
}
