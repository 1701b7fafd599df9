// A Worker's `fetch` in Node: its module, its `ctx`, and what it promised to do after the answer.

/** What a Worker's module exports by default. */
export interface WorkerModule {
  fetch(request: Request, env: unknown, context: WorkerContext): Response | Promise<Response>;
}

/** `ctx` of a request. */
export interface WorkerContext {
  waitUntil(promise: unknown): void;
  passThroughOnException(): void;
  readonly props: Record<string, unknown>;
}

export class RunningWorker {
  readonly #module: WorkerModule;
  readonly #env: unknown;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #report: (error: unknown) => void;

  constructor(module: unknown, env: unknown, report: (error: unknown) => void) {
    const worker = (module as { default?: Partial<WorkerModule> }).default;
    if (typeof worker?.fetch !== "function")
      throw new Error("the entry exports no Worker: its default export needs a fetch method");
    this.#module = worker as WorkerModule;
    this.#env = env;
    this.#report = report;
  }

  async fetch(request: Request): Promise<Response> {
    return this.#module.fetch(request, this.#env, {
      waitUntil: (promise) => {
        const settled = Promise.resolve(promise)
          .catch(this.#report)
          .finally(() => this.#pending.delete(settled));
        this.#pending.add(settled);
      },
      passThroughOnException: () => undefined,
      props: {},
    });
  }

  /** Ends when nothing is left of what requests asked to be waited for. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
