// An app with everything that its requests share, its healthy core first of all.

import { AppCore } from "./app-core.js";
import { makeServiceRegistry, type ServiceRegistry } from "./container.js";
import type { CrossOrigin } from "./cross-origin.js";
import type { Engine, StoragePart } from "./engine.js";
import type { Hooks } from "./hooks.js";
import type { ClassRegistry } from "./revive.js";
import type { SavesPart } from "./saves.js";

export interface Host {
  readonly engine: Engine;
  /** What a core is opened with. */
  readonly open: () => string;
  readonly classes: ClassRegistry;
  readonly hooks: Hooks;
  /** Whether 500 answers carry the stack trace. */
  readonly debug: boolean;
  /** The content security policy of stored pages, in place of one that lets them do nothing. */
  readonly pagePolicy?: string | undefined;
  /** Of an app with the option `cors`. */
  readonly crossOrigin?: CrossOrigin | undefined;
  /** Of an app with the option `idempotencyKeys`. */
  readonly saves?: SavesPart | undefined;
  /** The core of now; null where the next request makes one. */
  core: AppCore | null;
  /** Made from the manifest on first use. */
  registry: ServiceRegistry | null;
}

/** Above this an idle instance is rebuilt, because linear memory never shrinks. */
const recycleBytes = 48 * 1024 * 1024;

/**
 * A core that can take a new exchange. Making one is synchronous. There is one at a time: while anybody waits for what it
 * holds it stays, however large it is.
 */
export function coreOf(host: Host): AppCore {
  const { core } = host;
  if (core !== null && !core.broken && (core.busy || core.bytes.length <= recycleBytes))
    return core;
  return (host.core = new AppCore(host.engine.module, host.open()));
}

/**
 * Makes a core before one is needed: while a Worker starts, which Cloudflare has it do during the TLS handshake. A
 * request to nowhere has V8 compile what every request runs. What is wrong is said by the first real one.
 */
export function warm(host: Host): void {
  try {
    const core = coreOf(host);
    core.end(core.word(core.begin("GET\n/\n\n\n\n") ?? 0, 0));
  } catch {
    host.core = null;
  }
}

/** The DI lookups of `host`. */
export function registryOf(host: Host, core: AppCore): ServiceRegistry {
  return (host.registry ??= makeServiceRegistry(core.manifest, host.classes));
}

/** The part for KV and R2; throws when the engine comes without. */
export function storageOf(host: Host): StoragePart {
  return partOf(host, "storage");
}

/** A part that only some apps ship; throws when the engine comes without. */
export function partOf<Name extends "storage" | "history" | "scopes">(
  host: Host,
  name: Name,
): NonNullable<Engine[Name]> {
  const part = host.engine[name];
  if (part) return part;
  throw new Error(`createWorker was given no ${name}; run "cloesce compile" again`);
}
