// What stands where content would be: nothing yet, nothing found, or an error with a way out.

import { type Child, h } from "../core/dom.js";
import { icon, type IconName } from "./icons.js";

/** An error in place of content, with a button to try again. */
export function errorPanel(message: string, retry: () => void): HTMLElement {
  return h(
    "section",
    { class: "notice error", role: "alert" },
    h("span", { class: "notice-icon" }, icon("alert")),
    h("h1", { tabindex: -1 }, "That did not work"),
    h("p", null, message),
    h("button", { class: "button", type: "button", on: { click: retry } }, "Try again"),
  );
}

/** A friendly word where a list is empty, and what to do about it. */
export function emptyNotice(
  picture: IconName,
  title: string,
  text: string,
  ...actions: Child[]
): HTMLElement {
  return h(
    "div",
    { class: "notice" },
    h("span", { class: "notice-icon" }, icon(picture)),
    h("p", { class: "notice-title" }, title),
    h("p", null, text),
    actions.length > 0 && h("div", { class: "notice-actions" }, actions),
  );
}
