// The compiler module as the commands see it: typed calls over one JSON text each way (docs/internals/compiler.md).
import { readFile } from "node:fs/promises";

import { callWithReply } from "../abi/frame.js";
import { CoreInstance } from "../abi/instance.js";
import { CliError } from "./cli-error.js";
import type { Diagnostic, PreCidl } from "./extract/pre.js";
import type { MigrationFiles } from "./migrations.js";

/** A diagnostic with the text to print: source line, caret, hint. */
export interface RenderedDiagnostic extends Diagnostic {
  rendered: string;
}

/** A complete text to write; the path is relative, with forward slashes. */
export interface OutputFile {
  path: string;
  text: string;
}

export interface CompileInput {
  pre: PreCidl;
  /** The text of each of `pre.files`, in that order. */
  sources: readonly string[];
  color: boolean;
  /** The wrangler file as JSON, null when there is none. */
  wrangler: unknown;
  /** Whether the table of what callers can reach is wanted. */
  access?: boolean;
  /** The migrations so far, to tell branches. */
  history: readonly MigrationFiles[];
}

/** What the wrangler file must hold. Paths are relative to the project root. */
export interface WranglerNeeds {
  name: string;
  main: string;
  compatibility_date: string;
  d1_databases: BindingNeed[];
  kv_namespaces: BindingNeed[];
  r2_buckets: BindingNeed[];
  vars: Record<string, unknown>;
  secrets: string[];
}

/** One binding entry as it goes into the file. */
export interface BindingNeed {
  binding: string;
  [key: string]: unknown;
}

export interface CompileOutput {
  ok: boolean;
  diagnostics: RenderedDiagnostic[];
  summary: string;
  /** Relative to the output folder; empty unless `ok`. */
  files: OutputFile[];
  wrangler: WranglerNeeds | null;
  /** The table, when it was asked for; empty unless `ok`. */
  access?: string;
}

export interface MigrateInput {
  cidl: unknown;
  history: readonly MigrationFiles[];
  /** Makes a branch anew: the one of this migration, or with an empty text the one that began later. */
  rebase?: string;
  /** May be empty for a rebase, which then takes the name of the last migration that it replaces. */
  name: string;
  /** `YYYYMMDDHHMMSS`. */
  timestamp: string;
  color: boolean;
}

export interface MigrateOutput {
  ok: boolean;
  /** True, with no files, when nothing changed. */
  empty: boolean;
  diagnostics: RenderedDiagnostic[];
  /** Relative to the migrations folder. */
  files: OutputFile[];
  /** The migrations whose files a rebase takes away, as `MigrationFiles.path`. */
  replaced: string[];
}

export interface Compiler {
  compile(input: CompileInput): CompileOutput;
  /** The app image of the text of a cidl.json, in base64: what `createWorker` takes. */
  image(cidl: string): string;
  migrate(input: MigrateInput): MigrateOutput;
}

/**
 * Loads the compiler that ships with this package.
 * @throws CliError when the package is incomplete.
 */
export async function loadCompiler(): Promise<Compiler> {
  const location = new URL("../cloesce-compiler.wasm", import.meta.url);
  const bytes = await readFile(location).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      `the compiler is missing from this installation (${error.code ?? error.message})`,
      {
        hint: "install the cloesce package again",
      },
    );
  });
  const module = await WebAssembly.compile(bytes);
  return {
    compile: (input) => callForJson(module, "cloesce_compile", input) as CompileOutput,
    image: (cidl) => call(module, "cloesce_image", cidl),
    migrate: (input) => callForJson(module, "cloesce_migrate", input) as MigrateOutput,
  };
}

/** A fresh instance per call: nothing of one compile can reach the next, and its memory goes with it. */
function call(module: WebAssembly.Module, name: string, input: string): string {
  const reply = callWithReply(new CoreInstance(module), name, [], input);
  if (reply.status !== 0) throw new Error(`the compiler refused its input: ${reply.content}`);
  return reply.content;
}

function callForJson(module: WebAssembly.Module, name: string, input: unknown): unknown {
  return JSON.parse(call(module, name, JSON.stringify(input)));
}
