// `cloesce/testing`: the compiled app in memory, as often as tests want one.

import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { hostedProject } from "../cli/hosted-project.js";
import { loadProject, type Project } from "../cli/config/project.js";
import { bundle, type BundleInput } from "../serve/bundle.js";
import { hostWorker, loadBindings, type HostedProject } from "../serve/index.js";
import type { WorkerBindings } from "../serve/bindings.js";
import type { BucketBindings } from "../serve/buckets.js";

export interface TestAppOptions {
  /** The project's folder, or one below it; where the process runs by default. */
  readonly project?: string;
  /** What is there at the beginning: files of SQL for a database's binding, or a function that is given the bindings. */
  readonly seed?: Readonly<Record<string, string>> | ((env: Record<string, unknown>) => unknown);
  /** Variables, over those of the wrangler file and .dev.vars. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** The moment in milliseconds, for what expires. */
  readonly clock?: () => number;
}

export interface TestApp<Client, Env = Record<string, unknown>> {
  /** Everything that the generated client exports, bound to this app. */
  readonly client: Client;
  /** The bindings and variables, for a look behind the API. */
  readonly env: Env;
  /** Asks the app as a browser would; a path is below the address of the config's `workersUrl`. */
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
  /** Ends when everything that requests gave to `ctx.waitUntil` has. */
  settled(): Promise<void>;
  /** Waits for that, and throws the app's storage away. */
  close(): Promise<void>;
}

/** What all apps of a project share: nothing of a request or of storage. */
interface Loaded {
  readonly project: Project;
  readonly module: unknown;
  readonly bindings: WorkerBindings;
  readonly clientText: string;
}

const loaded = new Map<string, Promise<Loaded>>();
let apps = 0;

/**
 * Makes an app with storage of its own in memory: empty databases with their migrations applied, then `seed`. The first of a
 * process bundles the project, which must be compiled; those after it take some milliseconds. No port is opened.
 */
export async function createTestApp<
  Client = Record<string, unknown>,
  Env = Record<string, unknown>,
>(options: TestAppOptions = {}): Promise<TestApp<Client, Env>> {
  const folder = resolve(options.project ?? process.cwd());
  let loading = loaded.get(folder);
  if (loading === undefined) {
    loading = load(folder);
    loaded.set(folder, loading);
    loading.catch(() => loaded.delete(folder));
  }
  const { project, module, bindings, clientText } = await loading;
  const app = await hostWorker(module, bindings, {
    root: null,
    report: (error) => console.error(error),
    buckets: withoutServers(project.bindings),
    ...(options.vars === undefined ? {} : { vars: options.vars }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  try {
    await seed(app.environment.env, options.seed, folder);
    const ask = (request: Request): Promise<Response> => {
      const { pathname, search } = new URL(request.url);
      return app.answer(request, pathname + search);
    };
    const client = (await importText(`${clientText}\n// app ${++apps}`)) as {
      configure?: (options: object) => void;
    };
    client.configure?.({
      baseUrl: project.workersUrl,
      fetch: (url: string, init?: RequestInit) => ask(new Request(url, init)),
    });
    return {
      client: client as Client,
      env: app.environment.env as Env,
      fetch: (input, init) =>
        ask(
          input instanceof Request
            ? new Request(input, init)
            : new Request(new URL(input, project.workersUrl), init),
        ),
      settled: () => app.worker.settled(),
      close: () => app.close(),
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The buckets of the config, in memory: tests need no server. */
function withoutServers(bindings: Project["bindings"]): BucketBindings {
  return Object.fromEntries(
    Object.entries(bindings).map(([name, { bucket, history, markerTtl }]) => [
      name,
      {
        bucket,
        ...(history === undefined ? {} : { history }),
        ...(markerTtl === undefined ? {} : { markerTtl }),
      },
    ]),
  );
}

async function load(folder: string): Promise<Loaded> {
  const project = await loadProject(folder, null);
  const hosted: HostedProject = await hostedProject(project);
  // Test files run in processes of their own, at the same time.
  const own = (name: string, entry: string): BundleInput => ({
    entry,
    outfile: resolve(project.outDir, "node", `${name}-${process.pid}.mjs`),
    tsconfig: hosted.tsconfig,
  });
  const worker = own("workers", hosted.entry);
  const client = own("client", resolve(project.outDir, "client.ts"));
  try {
    const [url] = await Promise.all([bundle(worker), bundle({ ...client, packages: "bundled" })]);
    return {
      project,
      module: await import(url),
      bindings: await loadBindings(hosted),
      clientText: await readFile(client.outfile, "utf8"),
    };
  } finally {
    await Promise.all([worker, client].map(({ outfile }) => rm(outfile, { force: true })));
  }
}

/** A module of its own for each app: a client keeps where its app is. */
function importText(text: string): Promise<unknown> {
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}

async function seed(
  env: Record<string, unknown>,
  given: TestAppOptions["seed"],
  folder: string,
): Promise<void> {
  if (given === undefined) return;
  if (typeof given === "function") {
    await given(env);
    return;
  }
  for (const [binding, file] of Object.entries(given)) {
    const database = env[binding] as { script?: (text: string) => void } | undefined;
    if (database?.script === undefined)
      throw new Error(`seed: there is no database called ${binding}`);
    const path = file.startsWith("file:") ? fileURLToPath(file) : resolve(folder, file);
    database.script(await readFile(path, "utf8"));
  }
}
