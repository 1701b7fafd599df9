// A caller that sees what it wrote.
import { bookmarkHeader, readBookmarks, writeBookmarks, type Bookmarks } from "./bookmarks.js";

/** The part of `fetch` that generated clients use. */
export type SessionFetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that sends the bookmarks of the answers before it: `configure({ fetch: keepBookmarks() })`. Each of them is a
 * session of its own.
 */
export function keepBookmarks(send: SessionFetch = (url, init) => fetch(url, init)): SessionFetch {
  let kept: Bookmarks = {};
  return async (url, init = {}) => {
    const headers = new Headers(init.headers);
    const text = writeBookmarks(kept);
    if (text !== "") headers.set(bookmarkHeader, text);
    const response = await send(url, { ...init, headers });
    for (const [name, bookmark] of Object.entries(
      readBookmarks(response.headers.get(bookmarkHeader)) ?? {},
    )) {
      // Bookmarks are in the order of their texts; answers may come in another.
      const before = kept[name];
      if (before === undefined || bookmark > before) kept = { ...kept, [name]: bookmark };
    }
    return response;
  };
}
