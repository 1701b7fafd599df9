// Middleware of an app: what was registered, and how a stage of it runs.

import { hookStage } from "../abi/step.js";
import type { DependencyContainer, DependencyKey } from "./container.js";
import { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";

/** Runs before the method. An HttpResult ends the request with it; anything else lets it go on. */
export type Middleware = (
  di: DependencyContainer,
) => HttpResult | void | undefined | Promise<HttpResult | void | undefined>;

/** Sees every result, errors included; may change its headers, or answer another result. */
export type ResultHook = (
  di: DependencyContainer,
  result: HttpResult,
) => HttpResult | void | undefined | Promise<HttpResult | void | undefined>;

/** A hook of a model or service, and of one of its methods. */
interface ScopedHook {
  readonly namespace: DependencyKey;
  readonly method: string | null;
  readonly middleware: Middleware;
}

/** The registered hooks of one app. */
export class Hooks {
  readonly request: Middleware[] = [];
  readonly scoped: ScopedHook[] = [];
  readonly result: ResultHook[] = [];
  /** Grows with every registration, so that the core can be told. */
  version = 0;
  #nameOf: (key: DependencyKey) => string = String;

  /** What the core needs to know: where hooks exist. `nameOf` finds the CIDL name of a class. */
  describe(nameOf: (key: DependencyKey) => string): {
    request: boolean;
    namespaces: string[];
    methods: string[][];
  } {
    this.#nameOf = nameOf;
    return {
      request: this.request.length > 0,
      namespaces: this.scoped
        .filter((hook) => hook.method === null)
        .map((hook) => nameOf(hook.namespace)),
      methods: this.scoped.flatMap((hook) =>
        hook.method === null ? [] : [[nameOf(hook.namespace), hook.method]],
      ),
    };
  }

  /** Runs the hooks of a stage in the order of their registration; answers the result that stopped it. */
  async run(
    stage: number,
    route: Route | undefined,
    di: DependencyContainer,
  ): Promise<HttpResult | null> {
    for (const middleware of this.#of(stage, route)) {
      const answer = await middleware(di);
      if (answer instanceof HttpResult) return answer;
    }
    return null;
  }

  #of(stage: number, route: Route | undefined): readonly Middleware[] {
    if (stage === hookStage.request) return this.request;
    if (route === undefined) return [];
    const method = stage === hookStage.namespace ? null : route.method;
    return this.scoped
      .filter((hook) => hook.method === method && this.#nameOf(hook.namespace) === route.namespace)
      .map((hook) => hook.middleware);
  }
}
