// The DI container of one request: env, request, services, and what middleware put there.

import { HttpResult } from "./http-result.js";
import type { Injection, Manifest, ServiceDescription } from "./manifest.js";
import type { ClassRegistry } from "./revive.js";

/** A class or a name. A class is known by itself and by its name. */
export type DependencyKey<T = unknown> = string | (abstract new (...values: never[]) => T);

interface Entry {
  readonly name: string;
  /** The class that it was put under, of those that the project does not know. */
  readonly by?: unknown;
  readonly value: unknown;
}

/** A value, or undefined, under a name or a class; lives as long as one request. As a `Map` it holds what is there by name. */
export class DependencyContainer extends Map<string, any> {
  /** The last one first: what was put under a name again is not met any more. */
  #values: Entry[] = [];
  readonly #registry: ServiceRegistry;
  readonly #request: Request;
  readonly #context: unknown;
  readonly #env: Readonly<Record<string, unknown>>;

  /** @internal */
  constructor(registry: ServiceRegistry, request: Request, env: unknown, context: unknown) {
    super();
    this.#registry = registry;
    this.#env = (env ?? {}) as Record<string, unknown>;
    this.#request = request;
    this.#context = context;
    for (const name of ["Request", "ExecutionContext", "Env", registry.environment])
      if (name !== null && this.#brought(name) !== undefined) super.set(name, this.#brought(name));
  }

  /** What is known under `key`; undefined when nothing is. A service is made when it is first asked for. */
  override get<T = unknown>(key: DependencyKey<T>): T | undefined {
    const { name, by } = this.#place(key);
    const entry = this.#find(name, by);
    if (entry !== undefined) return entry.value as T | undefined;
    const service = this.#registry.services.get(name);
    return (service === undefined ? this.#given(name) : this.#make(service)) as T | undefined;
  }

  /** What is known under `key`; ends the request with 401 when nothing is. */
  need<T = unknown>(key: DependencyKey<T>): NonNullable<T> {
    const value = this.get(key);
    if (value !== undefined && value !== null) return value;
    throw HttpResult.fail(401, "CLO1010: sign in first");
  }

  /** Puts `value` under `key`, replacing what was there. */
  override set<T = unknown>(key: DependencyKey<T>, value: T): this {
    const place = this.#place(key);
    this.#values.unshift({ ...place, value });
    return super.set(place.name, value);
  }

  /** Takes away what is under `key`; answers whether something was. A service is made anew when it is asked for again. */
  override delete(key: DependencyKey): boolean {
    const { name, by } = this.#place(key);
    const was = this.#find(name, by) !== undefined || this.#given(name) !== undefined;
    this.#values = this.#values.filter((entry) => !isMeant(entry, name, by));
    const other = this.#find(name);
    if (other === undefined) super.delete(name);
    else super.set(name, other.value);
    return was;
  }

  override clear(): void {
    this.#values = [];
    super.clear();
  }

  /** Whether something is, or a service can be, under `key`. */
  override has(key: DependencyKey): boolean {
    const { name, by } = this.#place(key);
    return (
      this.#find(name, by) !== undefined ||
      this.#registry.services.has(name) ||
      this.#given(name) !== undefined
    );
  }

  /** @internal The value for an injected parameter or attribute. */
  resolve({ binding, inject, name }: Injection): unknown {
    return binding === null ? this.get(inject ?? name) : this.#env[binding];
  }

  /** @internal Makes a service that has an `init` and runs it, once; answers what `init` answered. */
  initialize(service: ServiceDescription): unknown {
    const { name, initializer } = service;
    if (initializer === null || this.#find(name)) return undefined;
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
    this.set(name, instance);
    for (const attribute of attributes) instance[attribute.name] = this.resolve(attribute);
    return instance;
  }

  /** Where `key` leads to. A class that the project does not know is itself, however a minifier calls it. */
  #place(key: DependencyKey): { name: string; by?: unknown } {
    const name = nameOfKey(this.#registry, key);
    return typeof key === "string" || this.#registry.names.has(key) ? { name } : { name, by: key };
  }

  /** What was put under `name`, by its text or by the class `by`: not by another one that has the name too. */
  #find(name: string, by?: unknown): Entry | undefined {
    return this.#values.find((entry) => isMeant(entry, name, by));
  }

  /** What every request brings along, unless it was taken away. */
  #given(name: string): unknown {
    // For an `Orm` within the scopes of the request.
    if (name === "DependencyContainer") return this;
    return super.has(name) ? this.#brought(name) : undefined;
  }

  #brought(name: string): unknown {
    if (name === "Request") return this.#request;
    if (name === "ExecutionContext") return this.#context;
    return name === "Env" || name === this.#registry.environment ? this.#env : undefined;
  }
}

/** Whether `entry` is what `name` leads to, asked for by its text or by the class `by`. */
function isMeant(entry: Entry, name: string, by: unknown): boolean {
  return entry.name === name && (by === undefined || entry.by === undefined || entry.by === by);
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
