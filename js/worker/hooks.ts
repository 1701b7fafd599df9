// Middleware of an app: what was registered, and how a stage of it runs.

import { hooksOfInstance, hooksOfNamespace, hooksOfRequest } from "../abi/step.js";
import type { Call } from "./call.js";
import {
  type DependencyContainer,
  type DependencyKey,
  nameOfKey,
  type ServiceRegistry,
} from "./container.js";
import type { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";
import { ofRows, type Scope } from "./scopes.js";

/** What a hook answers: an HttpResult has its say, anything else is ignored. */
export type HookAnswer = HttpResult | void | undefined | Promise<HttpResult | void | undefined>;

/** Runs before the method. An HttpResult ends the request with it; anything else lets it go on. */
export type Middleware = (di: DependencyContainer) => HookAnswer;

/** A middleware that is told of the call that it stands in front of. */
export type CallHook<C = Call> = (di: DependencyContainer, call: C) => HookAnswer;

/** Sees every result, errors included; may change its headers, or answer another result. */
export type ResultHook = (di: DependencyContainer, result: HttpResult) => HookAnswer;

/** Stands for a method in a hook of the instance. */
export const ofInstance = "*";

/** The registered hooks of one app. */
export interface Hooks {
  readonly request: CallHook<never>[];
  /** Those of a model or service, of one of its methods, and of its instances. */
  readonly scoped: {
    readonly namespace: DependencyKey;
    /** That of the namespace in the CIDL, once the core was told. */
    name: string;
    readonly method: string | null;
    readonly middleware: CallHook<never>;
  }[];
  /** Which rows of a model there are. */
  readonly scopes: Scope[];
  readonly result: ResultHook[];
  /** Grows with every registration, so that the core can be told. */
  version: number;
}

/** What the core needs to know, a line each: whether there are hooks of every request, and where the others are. */
export function describeHooks(
  { request, scoped, scopes }: Hooks,
  registry: ServiceRegistry,
): string {
  let lines = request.length > 0 ? "1\n" : "0\n";
  for (const hook of scoped) {
    hook.name = nameOfKey(registry, hook.namespace);
    lines += `${hook.name}${hook.method === null ? "" : `\t${hook.method}`}\n`;
  }
  for (const scope of scopes) {
    scope.name = nameOfKey(registry, scope.model);
    lines += `${scope.name}\t${ofRows}\n`;
  }
  return lines;
}

/** The hooks of a stage, in the order of their registration. */
export function hooksOf(
  { request, scoped }: Hooks,
  stage: number,
  route: Route | null,
): readonly CallHook<never>[] {
  if (stage === hooksOfRequest) return request;
  const method =
    stage === hooksOfNamespace ? null : stage === hooksOfInstance ? ofInstance : route?.method;
  return scoped
    .filter((hook) => hook.method === method && hook.name === route?.namespace)
    .map(({ middleware }) => middleware);
}
