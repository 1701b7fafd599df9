// Which view is on: paths to views, links without page loads, titles, focus and scroll positions.

import { required } from "./dom.js";
import { present, type Presentation } from "./present.js";

/** A view: how to load what it shows and how to show it. */
export interface View<Value = unknown> {
  /** The tab that is marked while the view is on. */
  readonly section: "albums" | "artists" | "genres" | "playlists" | "search";
  readonly load: (signal: AbortSignal) => Promise<Value>;
  /** Stands in while loading takes long. */
  readonly skeleton: () => Node;
  readonly render: (value: Value, place: Place) => Page;
}

/** What a view made. */
export interface Page {
  readonly title: string;
  readonly content: Node;
  /** Read out when the view comes without a change of place, such as new search results. */
  readonly announcement?: string;
}

/** Where a view is shown. */
export interface Place {
  /** Loads and renders the view again, and puts the focus back where it was. */
  readonly reload: () => Promise<void>;
}

/** Makes the view of a path from its parts in parentheses and its query; null when it is not there. */
export interface Route {
  readonly path: RegExp;
  readonly view: (parts: readonly string[], query: URLSearchParams) => View;
}

/** A view whose value has the type that `load` answers. */
export function view<Value>(definition: View<Value>): View {
  return definition as unknown as View;
}

const storeName = "Sidetrack Records";
let routes: readonly Route[] = [];
let fallback: () => View;
let shownPath = "";
let leave = new AbortController();

/** Starts with the address of the page. */
export function start(definition: { routes: readonly Route[]; otherwise: () => View }): void {
  routes = definition.routes;
  fallback = definition.otherwise;
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  window.addEventListener("popstate", (event) => {
    const state = event.state as { scroll?: number } | null;
    void show(state?.scroll ?? 0, "stay");
  });
  void show(0, "stay");
}

/** How to go: as a new place in the history or in place of the last one, and what gets the focus there. */
export interface Move {
  readonly history: "push" | "replace";
  readonly focus: "heading" | "stay";
}

/** Goes to `path` of this page. */
export function go(path: string, move: Move = { history: "push", focus: "heading" }): void {
  if (move.history === "push") {
    history.replaceState({ scroll: window.scrollY }, "");
    history.pushState(null, "", path);
  } else {
    history.replaceState(history.state, "", path);
  }
  void show(0, move.focus);
}

async function show(scroll: number, focus: Move["focus"]): Promise<void> {
  const url = new URL(location.href);
  const samePlace = url.pathname === shownPath;
  shownPath = url.pathname;
  leave.abort();
  leave = new AbortController();
  const view = find(url);
  markTab(view.section);
  const host = required("#main");
  const presentation: Presentation = {
    host,
    view,
    signal: leave.signal,
    start: samePlace ? "keep" : "skeleton",
    shown: (page) => {
      document.title = page.title === storeName ? storeName : `${page.title} · ${storeName}`;
      if (page.announcement !== undefined) required("#announcer").textContent = page.announcement;
    },
  };
  if (!samePlace) window.scrollTo(0, 0);
  await present(presentation);
  if (presentation.signal.aborted) return;
  if (!samePlace) window.scrollTo(0, scroll);
  if (focus === "heading") host.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

function find(url: URL): View {
  for (const route of routes) {
    const match = route.path.exec(url.pathname);
    if (match !== null) return route.view(match.slice(1).map(decodeURIComponent), url.searchParams);
  }
  return fallback();
}

function markTab(section: string): void {
  for (const tab of document.querySelectorAll<HTMLElement>("[data-section]")) {
    if (tab.dataset["section"] === section) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}

/** Plain clicks on links of this page change the view; all others are the browser's. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.origin !== location.origin || link.target !== "" || link.download)
    return;
  if (link.getAttribute("href")?.startsWith("#")) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
