// Light or dark: what the visitor chose, else what the system says.

const ground: Readonly<Record<string, string>> = { light: "#faf6f0", dark: "#131118" };

/** Shows the page in `theme`: light or dark; anything else follows the system. */
export function showTheme(theme: string): void {
  const root = document.documentElement;
  const colour = ground[theme];
  if (colour === undefined) delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? "dark" : "light";
    meta.content = colour ?? ground[own] ?? "";
  }
}
