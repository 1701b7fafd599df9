// Loading a view into the page: a skeleton when it takes long, an explanation and a way out when it fails.

import { errorPanel } from "../parts/notices.js";
import { explain } from "./answer.js";
import type { Page, Place, View } from "./router.js";

export interface Presentation {
  readonly host: HTMLElement;
  readonly view: View;
  /** Aborted when the visitor goes elsewhere. */
  readonly signal: AbortSignal;
  /** What is there while loading: what was shown before, or the view's skeleton. */
  readonly start: "keep" | "skeleton";
  readonly shown: (page: Page) => void;
}

/** How long a load may take before a skeleton appears; shorter ones would only flicker. */
const patience = 120;

/** Shows a view; returns when it, or the reason why not, is on the page. */
export async function present(presentation: Presentation): Promise<void> {
  const { host, view, signal, start, shown } = presentation;
  host.setAttribute("aria-busy", "true");
  const waiting =
    start === "skeleton"
      ? setTimeout(() => {
          if (!signal.aborted) host.replaceChildren(view.skeleton());
        }, patience)
      : undefined;
  try {
    const value = await view.load(signal);
    if (signal.aborted) return;
    const place: Place = { reload: () => reload(presentation) };
    const page = view.render(value, place);
    host.replaceChildren(page.content);
    shown(page);
  } catch (error) {
    if (signal.aborted) return;
    const retry = (): void => void present({ ...presentation, start: "skeleton" });
    host.replaceChildren(errorPanel(explain(error), retry));
    shown({ title: "Something went wrong", content: host });
  } finally {
    clearTimeout(waiting);
    if (!signal.aborted) host.removeAttribute("aria-busy");
  }
}

async function reload(presentation: Presentation): Promise<void> {
  const { host, signal } = presentation;
  const focused = host.contains(document.activeElement) ? (document.activeElement?.id ?? "") : null;
  await present({ ...presentation, start: "keep" });
  if (signal.aborted || focused === null) return;
  const again = focused === "" ? null : document.getElementById(focused);
  (again ?? host.querySelector<HTMLElement>("h1"))?.focus({ preventScroll: true });
}
