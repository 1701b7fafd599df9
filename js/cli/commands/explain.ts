// `cloesce explain`: a read of the project's own Worker on local storage, with what it asks of its bindings.
import { explain } from "../../explain/index.js";
import { hostWorker, loadBindings, loadWorker } from "../../serve/index.js";
import { RunningWorker } from "../../serve/worker.js";
import { CliError, exitCodes, orCliError } from "../cli-error.js";
import type { ExitCode } from "../cli-error.js";
import type { Project } from "../config/project.js";
import { hostedProject } from "../hosted-project.js";
import type { Terminal } from "../terminal.js";

export interface ExplainInput {
  project: Project;
  terminal: Terminal;
  /** `Album`, `Album.recent` or a path below the app's own. */
  what: string;
  headers: readonly (readonly [string, string])[];
  /** The folder of the storage, absolute; null for an empty one in memory. */
  root: string | null;
}

/** Prints the statements of the read; the exit code tells whether it was answered. */
export async function explainRequest(input: ExplainInput): Promise<ExitCode> {
  const { project, terminal, root } = input;
  const path = pathOf(input.what);
  const hosted = await hostedProject(project);
  const bindings = await loadBindings(hosted);
  const report = (error: unknown): void => terminal.note(messageOf(error));
  terminal.progress("loading the app");
  const module = await orCliError(() => loadWorker(hosted, "explain"));
  const app = await orCliError(() =>
    hostWorker(module, bindings, { root, exclusive: true, buckets: project.bindings, report }),
  );
  try {
    const url = new URL(project.workersUrl.replace(/\/$/, "") + path);
    const { result, statements, text } = await explain(
      app.environment.env,
      async (env) => {
        const worker = new RunningWorker(module, env, report);
        const response = await worker.fetch(
          new Request(url, { headers: input.headers.map(([name, value]) => [name, value]) }),
        );
        const body = await response.text();
        await worker.settled();
        return { status: response.status, body };
      },
      // What SQLite reads is counted by D1 alone.
      { counts: false },
    );
    terminal.print(`GET ${url.pathname}${url.search}: ${result.status}`);
    // Nothing is stored in memory: that a row is not there says how it was looked for.
    const answered = result.status < 400 || (result.status === 404 && statements.length > 0);
    if (!answered)
      terminal.error(
        `the app answered ${result.status}: ${result.body.slice(0, 500)}`,
        hintOf(result.status),
      );
    terminal.print(`\n${text}`);
    return answered ? exitCodes.ok : exitCodes.usage;
  } finally {
    await app.close();
  }
}

/** `/Album/list?__datasource=recent` of `Album.recent`. */
function pathOf(what: string): string {
  if (what.startsWith("/")) return what;
  const [, model, source] = /^(\w+)(?:\.(\w+))?$/.exec(what) ?? [];
  if (model === undefined)
    throw new CliError(`"${what}" is neither a model nor a path`, {
      hint: "write Album, Album.recent or /Album/get?id=1",
    });
  return `/${model}/list${source === undefined ? "" : `?__datasource=${source}`}`;
}

const hintOf = (status: number): string | null =>
  status === 401 || status === 403
    ? 'a hook refused: give what it asks for, --header "authorization: …"'
    : status === 404 || status === 405
      ? "a model without LIST is asked by a path: /Album/get?id=1"
      : null;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
