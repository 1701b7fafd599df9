// A button that opens a small menu: arrow keys move, Escape and clicks elsewhere close.

import { h } from "../core/dom.js";
import { icon, type IconName } from "./icons.js";

export interface MenuItem {
  readonly label: string;
  readonly picture: IconName;
  readonly danger?: true;
  readonly act: () => void;
}

/** `id` finds the button again after a reload; `label` says what the menu is about. */
export function menuButton(id: string, label: string, items: readonly MenuItem[]): HTMLElement {
  const list = h(
    "ul",
    { class: "menu", role: "menu", "aria-label": label, hidden: true, on: { keydown: move } },
    items.map((item) =>
      h(
        "li",
        { role: "none" },
        h(
          "button",
          {
            role: "menuitem",
            type: "button",
            tabindex: -1,
            class: item.danger ? "danger" : null,
            on: { click: () => choose(item) },
          },
          icon(item.picture),
          item.label,
        ),
      ),
    ),
  );
  const button = h(
    "button",
    {
      id,
      class: "icon-button",
      type: "button",
      "aria-label": label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: {
        click: () => (list.hidden ? open() : close()),
        keydown: (event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          open();
        },
      },
    },
    icon("more"),
  );
  const around = h("div", { class: "menu-around" }, button, list);

  function open(): void {
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    const { bottom } = list.getBoundingClientRect();
    list.classList.toggle("above", bottom > window.innerHeight - 72);
    list.querySelector<HTMLElement>("button")?.focus();
    document.addEventListener("pointerdown", closeOutside);
    around.addEventListener("focusout", closeOutside);
  }

  function close(): void {
    list.hidden = true;
    list.classList.remove("above");
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", closeOutside);
    around.removeEventListener("focusout", closeOutside);
  }

  function closeOutside(event: PointerEvent | FocusEvent): void {
    const to = event instanceof FocusEvent ? event.relatedTarget : event.target;
    if (!(to instanceof Node && around.contains(to))) close();
  }

  function choose(item: MenuItem): void {
    close();
    button.focus();
    item.act();
  }

  function move(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      close();
      button.focus();
      return;
    }
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    buttons[(next + buttons.length) % buttons.length]?.focus();
  }

  return around;
}
