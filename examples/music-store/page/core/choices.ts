// What the visitor chose for this page: kept in KV under a key that this browser knows, with a copy here for the first moment.

import { Choices, Settings } from "../../.generated/client";
import { answered, Refusal } from "./answer.js";
import { showTheme } from "./theme.js";

const keyItem = "settings-key";
const copyItem = "settings";

const listeners: (() => void)[] = [];
let current = copyHere() ?? defaults();

/** The choices as they are now. */
export function choices(): Readonly<Choices> {
  return current;
}

/** Calls `listener` whenever the choices are others. */
export function onChoices(listener: () => void): void {
  listeners.push(listener);
}

/** Shows what this browser remembers, and asks the store for what it keeps. Waits for the store only when it must. */
export async function openChoices(): Promise<void> {
  take(current);
  const key = remembered(keyItem);
  if (key === null) return;
  const asked = ask(key);
  if (remembered(copyItem) === null) await asked;
}

async function ask(key: string): Promise<void> {
  try {
    const { value } = await answered(Settings.get(key));
    // KV may answer what it had a minute ago.
    if (value.changed > current.changed) take(value);
  } catch {
    // There is none any more, or no connection: what is here will do.
  }
}

/** Changes some of the choices, here and in the store. */
export async function choose(changes: Partial<Choices>): Promise<void> {
  const next = Object.assign(new Choices(), current, changes, { changed: new Date() });
  const key = remembered(keyItem) ?? crypto.randomUUID();
  await answered(Settings.save(key, next));
  remember(keyItem, key);
  take(next);
}

/** Goes back to how the page was at first, and has the store forget. */
export async function forgetChoices(): Promise<void> {
  const key = remembered(keyItem);
  if (key !== null) {
    try {
      await answered(Object.assign(new Settings(), { key }).delete());
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
    }
  }
  remember(keyItem, null);
  take(defaults());
  remember(copyItem, null);
}

function take(next: Choices): void {
  current = next;
  // Until something is chosen, there is nothing to remember.
  if (next.changed.getTime() > 0) remember(copyItem, JSON.stringify(next));
  showTheme(next.theme);
  for (const listener of listeners) listener();
}

function defaults(): Choices {
  return Object.assign(new Choices(), {
    theme: "auto",
    order: "title",
    volume: 80,
    playOn: true,
    changed: new Date(0),
  });
}

function copyHere(): Choices | null {
  try {
    const text = remembered(copyItem);
    return text === null ? null : Choices.fromJson(JSON.parse(text));
  } catch {
    return null;
  }
}

function remembered(item: string): string | null {
  try {
    return localStorage.getItem(item);
  } catch {
    return null;
  }
}

function remember(item: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(item);
    else localStorage.setItem(item, text);
  } catch {
    // Private windows may forbid it; the choices then hold until the page is left.
  }
}
