// The search field of the masthead: results follow the typing.

import { required } from "../core/dom.js";
import { go } from "../core/router.js";

const pause = 140;

/** Connects the field with the search view. */
export function followSearch(): void {
  const form = required<HTMLFormElement>(".search");
  const input = required<HTMLInputElement>("#search");
  let typed: ReturnType<typeof setTimeout> | undefined;

  const search = (): void => {
    clearTimeout(typed);
    const text = input.value.trim();
    const on = location.pathname === "/search";
    if (text === "" && !on) return;
    const path = text === "" ? "/search" : `/search?q=${encodeURIComponent(text)}`;
    if (path === location.pathname + location.search) return;
    // One place in the history for one search, however many letters it took.
    go(path, { history: on ? "replace" : "push", focus: "stay" });
  };
  input.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(search, pause);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value === "") input.blur();
  });
  document.addEventListener("keydown", (event) => {
    const busy =
      event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || busy) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

/** Shows what was searched for, when the visitor comes by a link or from the history. */
export function fillSearch(text: string): void {
  const input = required<HTMLInputElement>("#search");
  if (document.activeElement !== input) input.value = text;
}
