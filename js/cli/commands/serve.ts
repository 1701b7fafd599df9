// `cloesce serve`: the project's Worker in this process, on local storage.
import { basename } from "node:path";

import { hostWorker, loadBindings, loadWorker } from "../../serve/index.js";
import { serveHttp } from "../../serve/http.js";
import { s3Path } from "../../serve/s3.js";
import { exitCodes, orCliError } from "../cli-error.js";
import type { ExitCode } from "../cli-error.js";
import type { Project } from "../config/project.js";
import type { Terminal } from "../terminal.js";
import { hostedProject } from "../hosted-project.js";

export interface ServeInput {
  project: Project;
  terminal: Terminal;
  port: number;
  /** The folder of the storage, absolute. */
  root: string;
  /** A folder of files, absolute; null for the one of the wrangler file. */
  assets: string | null;
  /** Variables over those of the project. */
  vars: Readonly<Record<string, string>>;
  /** Aborted by the first signal. */
  signal: AbortSignal;
}

/** Serves until the signal comes, and then until every request has ended. */
export async function serveProject(input: ServeInput): Promise<ExitCode> {
  const { project, terminal, root, signal } = input;
  const hosted = await hostedProject(project);
  const report = (error: unknown): void => terminal.note(describe(error));
  const written = await loadBindings(hosted);
  const bindings = { ...written, vars: { ...written.vars, ...input.vars } };
  for (const sentence of bindings.unserved) terminal.warn(sentence);
  const module = await orCliError(() => loadWorker(hosted, "serve"));
  const app = await orCliError(() =>
    hostWorker(module, bindings, {
      root,
      exclusive: true,
      buckets: project.bindings,
      report,
      ...(input.assets === null ? {} : { assets: input.assets }),
    }),
  );
  for (const name of app.environment.applied) terminal.print(`applied ${name}`);
  try {
    const server = await orCliError(() =>
      serveHttp(
        input.port,
        (request, target) => app.answer(request, target),
        ({ method, path, status, code, milliseconds }) =>
          terminal.note(
            `${status}${code === null ? "" : ` ${code}`} ${method} ${path} ${milliseconds.toFixed(1)} ms`,
          ),
        report,
      ),
    );
    // The variables may name the server's own address, which was not known before it listened.
    Object.assign(app.environment.env, ownEndpoint(bindings.vars, server.url));
    terminal.print(`${project.name} on ${server.url}, storage in ${basename(root)}`);
    await new Promise<void>((ended) => {
      if (signal.aborted) ended();
      signal.addEventListener("abort", () => ended(), { once: true });
    });
    terminal.note("ending: requests under way are finished, a second signal ends at once");
    app.environment.endWatches();
    const atOnce = (): void => {
      server.abort();
      process.exit(130);
    };
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, atOnce);
    await server.stop();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, atOnce);
  } finally {
    await app.close();
  }
  return exitCodes.ok;
}

/** Variables that name a local S3 endpoint, with this server's address in place of theirs. */
function ownEndpoint(vars: Readonly<Record<string, unknown>>, url: string): Record<string, string> {
  const local = new RegExp(`^http://(?:127\\.0\\.0\\.1|localhost)(?::\\d+)?${s3Path}$`);
  return Object.fromEntries(
    Object.entries(vars)
      .filter(([, value]) => typeof value === "string" && local.test(value))
      .map(([name]) => [name, `${url}${s3Path}`]),
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
