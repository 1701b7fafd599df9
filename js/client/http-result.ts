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
  readonly code: undefined;
  readonly issues: readonly [];
  /** The data. */
  unwrap(): T;
}

/** One thing that is wrong with what a call sent. */
export interface Issue {
  /** `CLO1204`, say; docs/errors.md has them all. */
  readonly code: string;
  /** Where in the input, as a person writes it: `model.likes[2].id`. Empty when all of it is meant. */
  readonly path: string;
  readonly message: string;
}

/** The answer to a call that failed. */
export interface HttpFailure extends Answer {
  /** Whether the call succeeded: the status is from 200 to 399. */
  readonly ok: false;
  readonly data: undefined;
  /** Why the call failed, exactly as the server said it. */
  readonly message: string;
  /** The framework's own code, `CLO1204` say; undefined where the message is the app's. */
  readonly code: string | undefined;
  /** What the framework found wrong, one by one; empty where the message is the app's. */
  readonly issues: readonly Issue[];
  /** Throws an `Error` with the message, and this result as its `cause`. */
  unwrap(): never;
}

/** What a call answered. Ask `ok`: after that there is either `data` or a `message`. */
export type HttpResult<T = unknown> = HttpSuccess<T> | HttpFailure;

/** Makes results, where a test or a stand-in for a worker needs some; `instanceof` knows those of calls. */
export interface HttpResultConstructor {
  new <T>(ok: true, status: number, headers: Headers, data: T): HttpSuccess<T>;
  new (
    ok: false,
    status: number,
    headers: Headers,
    data: undefined,
    message: string,
    issues?: readonly Issue[],
  ): HttpFailure;
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
    readonly issues: readonly Issue[] = [],
  ) {
    this.code = issues[0]?.code ?? /^(CLO\d{4}): /.exec(message ?? "")?.[1];
  }

  readonly code: string | undefined;

  unwrap(): unknown {
    if (this.ok) return this.data;
    throw new Error(this.message, { cause: this });
  }
} as HttpResultConstructor;
