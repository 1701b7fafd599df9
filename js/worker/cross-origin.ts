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

/**
 * Answers a request that is the app's, `handle` what has to be handled: preflights before anything else, and every other
 * answer with what its reader's browser must be told. Null when the path is not the app's.
 */
export type CrossOrigin = (
  request: Request,
  owns: (request: Request) => boolean,
  handle: () => Promise<Response | null>,
) => Promise<Response | null>;

/** Makes the part of one app; throws when `options` can work in no browser. */
export type CrossOriginPart = (options: CorsOptions) => CrossOrigin;
