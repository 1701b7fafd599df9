// CloesceApp: middleware, options, and serving requests.

import { routeNotFound } from "../abi/codes.js";
import {
  type CallHook,
  type ClassRegistry,
  coreOf,
  type CorsOptions,
  type CrossOriginPart,
  type DependencyKey,
  type Engine,
  type Hooks,
  type Host,
  HttpResult,
  type Middleware,
  ofInstance,
  type ResultHook,
  type SavesPart,
  type ScopeOf,
  serve,
  toResponse,
  warm,
} from "../worker/index.js";
import type {
  InstanceCall,
  MethodCall,
  MethodName,
  NamespaceCall,
  NamespaceClass,
} from "./calls.js";

import type { Where } from "./query.js";

/** Limits on what a request may carry. Every one has a default; see docs/limits.md. */
export interface Limits {
  /** Bytes of a JSON body (base64 of a method's blobs aside), or of the `json` part of a form; default 4 MiB. */
  readonly jsonBytes?: number;
  /** Bytes of a whole body that is read into memory; default 32 MiB. Streams are not limited. */
  readonly bodyBytes?: number;
  /** Bytes of one blob; default 32 MiB. */
  readonly blobBytes?: number;
  /** Blobs in one body; default 100. */
  readonly blobs?: number;
  /** Levels of nesting of a JSON body; default 64. */
  readonly depth?: number;
  /** Items of one array in a JSON body; default 100,000. */
  readonly items?: number;
  /** Bytes of memory that the core may take for all requests together, 16 to 64 MiB; default 64 MiB. */
  readonly memory?: number;
}

/** In the order in which the core takes them. */
const limitNames = [
  "jsonBytes",
  "bodyBytes",
  "blobBytes",
  "blobs",
  "depth",
  "items",
  "memory",
] as const;

/** Options of an app. */
export interface AppOptions {
  /** Whether 500 answers carry the stack trace; for development only. */
  readonly debug?: boolean;
  readonly limits?: Limits;
  /** Which pages of other origins may call the app; without it none. */
  readonly cors?: CorsOptions;
  /**
   * Whether a SAVE on D1 takes the header `Idempotency-Key`: what is sent again under a key within a day is saved once, and
   * answered as before. Write it as `true` in `new CloesceApp({ … })`: a migration adds the table for it.
   */
  readonly idempotencyKeys?: boolean;
  /**
   * The `Content-Security-Policy` of HTML, SVG and XML out of R2. Default: they are downloads, and `sandbox`, so that what
   * somebody uploaded does not run as a page of the API's origin.
   */
  readonly pagePolicy?: string;
  /** Path prefix of all routes; default: the path of the project's `workersUrl`. */
  readonly routePrefix?: string;
}

/** What the generated `workers.ts` hands over. */
export interface WorkerParts {
  /** That of `cloesce/engine` or `cloesce/engine/stored`. */
  readonly engine: Engine;
  /** The image of the generated `image.ts`. */
  readonly image: string;
  /** Every class of the project by its name. */
  readonly classes: ClassRegistry;
  readonly app: CloesceApp;
  /** That of `cloesce/engine/cors`, of an app with the option `cors`. */
  readonly cors?: CrossOriginPart;
  /** That of `cloesce/engine/saves`, of an app with the option `idempotencyKeys`. */
  readonly saves?: SavesPart;
}

/** A Cloudflare module worker. */
export interface Worker {
  fetch(request: Request, env: unknown, context: unknown): Promise<Response>;
}

/** The host of the app that each class belongs to; lets `Orm` find the core. */
const hostsByClass = new WeakMap<object, Host>();

/** @internal The host that `constructor` was handed to. */
export function hostOf(constructor: object): Host {
  const host = hostsByClass.get(constructor);
  if (host !== undefined) return host;
  throw new Error(
    `${(constructor as { name?: string }).name} belongs to no Cloesce app; is it decorated, and was "cloesce compile" run since?`,
  );
}

/**
 * An application: its middleware and options. Export one from any `.cloesce.ts` file to have it picked up;
 * the generated `workers.ts` then serves it.
 */
export class CloesceApp {
  #routePrefix: string | undefined;
  readonly #options: AppOptions;
  readonly #hooks: Hooks = { request: [], scoped: [], scopes: [], result: [], version: 0 };
  #host: Host | undefined;

  constructor(options: AppOptions = {}) {
    this.#options = options;
    this.#routePrefix = options.routePrefix;
  }

  /** Path prefix of all routes, without slashes around it; undefined: as compiled. */
  get routePrefix(): string | undefined {
    return this.#routePrefix;
  }

