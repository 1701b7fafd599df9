// `cloesce/sessions`: reads from D1's replicas that are never behind what their caller has seen.

export { bookmarkHeader, type Bookmarks } from "./bookmarks.js";
export { keepBookmarks, type SessionFetch } from "./caller.js";
export { type OpenSessions, openSessions, type SessionOptions, type SessionStart } from "./env.js";
export { type FetchWorker, type WorkerSessionOptions, withSessions } from "./worker.js";
