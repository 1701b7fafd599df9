// Middleware of an app: what was registered, and how a stage of it runs.

import { hookStage } from "../abi/step.js";
import type { DependencyContainer } from "./container.js";
import { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";

/** Runs before the method. An HttpResult ends the request with it; anything else lets it go on. */
export type Middleware = (di: DependencyContainer) => HttpResult | void | undefined | Promise<HttpResult | void | undefined>;

/** Sees every result, errors included; may change its headers, or answer another result. */
export type ResultHook = (
  di: DependencyContainer,
  result: HttpResult,
) => HttpResult | void | undefined | Promise<HttpResult | void | undefined>;

/** The registered hooks of one app, by CIDL name. */
export class Hooks {
  readonly request: Middleware[] = [];
  readonly namespaces = new Map<string, Middleware[]>();
  readonly methods = new Map<string, Middleware[]>();
  readonly result: ResultHook[] = [];
  /** Grows with every registration, so that the core can be told. */
  version = 0;

  /** What the core needs to know: where hooks exist. */
  describe(): { request: boolean; namespaces: string[]; methods: string[][] } {
    return {
      request: this.request.length > 0,
      namespaces: [...this.namespaces.keys()],
      methods: [...this.methods.keys()].map((name) => name.split(".")),
    };
  }

  /** Runs the hooks of a stage in the order of their registration; answers the result that stopped it. */
  async run(stage: number, route: Route | undefined, di: DependencyContainer): Promise<HttpResult | null> {
    for (const middleware of this.#of(stage, route)) {
      const answer = await middleware(di);
      if (answer instanceof HttpResult) return answer;
    }
    return null;
  }

  #of(stage: number, route: Route | undefined): readonly Middleware[] {
    if (stage === hookStage.request) return this.request;
    if (route === undefined) return [];
    if (stage === hookStage.namespace) return this.namespaces.get(route.namespace) ?? [];
    return this.methods.get(`${route.namespace}.${route.method}`) ?? [];
  }
}
