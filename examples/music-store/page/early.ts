// Runs before anything is painted, so that a page in the other theme does not flash.

import { showTheme } from "./core/theme.js";

try {
  const text = localStorage.getItem("settings");
  if (text !== null) showTheme(String((JSON.parse(text) as { theme?: unknown } | null)?.theme));
} catch {
  // Then it is shown as the system says.
}
