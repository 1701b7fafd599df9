// `cloesce compile --watch`: compiles again whenever a source or a file around the sources changes.
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { dirname, extname, resolve } from "node:path";

import { CliError } from "../cli-error.js";
import type { Compiler } from "../compiler.js";
import type { Project } from "../config/project.js";
import { findSources } from "../extract/find-sources.js";
import { readIfPresent } from "../files.js";
import { readMigrations } from "../migrations.js";
import type { Terminal } from "../terminal.js";
import { readWranglerFile } from "../wrangler/wrangler-file.js";
import { compileProject } from "./compile.js";
import type { Verbosity } from "./compile.js";

/** Editors write a file in several steps; one compile serves them all. */
const debounceMilliseconds = 60;

export interface WatchInput {
  /** Reads the config anew, since it is among the files that change. */
  loadProject: () => Promise<Project>;
  compiler: Compiler;
  terminal: Terminal;
  verbosity: Verbosity;
  /** Watched while there is no project to go by. */
  fallbackFolder: string;
  /** Ends the watch. */
  signal: AbortSignal;
  /** Prints a failure the way the command line does. */
  report: (error: unknown) => void;
}

/** Compiles now and after each change until the signal comes. Errors are printed and waited out. */
export async function watchProject(input: WatchInput): Promise<void> {
  const { terminal, signal } = input;
  const folders = new FolderWatch();
  let last = null as Inputs | null;
  let lastProject: Project | null = null;
  let lastFailure: string | null = null;
  let modules: string[] = [];
  try {
    while (!signal.aborted) {
      // Asked for before the files are read: a change during the compile leads to one more round.
      const changed = folders.nextChange(signal);
      try {
        const project = await input.loadProject();
        lastProject = project;
        const now = await observe(project, modules, folders);
        if (
          now.sources !== last?.sources ||
          now.modules !== last.modules ||
          now.around !== last.around
        ) {
          last = now;
          lastFailure = null;
          const result = await compileProject(project, input.compiler, terminal, input.verbosity);
          // What the compile itself wrote or read for the first time is no reason for another.
          modules = result.modules;
          last = { ...(await observe(project, modules, folders)), sources: now.sources };
          if (input.verbosity === "normal") terminal.progress("watching for changes, Ctrl-C ends");
        }
      } catch (error) {
        // A config that stays wrong is not complained about at every change of something else.
        if (String(error) !== lastFailure) input.report(error);
        lastFailure = String(error);
        if (lastProject === null) folders.follow([input.fallbackFolder]);
        else folders.follow(watchedFolders(lastProject, lastProject.sources));
      }
      await changed;
    }
  } finally {
    folders.close();
  }
}

/** What a compile depends on, as texts that differ whenever their part differs. */
interface Inputs {
  sources: string;
  /** What the last compile read because sources import it. */
  modules: string;
  /** The config, the migrations, the wrangler file and tsconfig.json; the last two a compile may itself write. */
  around: string;
}

/** Follows the folders of the project and reads what is in them. */
async function observe(
  project: Project,
  modules: readonly string[],
  folders: FolderWatch,
): Promise<Inputs> {
  let found = await findSources(project.sources, project.outDir);
  // A folder may gain files between being searched and being watched, so a new watch means a new search.
  while (
    folders.follow(
      watchedFolders(project, [
        ...found.folders,
        ...[...found.files, ...modules].map((file) => dirname(file)),
      ]),
    )
  ) {
    found = await findSources(project.sources, project.outDir);
  }
  return {
    sources: await readAll(found.files.sort()),
    modules: await readAll(modules),
    around: await readAround(project),
  };
}

async function readAll(files: readonly string[]): Promise<string> {
  const texts: unknown[] = [];
  for (const file of files) texts.push(file, await readIfPresent(file));
  return JSON.stringify(texts);
}

async function readAround(project: Project): Promise<string> {
  const wrangler = await readWranglerFile(project).catch((error: unknown) => {
    // A file that does not parse counts by its complaint, and the compile will print it.
    if (error instanceof CliError) return { text: error.message };
    throw error;
  });
  const tsconfig = await readIfPresent(resolve(project.root, "tsconfig.json"));
  const migrations = await readMigrations(project.migrationsDir);
  return JSON.stringify([project, wrangler.text, tsconfig, migrations]);
}

function watchedFolders(project: Project, folders: readonly string[]): string[] {
  const around = [project.root, project.migrationsDir];
  if (project.wranglerPath !== null) {
    const named = project.wranglerPath;
    around.push(extname(named) === "" ? named : dirname(named));
  }
  return [...new Set([...around, ...folders])];
}

/** Watches single folders, not trees: node_modules alone would cost thousands of watches. */
class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void) | null = null;

  /** Watches exactly these folders from now on, without those that are gone. Answers whether one is new. */
  follow(folders: readonly string[]): boolean {
    const wanted = new Set(folders);
    let added = false;
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, () => this.#changed());
        watcher.on("error", () => {
          watcher.close();
          this.#watchers.delete(folder);
          this.#changed();
        });
        this.#watchers.set(folder, watcher);
        added = true;
      } catch {
        // The folder vanished; its parent's watch tells when it is back.
      }
    }
    return added;
  }

  /** Resolves once after the next change has settled, or when the signal comes. */
  nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((settle) => {
      const done = (): void => {
        signal.removeEventListener("abort", done);
        this.#waiting = null;
        settle();
      };
      this.#waiting = done;
      if (signal.aborted) done();
      else signal.addEventListener("abort", done, { once: true });
    });
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #changed(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#waiting?.(), debounceMilliseconds);
  }
}
