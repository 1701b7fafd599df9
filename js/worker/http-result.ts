// HttpResult: what a method, a middleware or a hook answers when a value alone is not enough.

/**
 * The answer of a method with its HTTP status. Methods may return a bare value (status 200), or one of these
 * to choose the status, set headers, or fail with a message for the caller.
 */
export class HttpResult<T = unknown> {
  /** Whether the call succeeded: the status is below 400. */
  readonly ok: boolean;
  /** HTTP status, 200 to 599. */
  readonly status: number;
  /** Headers to send along; may be changed by `onResult` hooks. */
  readonly headers: Headers;
  /** The value, when `ok`. */
  declare data: T | undefined;
  /** The text that the caller sees, when not `ok`; it goes out exactly as it is. */
  message: string | undefined;

  /** @internal "manual" when the bytes are encoded already as `content-encoding` says. */
  encodeBody: "automatic" | "manual" = "automatic";

  constructor(ok: boolean, status: number, headers: Headers, data?: T, message?: string) {
    this.ok = ok;
    this.status = status;
    this.headers = headers;
    this.data = data;
    this.message = message;
  }

  /** A success: `HttpResult.ok(201, horse)`. */
  static ok<T = void>(status: number, data?: T, headers?: HeadersInit): HttpResult<T> {
    return new HttpResult<T>(true, status, new Headers(headers), data);
  }

  /** A failure: `HttpResult.fail(404, "no such horse")`. */
  static fail<T = never>(status: number, message?: string, headers?: HeadersInit): HttpResult<T> {
    return new HttpResult<T>(false, status, new Headers(headers), undefined, message);
  }
}
