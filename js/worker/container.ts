// The DI container of one request: env, request, services, and what middleware put there.

import type { Injection, Manifest, ServiceDescription } from "./manifest.js";
import type { ClassRegistry } from "./revive.js";

/** A class or a name; classes stand for their name. */
export type DependencyKey<T = unknown> = string | (abstract new (...values: never[]) => T);

/** Platform types that stand for a binding of the env. */
const bindingKinds = new Map([
  ["D1Database", "D1"],
  ["KVNamespace", "KV"],
  ["R2Bucket", "R2"],
]);

/** A value, or undefined, under a name or a class; lives as long as one request. */
export class DependencyContainer {
  readonly #values = new Map<string, unknown>();
  readonly #services: ReadonlyMap<string, ServiceDescription>;
  readonly #names: ReadonlyMap<unknown, string>;
  readonly #classes: ClassRegistry;
  readonly #manifest: Manifest;
  readonly #request: Request;
  readonly #context: unknown;
  readonly #env: Readonly<Record<string, unknown>>;

  /** @internal */
  constructor(registry: ServiceRegistry, request: Request, env: unknown, context: unknown) {
    this.#services = registry.services;
    this.#names = registry.names;
    this.#classes = registry.classes;
    this.#manifest = registry.manifest;
    this.#env = (env ?? {}) as Record<string, unknown>;
    this.#request = request;
    this.#context = context;
  }

  /** What is known under `key`; undefined when nothing is. A service is made when it is first asked for. */
  get<T = unknown>(key: DependencyKey<T>): T | undefined {
    const name = this.#nameOf(key);
    if (this.#values.has(name)) return this.#values.get(name) as T | undefined;
    return (this.#services.has(name) ? this.#make(name) : this.#given(name)) as T | undefined;
  }

  /** Puts `value` under `key`, replacing what was there. */
  set<T = unknown>(key: DependencyKey<T>, value: T): void {
    this.#values.set(this.#nameOf(key), value);
  }

  /** Whether something is, or a service can be, under `key`. */
  has(key: DependencyKey): boolean {
    const name = this.#nameOf(key);
    return this.#values.has(name) || this.#services.has(name) || this.#given(name) !== undefined;
  }

  /** @internal The value for an injected parameter or attribute. */
  resolve(injection: Injection): unknown {
    if (injection.binding !== null) return this.#env[injection.binding];
    const name = injection.inject ?? injection.name;
    if (this.has(name)) return this.get(name);
    const kind = bindingKinds.get(name);
    if (kind === undefined) return undefined;
    const binding = this.#manifest.bindings.find((candidate) => candidate.kind === kind);
    return binding === undefined ? undefined : this.#env[binding.name];
  }

  /** @internal Makes a service and, when it has an `init`, runs it; answers what `init` answered. */
  initialize(service: ServiceDescription): unknown {
    if (this.#values.has(service.name)) return undefined;
    const instance = this.#make(service.name);
    if (service.initializer === null) return undefined;
    const given = service.initializer.map((injection) => this.resolve(injection));
    return (instance as { init: (...values: unknown[]) => unknown }).init(...given);
  }

  #make(name: string): Record<string, unknown> {
    const service = this.#services.get(name);
    const constructor = this.#classes[name] as (new () => Record<string, unknown>) | undefined;
    if (service === undefined || constructor === undefined) {
      throw new Error(
        `the service ${name} was not given to createWorker; run "cloesce compile" again`,
      );
    }
    const instance = new constructor();
    this.#values.set(name, instance);
    for (const attribute of service.attributes) instance[attribute.name] = this.resolve(attribute);
    return instance;
  }

  /** What every request brings along. */
  #given(name: string): unknown {
    if (name === "Request") return this.#request;
    if (name === "ExecutionContext") return this.#context;
    return name === "Env" || name === this.#manifest.environment ? this.#env : undefined;
  }

  #nameOf(key: DependencyKey): string {
    return nameOfKey(this.#names, key);
  }
}

/** The CIDL name of a class among `names`; other classes go by their own. */
export function nameOfKey(names: ReadonlyMap<unknown, string>, key: DependencyKey): string {
  return typeof key === "string" ? key : (names.get(key) ?? key.name);
}

/** What all containers of an app share. */
export interface ServiceRegistry {
  readonly manifest: Manifest;
  readonly classes: ClassRegistry;
  readonly services: ReadonlyMap<string, ServiceDescription>;
  /** The CIDL name of each class; a bundler may have changed `class.name`. */
  readonly names: ReadonlyMap<unknown, string>;
}

/** Builds the lookups once per app. */
export function makeServiceRegistry(manifest: Manifest, classes: ClassRegistry): ServiceRegistry {
  return {
    manifest,
    classes,
    services: new Map(manifest.services.map((service) => [service.name, service])),
    names: new Map(Object.entries(classes).map(([name, constructor]) => [constructor, name])),
  };
}
