// The engine: keeps one healthy app core per isolate and replaces it when it breaks or has grown fat.

import { AppCore } from "./app-core.js";

/** Above this an idle instance is rebuilt, because linear memory never shrinks. */
const recycleBytes = 48 * 1024 * 1024;

/** Supplies app cores. Instantiation is synchronous and takes well under a millisecond. */
export class Engine {
  readonly #module: WebAssembly.Module;
  readonly #open: () => string;
  #current: AppCore | null = null;

  constructor(module: WebAssembly.Module, open: () => string) {
    this.#module = module;
    this.#open = open;
  }

  /** A core that can take a new exchange. */
  current(): AppCore {
    const current = this.#current;
    if (current !== null && !current.core.broken) {
      if (current.live > 0 || current.core.memoryBytes <= recycleBytes) return current;
    }
    const fresh = new AppCore(this.#module, this.#open());
    this.#current = fresh;
    return fresh;
  }

  /**
   * Makes a core before one is needed: while a Worker starts, which Cloudflare has it do during the TLS handshake. A
   * request to nowhere has V8 compile what every request runs. What is wrong is said by the first real one.
   */
  warm(): void {
    try {
      const core = this.current();
      core.end(core.begin("GET\n/\n\n\n\n")?.exchange ?? 0);
    } catch {
      this.#current = null;
    }
  }

  /** Forgets the core: what it was opened with has changed. */
  reset(): void {
    this.#current = null;
  }

  /** The core of now, if there is one. */
  get opened(): AppCore | null {
    return this.#current;
  }
}