  set routePrefix(prefix: string | undefined) {
    this.#routePrefix = prefix;
    // The core was opened with another one.
    if (this.#host !== undefined) this.#host.core = null;
  }

  /** Runs `middleware` on every request, before its route is looked up. */
  onRequest(middleware: Middleware): this {
    this.#hooks.request.push(middleware);
    return this.#changed();
  }

  /** Runs `middleware` on every request to a model or service, before its body is read. */
  onNamespace<C extends NamespaceClass>(namespace: C, middleware: CallHook<NamespaceCall<C>>): this;
  onNamespace(namespace: string, middleware: CallHook): this;
  onNamespace(namespace: DependencyKey, middleware: CallHook<never>): this {
    return this.#add(namespace, null, middleware);
  }

  /** Runs `middleware` on requests to one method, after its parameters were validated. */
  onMethod<C extends NamespaceClass, Name extends MethodName<C>>(
    namespace: C,
    method: Name,
    middleware: CallHook<MethodCall<C, Name>>,
  ): this;
  onMethod(namespace: string, method: string, middleware: CallHook): this;
  onMethod(namespace: DependencyKey, method: string, middleware: CallHook<never>): this {
    return this.#add(namespace, method, middleware);
  }

  /**
   * Runs `middleware` on requests to an instance of a model, once it was read and before anything is done with it or told of
   * it: methods of instances, and GET, HEAD and DELETE of `@CRUD`. LIST and SAVE have no instance.
   */
  onInstance<C extends NamespaceClass>(namespace: C, middleware: CallHook<InstanceCall<C>>): this;
  onInstance(namespace: string, middleware: CallHook): this;
  onInstance(namespace: DependencyKey, middleware: CallHook<never>): this {
    return this.#add(namespace, ofInstance, middleware);
  }

  /**
   * Narrows the rows of a D1 model, for each request, to those that meet conditions: rows outside are in no answer, no
   * relation, no filter and no order, and cannot be written. Null stands for all rows; a failing `HttpResult`, or what is
   * thrown, ends the request. Several scopes of a model all hold. It holds for `@CRUD` and for the instances that methods
   * are called on; for an `Orm` where it is asked for, `Orm.fromEnv(env, { scope: di })`.
   */
  scope<T extends object>(model: NamespaceClass<T>, where: ScopeOf<Where<NoInfer<T>>>): this {
    this.#hooks.scopes.push({ model, name: "", where });
    return this.#changed();
  }

  /** Shows every result, errors included, to `hook`, which may change its headers or answer another one. */
  onResult(hook: ResultHook): this {
    this.#hooks.result.push(hook);
    return this.#changed();
  }

  /** Serves `request`. A path that is not the app's own is answered 404; ask {@link CloesceApp.owns} first when mounting. */
  async run(request: Request, env: unknown, context?: unknown): Promise<Response> {
    const host = this.#served();
    const handle = (): Promise<Response | null> => serve(host, request, env, context);
    return (
      (await (host.crossOrigin?.answer(request, (asked) => this.owns(asked), handle) ??
        handle())) ??
      toResponse(HttpResult.fail(404, `${routeNotFound}: no such route`), request, coreOf(host))
    );
  }

  /** Whether the path of `request` is under the app's prefix. */
  owns(request: Request | URL | string): boolean {
    const url = (request as Partial<Request>).url ?? (request as URL | string);
    const { pathname } = new URL(url, "http://localhost");
    const { routePrefix } = coreOf(this.#served()).manifest;
    return routePrefix === "" || `${pathname}/`.startsWith(`/${routePrefix}/`);
  }

  /** @internal Called by {@link createWorker}. */
  attach({ engine, image, classes, cors: part, saves }: Omit<WorkerParts, "app">): void {
    const { limits = {}, debug, cors, pagePolicy, idempotencyKeys } = this.#options;
    if (cors !== undefined && part === undefined)
      throw new Error('createWorker was given no cors; run "cloesce compile" again');
    if (idempotencyKeys && saves === undefined)
      throw new Error(
        'createWorker was given no saves; write idempotencyKeys: true in new CloesceApp({ … }), and run "cloesce compile" again',
      );
    const given = limitNames.map((name) => limits[name]);
    const host: Host = {
      engine,
      open: () =>
        `${image}\n${given.join()}\n${this.#routePrefix === undefined ? "" : `${this.#routePrefix}\n`}`,
      classes,
      hooks: this.#hooks,
      debug: debug ?? false,
      pagePolicy,
      crossOrigin: cors && part?.(cors),
      saves: idempotencyKeys ? saves : undefined,
      core: null,
      registry: null,
    };
    this.#host = host;
    for (const constructor of Object.values(classes)) hostsByClass.set(constructor, host);
    warm(host);
  }

  #served(): Host {
    if (this.#host !== undefined) return this.#host;
    throw new Error("this app is not part of a worker yet; import it from .generated/workers.ts");
  }

  #add(namespace: DependencyKey, method: string | null, middleware: CallHook<never>): this {
    this.#hooks.scoped.push({ namespace, name: "", method, middleware });
    return this.#changed();
  }

  #changed(): this {
    this.#hooks.version++;
    return this;
  }
}

/** Binds a compiled project to its app; the result is the Worker's default export. */
export function createWorker(parts: WorkerParts): Worker {
  if ((parts.engine as Engine | undefined) === undefined)
    throw new Error('createWorker was given no engine; run "cloesce compile" again');
  const { app } = parts;
  app.attach(parts);
  return { fetch: (request, env, context) => app.run(request, env, context) };
}
