// The DI container of one request: env, request, services, and what middleware put there.

import type { Injection, Manifest, ServiceDescription } from "./manifest.js";
import type { ClassRegistry } from "./revive.js";

/** A class or a name; classes stand for their name. */
export type DependencyKey<T = unknown> = string | (abstract new (...values: never[]) => T);

/** A value, or undefined, under a name or a class; lives as long as one request. */
export class DependencyContainer {
  readonly #values = new Map<string, unknown>();
  readonly #registry: ServiceRegistry;
  readonly #request: Request;
  readonly #context: unknown;
  readonly #env: Readonly<Record<string, unknown>>;

  /** @internal */
  constructor(registry: ServiceRegistry, request: Request, env: unknown, context: unknown) {
    this.#registry = registry;
    this.#env = (env ?? {}) as Record<string, unknown>;
    this.#request = request;
    this.#context = context;
  }

  /** What is known under `key`; undefined when nothing is. A service is made when it is first asked for. */
  get<T = unknown>(key: DependencyKey<T>): T | undefined {
    const name = nameOfKey(this.#registry, key);
    if (this.#values.has(name)) return this.#values.get(name) as T | undefined;
    const service = this.#registry.services.get(name);
    return (service === undefined ? this.#given(name) : this.#make(service)) as T | undefined;
  }

  /** Puts `value` under `key`, replacing what was there. */
  set<T = unknown>(key: DependencyKey<T>, value: T): void {
    this.#values.set(nameOfKey(this.#registry, key), value);
  }

  /** Whether something is, or a service can be, under `key`. */
  has(key: DependencyKey): boolean {
    const name = nameOfKey(this.#registry, key);
    return (
      this.#values.has(name) || this.#registry.services.has(name) || this.#given(name) !== undefined
    );
  }

  /** @internal The value for an injected parameter or attribute. */
  resolve({ binding, inject, name }: Injection): unknown {
    return binding === null ? this.get(inject ?? name) : this.#env[binding];
  }

  /** @internal Makes a service that has an `init` and runs it, once; answers what `init` answered. */
  initialize(service: ServiceDescription): unknown {
    const { name, initializer } = service;
    if (initializer === null || this.#values.has(name)) return undefined;
    const given = initializer.map((injection) => this.resolve(injection));
    return (this.#make(service) as { init: (...values: unknown[]) => unknown }).init(...given);
  }

  #make({ name, attributes }: ServiceDescription): Record<string, unknown> {
    const constructor = this.#registry.classes[name] as
      (new () => Record<string, unknown>) | undefined;
    if (constructor === undefined)
      throw new Error(
        `the service ${name} was not given to createWorker; run "cloesce compile" again`,
      );
    const instance = new constructor();
    this.#values.set(name, instance);
    for (const attribute of attributes) instance[attribute.name] = this.resolve(attribute);
    return instance;
  }

  /** What every request brings along. */
  #given(name: string): unknown {
    if (name === "Request") return this.#request;
    if (name === "ExecutionContext") return this.#context;
    return name === "Env" || name === this.#registry.environment ? this.#env : undefined;
  }
}

/** The CIDL name of a class; those that the project does not know go by their own. */
export function nameOfKey({ names }: ServiceRegistry, key: DependencyKey): string {
  return typeof key === "string" ? key : (names.get(key) ?? key.name);
}

/** What all containers of an app share. */
export interface ServiceRegistry {
  readonly environment: string | null;
  readonly classes: ClassRegistry;
  readonly services: ReadonlyMap<string, ServiceDescription>;
  /** The CIDL name of each class; a bundler may have changed `class.name`. */
  readonly names: ReadonlyMap<unknown, string>;
}

/** Builds the lookups once per app. */
export function makeServiceRegistry(
  { environment, services }: Manifest,
  classes: ClassRegistry,
): ServiceRegistry {
  return {
    environment,
    classes,
    services: new Map(services.map((service) => [service.name, service])),
    names: new Map(Object.entries(classes).map(([name, constructor]) => [constructor, name])),
  };
}
