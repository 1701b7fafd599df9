// Short messages over the page. Good news goes by itself; what failed stays until it is closed.

import { h, required } from "../core/dom.js";
import { icon } from "./icons.js";

const shownFor = 5000;

/** Says that something was done. */
export function tell(message: string): void {
  const toast = show(message, "status");
  setTimeout(() => dismiss(toast), shownFor);
}

/** Says that something failed, and why. */
export function warn(message: string): void {
  show(message, "alert");
}

function show(message: string, role: "status" | "alert"): HTMLElement {
  const close = h(
    "button",
    {
      class: "icon-button",
      type: "button",
      "aria-label": "Close this message",
      on: { click: () => dismiss(toast) },
    },
    icon("close"),
  );
  const toast = h(
    "div",
    { class: role === "alert" ? "toast error" : "toast", role },
    icon(role === "alert" ? "alert" : "check"),
    h("p", null, message),
    close,
  );
  const toasts = required("#toasts");
  for (const same of toasts.querySelectorAll(".toast"))
    if (same.textContent === toast.textContent) same.remove();
  toasts.append(toast);
  return toast;
}

function dismiss(toast: HTMLElement): void {
  toast.classList.add("leaving");
  const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
  setTimeout(() => toast.remove(), motion);
}
