// `cloesce/engine/cors`: who may ask from another origin, and what answers must say so that a page there can read them.

import type { CorsOptions, CrossOriginPart } from "../worker/index.js";

/** Whether a page of `origin` may read what the app answers. The one place that says who is foreign. */
export function isFriend({ origins }: CorsOptions, origin: string): boolean {
  return origins === "*" || origins.includes(origin);
}

/** What an app with the option `cors` is served through. */
export const cors: CrossOriginPart = (options) => {
  check(options);
  return {
    isFriend: (origin) => isFriend(options, origin),
    answer: async (request, owns, handle) => {
      // A browser asks before it sends what a form could not.
      const asks =
        request.method === "OPTIONS" && request.headers.has("access-control-request-method");
      const response = asks && owns(request) ? preflightAnswer(options) : await handle();
      return response === null ? null : openTo(options, request, response);
    },
  };
};

function check({ origins, credentials }: CorsOptions): void {
  if (origins === "*") {
    if (credentials) throw new TypeError('cors: credentials need a list of origins, not "*"');
    return;
  }
  for (const origin of origins)
    if (!/^[a-z][a-z\d+.-]*:\/\/[^/?#\sA-Z]+$/.test(origin))
      throw new TypeError(`cors: "${origin}" is no origin; write it as in "https://shop.example"`);
}

function preflightAnswer({ headers: allowed = [], maxAge }: CorsOptions): Response {
  const headers = new Headers({
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": ["content-type", ...allowed].join(),
  });
  if (maxAge !== undefined) headers.set("access-control-max-age", String(maxAge));
  return new Response(null, { status: 204, headers });
}

/** `response` for the page that asked: with every header that it has exposed, when it is a friend. */
function openTo(options: CorsOptions, request: Request, response: Response): Response {
  const { headers } = response;
  const origin = request.headers.get("origin");
  const names = [...headers.keys()].join();
  const isOpen = options.origins === "*";
  // A cache must not hand the answer of one origin to another.
  if (!isOpen) headers.append("vary", "origin");
  if (origin === null || !isFriend(options, origin)) return response;
  headers.set("access-control-allow-origin", isOpen ? "*" : origin);
  if (options.credentials) headers.set("access-control-allow-credentials", "true");
  if (names !== "") headers.set("access-control-expose-headers", names);
  return response;
}
