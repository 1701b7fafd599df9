// The command line: commands, options, help, and how a failure becomes an exit code.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { Command, CommanderError, InvalidArgumentError } from "commander";

import { CliError, exitCodes } from "./cli-error.js";
import type { ExitCode } from "./cli-error.js";
import type { BucketFlags } from "./commands/bucket.js";
import { createTerminal } from "./terminal.js";
import type { OutputStream, Terminal } from "./terminal.js";

/** What a run of the program may touch. */
export interface Host {
  cwd: string;
  environment: NodeJS.ProcessEnv;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Takes over the interrupt signals; the answer is aborted by the first. */
  untilInterrupted: () => AbortSignal;
}

interface CompileFlags {
  watch?: boolean;
  config?: string;
  quiet?: boolean;
  access?: boolean;
}

interface ServeFlags {
  port: number;
  root: string;
  assets?: string;
  var?: Readonly<Record<string, string>>;
  config?: string;
}

interface ExplainFlags {
  root?: string;
  header?: readonly (readonly [string, string])[];
  config?: string;
}

interface MigrateFlags {
  config?: string;
  rebase?: boolean | string;
}

/** Runs one command line (`argv` without node and script) and answers its exit code. Never throws. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  const terminal = createTerminal(host.stdout, host.stderr, host.environment);
  try {
    let exitCode: ExitCode = exitCodes.ok;
    const program = describe(await packageVersion(), host, terminal, (code) => {
      exitCode = code;
    });
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return report(error, host, terminal);
  } finally {
    terminal.close();
  }
}

function describe(
  version: string,
  host: Host,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): Command {
  const program = new Command("cloesce")
    .description("Turns decorated TypeScript classes into a Cloudflare application.")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print help for a command")
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(cloesce --help lists commands and options)")
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 errors in the sources, 2 wrong usage or configuration.",
    );
  program
    .command("compile")
    .description("compile all *.cloesce.ts files into the generated folder and the wrangler file")
    .option("-w, --watch", "compile again whenever something changes")
    .option("-c, --config <file>", "use this config file instead of cloesce.config.json")
    .option("-q, --quiet", "print errors and warnings only")
    .option(
      "-a, --access",
      "print what callers can reach: routes, their hooks, what they read and write",
    )
    .action(async (flags: CompileFlags) => finish(await compile(flags, host, terminal)));
  program
    .command("migrate")
    .description("compile, then write what changed in the tables as a migration")
    .argument("[name]", "name of the migration, for example AddGenres")
    .option("-c, --config <file>", "use this config file instead of cloesce.config.json")
    .option(
      "--rebase [migration]",
      "where two branches met, write the later one (or the one of this migration) anew on top of the other",
    )
    .action(async (name: string | undefined, flags: MigrateFlags) =>
      finish(await migrate(name, flags, host, terminal)),
    );
  program
    .command("serve")
    .description("serve the compiled app on 127.0.0.1, on storage in a folder of this machine")
    .option("-p, --port <number>", "listen on this port, 0 for a free one", portOf, 8787)
    .option("-r, --root <folder>", "keep what is stored here", ".cloesce")
    .option("--assets <folder>", "serve these files, not those of the wrangler file")
    .option(
      "--var <name:value>",
      "a variable over those of the wrangler file and .dev.vars; may be given again",
      varOf,
    )
    .option("-c, --config <file>", "use this config file instead of cloesce.config.json")
    .action(async (flags: ServeFlags) => finish(await serve(flags, host, terminal)));
  program
    .command("explain")
    .description(
      "show which statements a read runs, how the database looks rows up, and what an index would serve",
    )
    .argument(
      "<what>",
      "a model (Album), a data source of it (Album.recent), or a path (/Album/get?id=1)",
    )
    .option("-r, --root <folder>", "over the storage of this folder, not an empty one")
    .option("-H, --header <name:value>", "a header of the request; may be given again", headerOf)
    .option("-c, --config <file>", "use this config file instead of cloesce.config.json")
    .action(async (what: string, flags: ExplainFlags) =>
      finish(await explainRead(what, flags, host, terminal)),
    );
  describeBuckets(program.command("bucket"), host, terminal, finish);
  return program;
}

/** `bucket` and its commands. */
function describeBuckets(
  bucket: Command,
  host: Host,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  bucket.description("look into buckets with history, on NATS JetStream or in a folder");
  const load = () => import("./commands/bucket.js");
  const at = (flags: BucketFlags) => ({ flags, terminal, cwd: host.cwd });
  const command = (name: string, description: string): Command =>
    bucket
      .command(name)
      .description(description)
      .option("-s, --server <urls>", "these servers, with commas between them", defaultServer(host))
      .option("-r, --root <folder>", "the local buckets in this folder, not a server")
      .option("--kv", "keys as KV on a bucket has them")
      .option("--json", "print JSON, a line for each entry");
  command("ls", "list buckets, or the keys of one")
    .argument("[bucket]")
    .argument("[filter]", "* stands for one part between dots, > for the rest")
    .action(async (name: string | undefined, filter: string | undefined, flags: BucketFlags) =>
      finish(await (await load()).listBuckets(at(flags), name, filter)),
    );
  command("get", "print a value")
    .argument("<bucket>")
    .argument("<key>")
    .option("--revision <number>", "the value of this revision", wholeNumber)
    .action(async (name: string, key: string, flags: BucketFlags & { revision?: number }) =>
      finish(await (await load()).getValue(at(flags), name, key, flags.revision)),
    );
  command("put", "store a value and print its revision")
    .argument("<bucket>")
    .argument("<key>")
    .argument("<value>")
    .option("--create", "only if the key has no value")
    .option("--revision <number>", "only if this is the key's last revision", wholeNumber)
    .option(
      "--history <number>",
      "make the bucket if it is not there, with so many values of a key",
      wholeNumber,
    )
    .action(async (name: string, key: string, value: string, flags: BucketFlags & PutFlags) =>
      finish(await (await load()).putValue(at(flags), name, key, value, flags)),
    );
  command("history", "print what a key had")
    .argument("<bucket>")
    .argument("<key>")
    .action(async (name: string, key: string, flags: BucketFlags) =>
      finish(await (await load()).showHistory(at(flags), name, key)),
    );
  command("watch", "print changes until an interrupt")
    .argument("<bucket>")
    .argument("[filter]", "a key, or * for one part between dots, > for the rest")
    .option("--history", "begin with all that the bucket has")
    .option("--updates", "begin with the next change")
    .action(async (name: string, filter: string | undefined, flags: BucketFlags & WatchFlags) => {
      const include =
        flags.updates === true ? "updates" : flags.history === true ? "history" : "latest";
      const { watchBucket } = await load();
      finish(await watchBucket(at(flags), name, filter, include, host.untilInterrupted()));
    });
  command("compact", "keep the last values of a key")
    .argument("<bucket>")
    .argument("<key>")
    .argument("<keep>", "how many", wholeNumber)
    .action(async (name: string, key: string, keep: number, flags: BucketFlags) =>
      finish(await (await load()).compactKey(at(flags), name, key, keep)),
    );
  command("rm", "mark a key as deleted, or delete a bucket")
    .argument("<bucket>")
    .argument("[key]")
    .option("--purge", "take the key's history away too")
    .option("--erase", "take the key away with every trace")
    .option("--all", "without a key: delete the bucket")
    .action(async (name: string, key: string | undefined, flags: BucketFlags & RemoveFlags) =>
      finish(await (await load()).remove(at(flags), name, key, flags)),
    );
}

