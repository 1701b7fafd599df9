// CloesceApp: middleware, options, and serving requests.

import {
  type ClassRegistry,
  type DependencyKey,
  Engine,
  Hooks,
  type Host,
  type Middleware,
  type ResultHook,
  serve,
} from "../worker/index.js";
import { coreModule } from "./module.js";

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
}

/** Options of an app. */
export interface AppOptions {
  /** Whether 500 answers carry the stack trace; for development only. */
  readonly debug?: boolean;
  readonly limits?: Limits;
  /** Path prefix of all routes; default: the path of the project's `workersUrl`. */
  readonly routePrefix?: string;
}

/** What the generated `workers.ts` hands over. */
export interface WorkerParts {
  /** The imported `cidl.json`. */
  readonly cidl: unknown;
  /** Every class of the project by its name. */
  readonly classes: ClassRegistry;
  readonly app: CloesceApp;
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
  if (host === undefined) {
    const name = typeof constructor === "function" ? constructor.name : "the class";
    throw new Error(
      `${name} belongs to no Cloesce app; is it decorated, and was "cloesce compile" run since?`,
    );
  }
  return host;
}

/**
 * An application: its middleware and options. Export one from any `.cloesce.ts` file to have it picked up;
 * the generated `workers.ts` then serves it.
 */
export class CloesceApp {
  #routePrefix: string | undefined;
  readonly #options: AppOptions;
  readonly #hooks = new Hooks();
  #host: Host | null = null;

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
    this.#host?.engine.reset();
  }

  /** Runs `middleware` on every request, before its route is looked up. */
  onRequest(middleware: Middleware): this {
    this.#hooks.request.push(middleware);
    return this.#changed();
  }

  /** Runs `middleware` on every request to a model or service. */
  onNamespace(namespace: DependencyKey, middleware: Middleware): this {
    this.#hooks.scoped.push({ namespace, method: null, middleware });
    return this.#changed();
  }

  /** Runs `middleware` on requests to one method, after its parameters were validated. */
  onMethod(namespace: DependencyKey, method: string, middleware: Middleware): this {
    this.#hooks.scoped.push({ namespace, method, middleware });
    return this.#changed();
  }

  /** Shows every result, errors included, to `hook`, which may change its headers or answer another one. */
  onResult(hook: ResultHook): this {
    this.#hooks.result.push(hook);
    return this.#changed();
  }

  /** Serves `request`. A path that is not the app's own is answered 404; ask {@link CloesceApp.owns} first when mounting. */
  async run(request: Request, env: unknown, context?: unknown): Promise<Response> {
    const response = await serve(this.#served(), request, env, context);
    return (
      response ??
      new Response("CLO1001: no such route", {
        status: 404,
        headers: { "content-type": "text/plain; charset=utf-8" },
      })
    );
  }

  /** Whether the path of `request` is under the app's prefix. */
  owns(request: Request | URL | string): boolean {
    const text =
      typeof request === "string" ? request : request instanceof URL ? request.href : request.url;
    const path = new URL(text, "http://localhost").pathname;
    const prefix = this.#served().engine.current().manifest.routePrefix;
    return prefix === "" || path === `/${prefix}` || path.startsWith(`/${prefix}/`);
  }

  /** @internal Called by {@link createWorker}. */
  attach(parts: Omit<WorkerParts, "app">): void {
    const { limits, debug } = this.#options;
    const host: Host = {
      engine: new Engine(coreModule(), () =>
        JSON.stringify({
          cidl: parts.cidl,
          limits: limits ?? {},
          ...(this.routePrefix === undefined ? {} : { routePrefix: this.routePrefix }),
        }),
      ),
      classes: parts.classes,
      hooks: this.#hooks,
      debug: debug ?? false,
      registry: null,
    };
    this.#host = host;
    for (const constructor of Object.values(parts.classes)) hostsByClass.set(constructor, host);
    host.engine.warm();
  }

  #served(): Host {
    if (this.#host === null)
      throw new Error("this app is not part of a worker yet; import it from .generated/workers.ts");
    return this.#host;
  }

  #changed(): this {
    this.#hooks.version++;
    return this;
  }
}

/** Binds a compiled project to its app; the result is the Worker's default export. */
export function createWorker(parts: WorkerParts): Worker {
  parts.app.attach(parts);
  return { fetch: (request, env, context) => parts.app.run(request, env, context) };
}
