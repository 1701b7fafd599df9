// HttpResult: the answer to a call, with its HTTP status. A failing status is a value here, never an exception.

/** What a call answered. Check `ok` before `data`: a failed call has a `message` instead. */
export class HttpResult<T = unknown> {
  /** Whether the call succeeded: the status is from 200 to 399. */
  readonly ok: boolean;
  /** HTTP status of the response. */
  readonly status: number;
  /** Headers of the response. */
  readonly headers: Headers;
  /** The returned value with its dates, bytes and instances, when `ok`. */
  readonly data: T | undefined;
  /** Why the call failed, exactly as the server said it, when not `ok`. */
  readonly message: string | undefined;

  constructor(ok: boolean, status: number, headers: Headers, data?: T, message?: string) {
    this.ok = ok;
    this.status = status;
    this.headers = headers;
    this.data = data;
    this.message = message;
  }
}
