// The header `x-d1-bookmark`: `db=00000085-…, other=…`, a bookmark for each D1 binding.

/** Where requests and answers carry bookmarks. */
export const bookmarkHeader = "x-d1-bookmark";

/** Bookmarks by the name of their binding. */
export type Bookmarks = Readonly<Record<string, string>>;

/** What a binding and a bookmark look like; a header comes from anybody. */
const entry = /^([\w$]{1,64})=([0-9A-Za-z-]{1,128})$/;
const maximumEntries = 32;

/** The bookmarks of a header; null for one that is of another form. */
export function readBookmarks(header: string | null): Bookmarks | null {
  if (header === null || header.trim() === "") return {};
  const texts = header.split(",");
  if (texts.length > maximumEntries) return null;
  const entries: [string, string][] = [];
  for (const text of texts) {
    const [, binding, bookmark] = entry.exec(text.trim()) ?? [];
    if (binding === undefined || bookmark === undefined) return null;
    entries.push([binding, bookmark]);
  }
  return Object.fromEntries(entries);
}

export function writeBookmarks(bookmarks: Bookmarks): string {
  return Object.entries(bookmarks)
    .map(([binding, bookmark]) => `${binding}=${bookmark}`)
    .join(", ");
}
