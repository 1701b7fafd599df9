// A Worker whose requests are sessions.
import { bookmarkInvalid, bookmarkInvalidStatus } from "../abi/codes.js";
import { bookmarkHeader, readBookmarks, writeBookmarks } from "./bookmarks.js";
import { openSessions, type SessionStart } from "./env.js";

/** The part of a Worker that is stood in front of. */
export interface FetchWorker<Env> {
  fetch(request: Request, env: Env, context: never): Response | Promise<Response>;
}

export interface WorkerSessionOptions {
  /** Where a request begins that brings no bookmark. By default `first-unconstrained`. */
  readonly start?: SessionStart;
}

/**
 * `worker` with a session of D1 for each request: it begins at the bookmarks in the request's `x-d1-bookmark`, and the answer
 * has those that it reached. A header of another form is answered 400 (CLO1012).
 */
export function withSessions<Env extends object, Worker extends FetchWorker<Env>>(
  worker: Worker,
  { start }: WorkerSessionOptions = {},
): Worker {
  return {
    ...worker,
    async fetch(request: Request, env: Env, context: never): Promise<Response> {
      const bookmarks = readBookmarks(request.headers.get(bookmarkHeader));
      if (bookmarks === null) {
        const text = `${bookmarkInvalid}: ${bookmarkHeader}: expected binding=bookmark, as an answer had it`;
        return new Response(text, {
          status: bookmarkInvalidStatus,
          headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
        });
      }
      const sessions = openSessions(env, { bookmarks, ...(start === undefined ? {} : { start }) });
      const response = await worker.fetch(request, sessions.env, context);
      const reached = writeBookmarks(sessions.bookmarks());
      if (reached === "" || response.status === 101) return response;
      const answer = new Response(response.body, response);
      answer.headers.set(bookmarkHeader, reached);
      const exposed = answer.headers.get("access-control-expose-headers");
      if (exposed !== null)
        answer.headers.set("access-control-expose-headers", `${exposed},${bookmarkHeader}`);
      return answer;
    },
  };
}
