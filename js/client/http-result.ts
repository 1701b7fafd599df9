// HttpResult: the answer to a call, with its HTTP status. A failing status is a value here, never an exception.

/** What every answer has. */
interface Answer {
  /** HTTP status of the response. */
  readonly status: number;
  /** Headers of the response. */
  readonly headers: Headers;
}

/** The answer to a call that succeeded. */
export interface HttpSuccess<T> extends Answer {
  /** Whether the call succeeded: the status is from 200 to 399. */
  readonly ok: true;
  /** The returned value with its dates, bytes and instances. */
  readonly data: T;
  readonly message: undefined;
}

/** The answer to a call that failed. */
export interface HttpFailure extends Answer {
  /** Whether the call succeeded: the status is from 200 to 399. */
  readonly ok: false;
  readonly data: undefined;
  /** Why the call failed, exactly as the server said it. */
  readonly message: string;
}

/** What a call answered. Ask `ok`: after that there is either `data` or a `message`. */
export type HttpResult<T = unknown> = HttpSuccess<T> | HttpFailure;

/** Makes results, where a test or a stand-in for a worker needs some; `instanceof` knows those of calls. */
export interface HttpResultConstructor {
  new <T>(ok: true, status: number, headers: Headers, data: T): HttpSuccess<T>;
  new (ok: false, status: number, headers: Headers, data: undefined, message: string): HttpFailure;
  new <T>(ok: boolean, status: number, headers: Headers, data?: T, message?: string): HttpResult<T>;
  readonly prototype: HttpResult;
}

export const HttpResult = class HttpResult {
  constructor(
    readonly ok: boolean,
    readonly status: number,
    readonly headers: Headers,
    readonly data?: unknown,
    readonly message?: string,
  ) {}
} as HttpResultConstructor;
