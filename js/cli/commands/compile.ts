// `cloesce compile`: sources to the generated folder and the wrangler file.
import { basename, dirname, join, resolve } from "node:path";

import { CliError, exitCodes } from "../cli-error.js";
import type { ExitCode } from "../cli-error.js";
import type { CompileOutput, Compiler, OutputFile, RenderedDiagnostic } from "../compiler.js";
import type { Project } from "../config/project.js";
import { extract } from "../extract/extract.js";
import { findSources, ModuleReader, portablePath, readSources } from "../extract/find-sources.js";
import { preCidlText } from "../extract/pre-text.js";
import { readIfPresent, writeIfChanged } from "../files.js";
import { ensureIgnored } from "../ignored.js";
import { readMigrations } from "../migrations.js";
import type { Terminal } from "../terminal.js";
import { checkTsconfig } from "../tsconfig-check.js";
import { readWranglerFile, updateWranglerFile } from "../wrangler/wrangler-file.js";
import type { WranglerFile } from "../wrangler/wrangler-file.js";

export type Verbosity = "normal" | "quiet";

/** Whether two branches of migrations are an error. */
export type HistoryCheck = "checked" | "ignored";

/** What a compile does beside compiling. */
export interface CompileOptions {
  /** Whether the table of what callers can reach is printed in the place of the summary. */
  access?: boolean;
  history?: HistoryCheck;
}

export interface CompileResult {
  ok: boolean;
  /** The text of cidl.json, null unless `ok`. */
  cidl: string | null;
  /** Absolute paths of the modules that were read because sources import them. */
  modules: string[];
}

/**
 * Compiles a project once and reports on it; with `access` by the table of what callers can reach. Errors of the sources are printed and answered as `ok: false`.
 * @throws CliError for everything else that the user must put right.
 */
export async function compileProject(
  project: Project,
  compiler: Compiler,
  terminal: Terminal,
  verbosity: Verbosity,
  { access = false, history = "checked" }: CompileOptions = {},
): Promise<CompileResult> {
  const start = performance.now();
  for (const warning of project.warnings) terminal.warn(warning);
  terminal.progress("reading sources…");
  const { files } = await findSources(project.sources, project.outDir);
  const sources = await readSources(project.root, files);
  if (sources.length === 0) throw noSources(project);
  const wrangler = await readWranglerFile(project);

  terminal.progress(`compiling ${count(sources.length, "file")}…`);
  const { name, workersUrl, clientUrl, nestedWrites } = project;
  const outDir = portablePath(project.root, project.outDir);
  const modules = new ModuleReader(project.root);
  const historyBuckets = Object.entries(project.bindings).map(([binding, { history = 1 }]) => ({
    binding,
    history,
  }));
  const facts = {
    name,
    workersUrl,
    clientUrl,
    nestedWrites,
    ...(historyBuckets.length > 0 && { historyBuckets }),
  };
  const pre = extract({ project: facts, outDir, sources, readModule: modules.read });
  await writeIfChanged(join(project.outDir, "cidl.pre.json"), preCidlText(pre));
  const imported = pre.files.slice(sources.length).map((path) => modules.read(path)?.text ?? "");
  const output = compiler.compile({
    pre,
    sources: [...sources.map((source) => source.text), ...imported],
    color: terminal.color,
    wrangler: wrangler.content,
    access,
    history: history === "checked" ? await readMigrations(project.migrationsDir) : [],
  });
  printDiagnostics(output.diagnostics, terminal);
  if (output.diagnostics.length > 0) terminal.note(output.summary);
  const read = pre.files.slice(sources.length).map((path) => resolve(project.root, path));
  if (!output.ok) return { ok: false, cidl: null, modules: read };

  const isFirst = (await readIfPresent(join(project.outDir, "cidl.json"))) === null;
  const cidl = output.files.find((file) => file.path === "cidl.json")?.text ?? null;
  await writeFiles(project.outDir, output.files);
  await updateSurroundings(project, wrangler, output, terminal, verbosity, isFirst);
  if (output.access !== undefined) {
    terminal.print(output.access.trimEnd());
  } else if (verbosity === "normal") {
    const time = `${Math.round(performance.now() - start)} ms`;
    terminal.print(`compiled ${contents(cidl, sources.length)} in ${time} → ${outDir}`);
  }
  return { ok: true, cidl, modules: read };
}

/** The exit code of a compile. */
export function compileExitCode(result: CompileResult): ExitCode {
  return result.ok ? exitCodes.ok : exitCodes.compileErrors;
}

/** Prints what the compiler rendered, one blank line between. */
export function printDiagnostics(
  diagnostics: readonly RenderedDiagnostic[],
  terminal: Terminal,
): void {
  for (const diagnostic of diagnostics) terminal.note(`${diagnostic.rendered.trimEnd()}\n`);
}

/** Writes complete texts below `folder`. Answers the paths of those that changed. */
export async function writeFiles(folder: string, files: readonly OutputFile[]): Promise<string[]> {
  const changed: string[] = [];
  for (const file of files) {
    if (await writeIfChanged(join(folder, file.path), file.text)) changed.push(file.path);
  }
  return changed;
}

/** The wrangler file, .dev.vars, .gitignore and tsconfig.json: what lies around the sources. */
async function updateSurroundings(
  project: Project,
  wrangler: WranglerFile,
  output: CompileOutput,
  terminal: Terminal,
  verbosity: Verbosity,
  isFirst: boolean,
): Promise<void> {
  const done: string[] = [];
  if (output.wrangler !== null) {
    const report = await updateWranglerFile(project, wrangler, output.wrangler);
    done.push(...report.done);
    for (const warning of report.warnings) terminal.warn(warning);
  }
  if (isFirst) {
    // Once: whoever wants the folder in git takes the line out again.
    const ignored = await ensureIgnored(dirname(project.outDir), basename(project.outDir));
    if (ignored !== null) done.push(ignored);
  }
  const tsconfig = await checkTsconfig(project, wrangler);
  if (tsconfig.done !== null) done.push(tsconfig.done);
  if (tsconfig.warning !== null) terminal.warn(tsconfig.warning);
  if (verbosity === "normal") for (const line of done) terminal.note(line);
}

function noSources(project: Project): CliError {
  const places = project.sources.map((place) => portablePath(project.root, place)).join(", ");
  return new CliError(`no *.cloesce.ts file found in ${places}`, {
    hint: 'name the folder of your sources in cloesce.config.json: { "source": "src" }',
  });
}

function contents(cidl: string | null, files: number): string {
  const { models, services } = JSON.parse(cidl ?? "{}") as Record<string, unknown[] | undefined>;
  const parts: string[] = [];
  if (models?.length) parts.push(count(models.length, "model"));
  if (services?.length) parts.push(count(services.length, "service"));
  return parts.length === 0 ? count(files, "file") : parts.join(", ");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
