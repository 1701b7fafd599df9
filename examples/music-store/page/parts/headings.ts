// Headings of pages and of their sections.

import { type Child, h } from "../core/dom.js";
import { icon, type IconName } from "./icons.js";

/** The page's name; takes the focus when the visitor comes here. */
export function pageTitle(text: string): HTMLElement {
  return h("h1", { tabindex: -1 }, text);
}

/** The title on one side, what can be done on the other. */
export function pageHead(title: string, lead: Child, ...actions: Child[]): HTMLElement {
  return h(
    "header",
    { class: "page-head" },
    h("div", null, pageTitle(title), lead && h("p", { class: "lead-text" }, lead)),
    actions.length > 0 && h("div", { class: "actions" }, actions),
  );
}

/** A section with a heading of its own. */
export function section(title: string, ...content: Child[]): HTMLElement {
  return h("section", { class: "section" }, h("h2", null, title), content);
}

interface ActionOptions {
  readonly id: string;
  readonly label: string;
  readonly picture: IconName;
  readonly look?: "quiet" | "danger-quiet";
  readonly act: () => void;
}

/** A button with an icon. */
export function action({ id, label, picture, look, act }: ActionOptions): HTMLElement {
  return h(
    "button",
    {
      id,
      type: "button",
      class: look === undefined ? "button" : `button ${look}`,
      on: { click: act },
    },
    icon(picture),
    label,
  );
}
