// A project's Worker on local storage: all the pieces put together.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { R2Bucket } from "@cloudflare/workers-types";
import { Assets } from "./assets.js";
import { readBindings, readDevVars, type WorkerBindings } from "./bindings.js";
import { bundle } from "./bundle.js";
import type { BucketBindings } from "./buckets.js";
import { openEnvironment, type Environment } from "./environment.js";
import { addWorkerGlobals } from "./globals.js";
import { s3Path, serveS3, type S3Bucket } from "./s3.js";
import { RunningWorker } from "./worker.js";

/** A project, as its config and its wrangler file have it. Paths are absolute. */
export interface HostedProject {
  readonly outDir: string;
  /** The Worker's module: the wrangler file's `main`, or what the compiler has made. */
  readonly entry: string;
  readonly tsconfig: string | null;
  readonly wrangler: { readonly path: string; readonly content: Readonly<Record<string, unknown>> };
}

export interface HostedApp {
  readonly environment: Environment;
  readonly bindings: WorkerBindings;
  /** The Worker alone. */
  readonly worker: RunningWorker;
  /** What a browser would be answered: files, signed URLs, the Worker. `target` is path and query as they were sent. */
  answer(request: Request, target: string): Promise<Response>;
  /** Ends once what requests promised is done, and closes the storage. */
  close(): Promise<void>;
}

/** The module of the project's Worker, bundled anew. */
export async function loadWorker(project: HostedProject, name: string): Promise<unknown> {
  const url = await bundle({
    entry: project.entry,
    outfile: join(project.outDir, "node", `${name}.mjs`),
    tsconfig: project.tsconfig,
  });
  return import(`${url}?at=${Date.now()}`);
}

/** What the project's wrangler file says, with what .dev.vars adds. */
export async function loadBindings(project: HostedProject): Promise<WorkerBindings> {
  const { path, content } = project.wrangler;
  const bindings = readBindings(path, content);
  const secrets = await readFile(join(dirname(path), ".dev.vars"), "utf8").catch(() => "");
  return { ...bindings, vars: { ...bindings.vars, ...readDevVars(secrets) } };
}

export interface HostOptions {
  /** The folder of the storage; null for memory. */
  readonly root: string | null;
  readonly exclusive?: boolean;
  readonly clock?: () => number;
  readonly vars?: Readonly<Record<string, unknown>>;
  /** KV namespaces that lie in buckets with history, by binding. */
  readonly buckets?: BucketBindings;
  /** A folder of files instead of the one of the wrangler file. */
  readonly assets?: string;
  /** What is told of failures that no answer shows. */
  readonly report: (error: unknown) => void;
}

/** Runs `module`, a project's Worker, with `bindings` on local storage. */
export async function hostWorker(
  module: unknown,
  bindings: WorkerBindings,
  options: HostOptions,
): Promise<HostedApp> {
  const { root, exclusive, clock, report } = options;
  const environment = await openEnvironment(
    bindings,
    root,
    {
      ...(exclusive === undefined ? {} : { exclusive }),
      ...(clock === undefined ? {} : { clock }),
    },
    options.buckets,
  );
  const { env, local } = environment;
  Object.assign(env, options.vars);
  addWorkerGlobals(local.caches);
  const settings =
    options.assets === undefined
      ? bindings.assets
      : {
          notFound: "single-page-application" as const,
          workerFirst: false,
          binding: null,
          ...bindings.assets,
          directory: options.assets,
        };
  const assets = settings === null ? null : new Assets(settings);
  if (settings?.binding) {
    env[settings.binding] = {
      fetch: async (asked: RequestInfo) => {
        const request = new Request(asked);
        return (await assets?.file(request)) ?? assets?.missing(request);
      },
    };
  }
  const buckets: S3Bucket[] = bindings.r2.map(({ binding, bucket, credentials }) => ({
    name: bucket,
    bucket: local.env[binding] as unknown as R2Bucket,
    credentials,
  }));
  const worker = new RunningWorker(module, env, report);
  return {
    environment,
    bindings,
    worker,
    async answer(request, target) {
      if (target.startsWith(`${s3Path}/`))
        return serveS3(request, target, buckets, (clock ?? Date.now)());
      if (assets === null || assets.workerFirst(new URL(request.url).pathname))
        return worker.fetch(request);
      const file = await assets.file(request);
      if (file !== null) return file;
      return assets.takesNavigation(request) ? assets.missing(request) : worker.fetch(request);
    },
    async close() {
      await worker.settled();
      await environment.close();
    },
  };
}
