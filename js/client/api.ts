// Api: where the worker is and how to reach it; every method of a generated client is one `call`.
import { encodeBody, encodeQuery, plainJson, plainText, type Parameters } from "./body.js";
import type { HttpResult } from "./http-result.js";
import { MediaType } from "./media-type.js";
import type { ListResult, ListSettings } from "./query.js";
import { readResponse } from "./response.js";
import type { Wire } from "./wire.js";

/** The part of `fetch` that calls need. The URL is a string, and relative when `baseUrl` is. */
export type FetchImplementation = (input: string, init?: RequestInit) => Promise<Response>;

/** What one call does differently: a `fetch` of its own, or more. */
export type CallSettings =
  | FetchImplementation
  | {
      readonly fetch?: FetchImplementation | undefined;
      /** Ends the call: it rejects with the signal's reason. */
      readonly signal?: AbortSignal | undefined;
      /**
       * Of a save: it can be sent again under the same key within a day, and writes once. The app needs `idempotencyKeys`.
       */
      readonly idempotencyKey?: string | undefined;
      /** A client made by `createClient`, in the place of the one that `configure` changes. */
      readonly client?: Api | undefined;
    };

/** Headers to send, or a function asked for them before each call (a token that changes, say). */
export type HeadersSource = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/** How a generated client reaches its worker. */
export interface ApiOptions {
  /** Start of every URL, without the class name: `https://example.com/api`, or `/api` in a page of the same origin. */
  readonly baseUrl?: string | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: FetchImplementation | undefined;
  /** Sent with every call. */
  readonly headers?: HeadersSource | undefined;
}

export type Verb = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A value of a key column, as a segment of a path. */
export type KeyValue = string | number | boolean | Date | Uint8Array;

/** What a call sends and expects. Left out: no parameters, JSON both ways, nothing to revive. */
export interface CallOptions {
  readonly parameters?: Parameters;
  /** Parameters beside a stream, which is the whole body: they go in the URL. */
  readonly query?: Parameters;
  readonly dataSource?: string;
  readonly fetchImpl?: CallSettings | undefined;
  readonly sends?: MediaType;
  readonly receives?: MediaType;
  /** The returned type, when it is more than JSON. */
  readonly returns?: Wire;
  /** A query string in the place of all that, as a page said it. */
  readonly search?: string;
}

/** What a call of a list sends and expects. */
export type ListOptions = Pick<CallOptions, "dataSource" | "returns" | "search"> & {
  readonly settings?: ListSettings<unknown, unknown> | undefined;
};

/** One worker, as a generated client sees it. */
export class Api {
  readonly #defaultUrl: string;
  #options: ApiOptions = {};

  constructor(defaultUrl: string) {
    this.#defaultUrl = defaultUrl;
  }

  /** A client of its own: with these options alone, whatever this one is changed to. */
  create(options: ApiOptions): Api {
    const api = new Api(this.#defaultUrl);
    api.configure(options);
    return api;
  }

  /** Changes the options that are given; a member that is undefined goes back to its default. */
  configure(options: ApiOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  /**
   * Sends one request. `path` is the class, the key values if it is about an instance, and the method.
   *
   * Resolves for every HTTP status. Rejects when the network fails (as `fetch` does), when a key is not set or
   * a value cannot be sent, when it was aborted, and when a success has another media type than `options.receives` or
   * another shape than `options.returns`.
   */
  async call<T>(
    verb: Verb,
    path: readonly KeyValue[],
    options: CallOptions = {},
  ): Promise<HttpResult<T>> {
    const given = options.fetchImpl;
    const settings = typeof given === "function" ? { fetch: given } : { ...given };
    const { client = this, signal, idempotencyKey, fetch: own } = settings;
    if (client !== this) return client.call(verb, path, options);
    const parameters = options.parameters ?? {};
    const inQuery = verb === "GET" || verb === "HEAD";
    const query = encodeQuery(inQuery ? parameters : (options.query ?? {}));
    if (options.dataSource !== undefined) query.set("__datasource", options.dataSource);
    const url = this.#url(path, options.search ?? query.toString());

    const init: RequestInit & { duplex?: "half" } = { method: verb };
    if (signal !== undefined) init.signal = signal;
    const headers = new Headers(await this.#headers());
    // Failures with their issues, where the worker has some to tell.
    if (!headers.has("Accept")) headers.set("Accept", "application/problem+json, */*");
    if (idempotencyKey !== undefined) headers.set("Idempotency-Key", idempotencyKey);
    if (!inQuery && !(verb === "DELETE" && Object.keys(parameters).length === 0)) {
      const encoded = await encodeBody(parameters, options.sends ?? MediaType.Json);
      if (encoded !== null) {
        init.body = encoded.body;
        if (encoded.contentType !== null) headers.set("Content-Type", encoded.contentType);
        if (encoded.body instanceof ReadableStream) init.duplex = "half";
      }
    }
    init.headers = headers;

    // Called as a plain function: a browser's fetch refuses to be a method of something else.
    const send: FetchImplementation = own ?? this.#options.fetch ?? fetch;
    signal?.throwIfAborted();
    const response = await send(url, init);
    return readResponse<T>(response, {
      method: `${plainText(path[0])}.${plainText(path[path.length - 1])}`,
      verb,
      media: options.receives ?? MediaType.Json,
      wire: options.returns,
    });
  }

  /** Sends one request for a page of a list. Beside the rows, the answer leads to the pages behind it. */
  async list<T>(path: readonly KeyValue[], options: ListOptions): Promise<ListResult<T>> {
    const { settings, ...others } = options;
    const { where, orderBy, limit, after, ...call } =
      typeof settings === "function" ? { fetch: settings } : (settings ?? {});
    const parameters = { where: plainJson(where), orderBy: plainJson(orderBy), limit, after };
    const result = await this.call<T[]>("GET", path, { parameters, ...others, fetchImpl: call });
    const search = /^<[^>]*\?([^>]*)>; rel="next"$/.exec(result.headers.get("Link") ?? "")?.[1];
    const page: ListResult<T> = Object.assign(result, {
      next: () => (search === undefined ? null : this.list<T>(path, { ...options, search })),
      async *[Symbol.asyncIterator]() {
        for (let at: ListResult<T> | null = page; at !== null; at = await at.next()) {
          yield* at.unwrap();
        }
      },
    });
    return page;
  }

  #url(path: readonly KeyValue[], search: string): string {
    const base = (this.#options.baseUrl ?? this.#defaultUrl).replace(/\/+$/, "");
    const segments = path.map((value) => segment(value, path));
    return `${base}/${segments.join("/")}${search === "" ? "" : `?${search}`}`;
  }

  async #headers(): Promise<HeadersInit> {
    const { headers } = this.#options;
    return (typeof headers === "function" ? await headers() : headers) ?? {};
  }
}

function segment(value: KeyValue | null | undefined, path: readonly KeyValue[]): string {
  if (value === null || value === undefined) {
    throw new TypeError(
      `${String(path[0])}.${String(path[path.length - 1])}: a key of the ${String(path[0])} is not set`,
    );
  }
  const text = plainText(value);
  // URLs drop these two segments, encoded or not, and the request would go to another route.
  if (text === "." || text === "..") throw new TypeError(`a key "${text}" cannot be part of a URL`);
  return encodeURIComponent(text);
}