interface PutFlags {
  create?: boolean;
  revision?: number;
  history?: number;
}
interface WatchFlags {
  history?: boolean;
  updates?: boolean;
}
interface RemoveFlags {
  purge?: boolean;
  erase?: boolean;
  all?: boolean;
}

function defaultServer(host: Host): string {
  return host.environment["NATS_URL"] ?? "nats://127.0.0.1:4222";
}

/** @throws InvalidArgumentError for what is no whole number from 0 on. */
function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("this is a whole number from 0 on");
  return Number(text);
}

function headerOf(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const [, name, value] = /^([^:]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("this is not name:value");
  return [...before, [name, value]];
}

// The commands are loaded when they run: `--help` needs neither the parser nor the compiler.

async function explainRead(
  what: string,
  flags: ExplainFlags,
  host: Host,
  terminal: Terminal,
): Promise<ExitCode> {
  const [{ loadProject }, { explainRequest }] = await Promise.all([
    import("./config/project.js"),
    import("./commands/explain.js"),
  ]);
  return explainRequest({
    project: await loadProject(host.cwd, flags.config ?? null),
    terminal,
    what,
    headers: flags.header ?? [],
    root: flags.root === undefined ? null : resolve(host.cwd, flags.root),
  });
}

async function compile(flags: CompileFlags, host: Host, terminal: Terminal): Promise<ExitCode> {
  const [{ loadProject }, { loadCompiler }, { compileExitCode, compileProject }] =
    await Promise.all([
      import("./config/project.js"),
      import("./compiler.js"),
      import("./commands/compile.js"),
    ]);
  const verbosity = flags.quiet === true ? "quiet" : "normal";
  const load = () => loadProject(host.cwd, flags.config ?? null);
  if (flags.watch !== true) {
    const project = await load();
    return compileExitCode(
      await compileProject(project, await loadCompiler(), terminal, verbosity, {
        access: flags.access === true,
      }),
    );
  }
  const { watchProject } = await import("./commands/watch.js");
  await watchProject({
    loadProject: load,
    compiler: await loadCompiler(),
    terminal,
    verbosity,
    fallbackFolder:
      flags.config === undefined ? host.cwd : dirname(resolve(host.cwd, flags.config)),
    signal: host.untilInterrupted(),
    report: (error) => void report(error, host, terminal),
  });
  return exitCodes.ok;
}

async function migrate(
  name: string | undefined,
  flags: MigrateFlags,
  host: Host,
  terminal: Terminal,
): Promise<ExitCode> {
  const [
    { loadProject },
    { loadCompiler },
    { checkMigrationName, migrateProject, rebaseMigrations },
  ] = await Promise.all([
    import("./config/project.js"),
    import("./compiler.js"),
    import("./commands/migrate.js"),
  ]);
  if (flags.rebase !== undefined) {
    const project = await loadProject(host.cwd, flags.config ?? null);
    const replace = typeof flags.rebase === "string" ? flags.rebase : null;
    const compiler = await loadCompiler();
    return rebaseMigrations(project, replace, name ?? null, compiler, terminal, new Date());
  }
  if (name === undefined) {
    throw new CliError("the migration needs a name", {
      hint: "one that says what changes: cloesce migrate AddGenres",
    });
  }
  checkMigrationName(name);
  const project = await loadProject(host.cwd, flags.config ?? null);
  return migrateProject(project, name, await loadCompiler(), terminal, new Date());
}

async function serve(flags: ServeFlags, host: Host, terminal: Terminal): Promise<ExitCode> {
  const [{ loadProject }, { serveProject }] = await Promise.all([
    import("./config/project.js"),
    import("./commands/serve.js"),
  ]);
  return serveProject({
    project: await loadProject(host.cwd, flags.config ?? null),
    terminal,
    port: flags.port,
    root: resolve(host.cwd, flags.root),
    assets: flags.assets === undefined ? null : resolve(host.cwd, flags.assets),
    vars: flags.var ?? {},
    signal: host.untilInterrupted(),
  });
}

/** @throws InvalidArgumentError for what is no port. */
function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("a port is a whole number from 0 to 65535");
  return port;
}

/** Adds `name:value` to what was given before. @throws InvalidArgumentError for what has no name */
function varOf(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const colon = text.indexOf(":");
  if (colon < 1) throw new InvalidArgumentError("a variable is a name, a colon and its value");
  return { ...before, [text.slice(0, colon)]: text.slice(colon + 1) };
}

/** Prints a failure: the message alone for what the user can put right, the stack only when asked for. */
function report(error: unknown, host: Host, terminal: Terminal): ExitCode {
  const known = error instanceof CliError;
  const message = error instanceof Error ? error.message : String(error);
  if (known) terminal.error(message, error.hint);
  else terminal.error(`internal failure: ${message}`, "CLOESCE_DEBUG=1 prints where it happened");
  if (host.environment["CLOESCE_DEBUG"] === "1" && error instanceof Error) {
    terminal.note(error.stack ?? "");
  }
  return known ? error.exitCode : exitCodes.usage;
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
