// A Worker in a workerd of its own, sent requests over kept connections, so that the CPU time of the process is what
// its requests cost.

import { once } from "node:events";
import http from "node:http";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { runtimeModule } from "./bundle.mjs";
import { cpuOf, descendants } from "./process-cost.mjs";

/** Requests under way at a time. */
const concurrency = 8;

export class WorkerdServer {
  /**
   * Starts `script`, with the core's module beside it when `withCore`, runs `schema` on its database and puts `facts`
   * into its KV namespace.
   * Further bindings go into `options`.
   */
  static async start(
    script,
    { withCore = false, files = [], schema = [], facts = [], options = {} } = {},
  ) {
    const before = new Set(descendants(process.pid, "workerd"));
    const modules = [{ type: "ESModule", path: "worker.mjs", contents: script }, ...files];
    if (withCore)
      modules.push({ type: "CompiledWasm", path: "core.wasm", contents: runtimeModule() });
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        modules,
        modulesRoot: "/",
        compatibilityDate: "2026-11-01",
        d1Databases: { db: "db" },
        kvNamespaces: { facts: "facts" },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        ...options,
      }),
    );
    await miniflare.ready;
    const url = await miniflare.unsafeGetDirectURL();
    const pid = descendants(process.pid, "workerd").find((candidate) => !before.has(candidate));
    if (pid === undefined) throw new Error("the process of workerd cannot be told");
    if (schema.length > 0) {
      const database = await miniflare.getD1Database("db");
      await database.batch(schema.map((sql) => database.prepare(sql)));
    }
    if (facts.length > 0) {
      const namespace = await miniflare.getKVNamespace("facts");
      for (const [key, value] of facts) await namespace.put(key, value);
    }
    return new WorkerdServer(miniflare, url, pid);
  }

  constructor(miniflare, url, pid) {
    this.miniflare = miniflare;
    this.url = url;
    this.pid = pid;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
    this.turn = 0;
  }

  /**
   * Sends a request of `workload`: `{ method, path, headers, body }`, of which path and body may be functions of the
   * request's number.
   */
  async send(workload) {
    const turn = this.turn++;
    const { path, body, headers = {} } = workload;
    const bytes = typeof body === "function" ? body(turn) : body;
    const length =
      bytes === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(bytes) };
    const request = http.request(
      new URL(typeof path === "function" ? path(turn) : path, this.url),
      {
        method: workload.method,
        headers: { ...length, ...headers },
        agent: this.agent,
      },
    );
    request.end(bytes);
    const [response] = await once(request, "response");
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    await once(response, "end");
    return { status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) };
  }

  /** Microseconds of CPU per request over `milliseconds` of requests. */
  async cost(workload, milliseconds) {
    const end = performance.now() + milliseconds;
    const begin = cpuOf(this.pid);
    let requests = 0;
    const loop = async () => {
      while (performance.now() < end) {
        const { status } = await this.send(workload);
        if (status >= 400) throw new Error(`${workload.name}: status ${status}`);
        requests++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
    return (cpuOf(this.pid) - begin) / requests;
  }

  stop() {
    this.agent.destroy();
    return this.miniflare.dispose();
  }
}
