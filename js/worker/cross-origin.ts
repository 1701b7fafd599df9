// The part of the shim for pages of other origins, as the rest sees it. `cloesce/engine/cors` has it.

/** Which pages of other origins may call the app, and how. */
export interface CorsOptions {
  /** Origins as browsers send them, `https://shop.example`; `"*"` is every one, without credentials. */
  readonly origins: "*" | readonly string[];
  /** Request headers that pages may set beside `content-type`. */
  readonly headers?: readonly string[];
  /** Whether pages may send cookies and HTTP authentication along. Default: no. */
  readonly credentials?: boolean;
  /** Seconds for which a browser may remember what it was told. Default: the browser's own, 5 seconds. */
  readonly maxAge?: number;
}

/** What an app knows of pages of other origins. */
export interface CrossOrigin {
  /** Whether a page of `origin` may call the app. */
  isFriend(origin: string): boolean;
  /**
   * Answers a request that is the app's, `handle` what has to be handled: preflights before anything else, and every other
   * answer with what its reader's browser must be told. Null when the path is not the app's.
   */
  answer(
    request: Request,
    owns: (request: Request) => boolean,
    handle: () => Promise<Response | null>,
  ): Promise<Response | null>;
}

/** Makes the part of one app; throws when `options` can work in no browser. */
export type CrossOriginPart = (options: CorsOptions) => CrossOrigin;

/** The types of bodies that any page sends without asking first (Fetch, 2.2.2), as does a body that has none. */
const formType = /^($|text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)/i;

/**
 * Whether a page of a foreign origin may have made its reader's browser send the POST `request`, with all cookies of the
 * app, as forms do. A proxy in front may have ended TLS, so schemes are not compared.
 */
export function isForeignForm(request: Request, type: string, known?: CrossOrigin): boolean {
  const origin = request.headers.get("origin");
  if (origin === null || !formType.test(type)) return false;
  const host = /^https?:(.+)/.exec(origin)?.[1];
  const { url } = request;
  const isOwn = host !== undefined && url.startsWith(`${host}/`, url.indexOf("//"));
  return !isOwn && known?.isFriend(origin) !== true;
}
