// The extractor: source texts in, the content of cidl.pre.json out. No disk, no judgement.
import { parseSync } from "oxc-parser";
import type { Class, Comment, OxcError, ParseResult, Program } from "oxc-parser";

import { extractClass } from "./classes.js";
import { posix } from "node:path";

import { extractionCodes } from "./codes.js";
import { DocComments } from "./doc-comments.js";
import { chooseApp, collectExports, extractApps } from "./module.js";
import type { Exports, MeansApp } from "./module.js";
import { callsScope, collectImports, findHooks, findMain } from "./hooks.js";
import type { FoundHook, Imports } from "./hooks.js";
import { findHistoryCalls } from "./history-calls.js";
import { findNestedClasses } from "./nested.js";
import { OwnNames } from "./own-names.js";
import type {
  AppNode,
  Diagnostic,
  HistoryCall,
  HookNode,
  ModuleNode,
  PreCidl,
  ProjectFacts,
} from "./pre.js";
import { blank, suspects } from "./recover.js";
import { extractModule } from "./scope.js";
import type { ResolveModule } from "./scope.js";
import { SourceText } from "./source-text.js";
import type { Located } from "./source-text.js";
import { resolveSpecifier } from "./specifiers.js";
import { extractType, inlineImports } from "./types.js";

const appClass = "CloesceApp";

/** One source file: its path relative to the project root with forward slashes, and its bytes' meaning. */
export interface SourceFile {
  path: string;
  /** Without a byte order mark. */
  text: string;
  /** False when the bytes were not UTF-8; `text` then holds replacement characters. */
  utf8: boolean;
}

export interface ExtractInput {
  project: ProjectFacts;
  /** Relative to the project root, forward slashes. */
  outDir: string;
  /** Sorted by path. */
  sources: readonly SourceFile[];
  /** Reads another file of the project that a source imports, null when there is none at that path. */
  readModule?: (path: string) => SourceFile | null;
}

type FileContent = Pick<PreCidl, "aliases" | "interfaces" | "classes" | "diagnostics"> & {
  historyCalls: HistoryCall[];
  apps: AppNode[];
  hooks: FoundHook[];
  /** Whether something is given a scope. */
  scopes: boolean;
  imports: Imports;
};

/** A file that was parsed; `program` is null when it could not be. */
interface ParsedFile {
  source: SourceText;
  path: string;
  program: Program | null;
  comments: Comment[];
  diagnostics: Diagnostic[];
}

/**
 * Writes down what the sources say, and the names of the modules that they import relatively. Of a file with a syntax
 * error the members, classes and statements count that are not in its way.
 */
export function extract(input: ExtractInput): PreCidl {
  const { files, modules } = parseAll(input);
  const names = new OwnNames(modules);
  const contents = files.map((file, index) =>
    extractFile(file, names, index < input.sources.length ? "source" : "module"),
  );
  const diagnostics = contents.flatMap((file) => file.diagnostics);
  const app = chooseApp(
    contents.flatMap((file) => file.apps),
    diagnostics,
  );
  if (app !== null) {
    const paths = files.map((file) => file.path);
    app.scopes = contents.some((file) => file.scopes);
    app.hooks = contents.flatMap((file, index) => hooksOf(app, file, index, paths));
  }
  const historyCalls = contents.flatMap((file) => file.historyCalls);
  return {
    version: 1,
    project: input.project,
    files: files.map((file) => file.path),
    outDir: input.outDir,
    app,
    modules,
    aliases: contents.flatMap((file) => file.aliases),
    interfaces: contents.flatMap((file) => file.interfaces),
    classes: contents.flatMap((file) => file.classes),
    ...(historyCalls.length > 0 && { historyCalls }),
    diagnostics,
  };
}

/** The sources, and every module that one of them leads to through relative imports. */
function parseAll(input: ExtractInput): { files: ParsedFile[]; modules: ModuleNode[] } {
  const paths = new Map<string, number>(input.sources.map(({ path }, index) => [path, index]));
  const queue: SourceFile[] = [...input.sources];
  const files: ParsedFile[] = [];
  const modules: ModuleNode[] = [];
  const add = (path: string): number | null => {
    const known = paths.get(path);
    if (known !== undefined) return known;
    const file = input.readModule?.(path) ?? null;
    if (file === null) return null;
    paths.set(path, queue.length);
    queue.push(file);
    return queue.length - 1;
  };
  for (let index = 0; index < queue.length; index++) {
    const file = queue[index] as SourceFile;
    const parsed = parseFile(index, file);
    files.push(parsed);
    if (parsed.program === null) continue;
    const resolve: ResolveModule = (specifier) =>
      resolveSpecifier(file.path, specifier, [...paths.keys()], add);
    // Types that import in place are met when the types are written down.
    for (const found of inlineImports(parsed.program)) {
      parsed.source.inlineImport(found.specifier, found.place);
    }
    modules.push(extractModule(parsed.source, parsed.program, resolve));
  }
  return { files, modules };
}

function parseFile(index: number, file: SourceFile): ParsedFile {
  const source = new SourceText(index, file.text);
  const result: ParsedFile = {
    source,
    path: file.path,
    program: null,
    comments: [],
    diagnostics: [],
  };
  if (!file.utf8) {
    result.diagnostics.push(notUtf8(source));
    return result;
  }
  let text = file.text;
  for (let errors = 0; ; errors++) {
    const parsed = parseText(file.path, text);
    result.diagnostics.push(
      ...parsed.errors
        .filter((error) => errors === 0 || isError(error))
        .map((error) => syntaxDiagnostic(source, error)),
    );
    if (!parsed.errors.some(isError)) {
      result.program = parsed.program;
      result.comments = parsed.comments;
      return result;
    }
    const rest = errors < maximumErrors ? withoutError(file.path, text, parsed.errors) : null;
    if (rest === null) return result;
    text = rest;
  }
}

/** Errors of one file that are worth reading. */
const maximumErrors = 20;

function parseText(path: string, text: string): ParseResult {
  return parseSync(path, text, { lang: "ts", sourceType: "module" });
}

/** The text without what its first error is about, null when nothing that is blanked leads past it. */
function withoutError(path: string, text: string, errors: readonly OxcError[]): string | null {
  const offset = offsetOf(errors.find(isError)) ?? text.length;
  for (const suspect of suspects(text, offset)) {
    const rest = blank(text, suspect);
    if (rest === text) continue;
    const next = parseText(path, rest).errors.find(isError);
    if (next === undefined || (offsetOf(next) ?? 0) >= Math.max(suspect.end, offset + 1)) {
      return rest;
    }
  }
  return null;
}

function offsetOf(error: OxcError | undefined): number | null {
  return error?.labels[0]?.start ?? null;
}

function isError(error: OxcError): boolean {
  return error.severity === ("Error" as OxcError["severity"]);
}

function extractFile(file: ParsedFile, names: OwnNames, role: "source" | "module"): FileContent {
  const content: FileContent = {
    apps: [],
    hooks: [],
    scopes: false,
    imports: new Map(),
    aliases: [],
    interfaces: [],
    classes: [],
    historyCalls: [],
    diagnostics: file.diagnostics,
  };
  const { source, program } = file;
  if (program === null) return content;
  const docs = new DocComments(source.text, file.comments);
  const exports = collectExports(program);
  content.historyCalls = findHistoryCalls(source, program);
  content.scopes = callsScope(program);
  if (role === "source") {
    const meansApp: MeansApp = (path) =>
      names.find(source.file, path) === appClass ||
      (path.length === 1 && path[0] === appClass && !names.knows(source.file, appClass));
    const found = extractApps(source, program, exports, meansApp);
    content.apps.push(...found.apps);
    content.hooks = findHooks(source, program);
    if (content.hooks.length > 0) content.imports = collectImports(program);
    content.diagnostics.push(
      ...found.diagnostics,
      ...findNestedClasses(source, program, names),
      ...findMain(source, program),
    );
  }
  extractStatements(source, docs, program, exports, role, content);
  return content;
}

/** The hooks of a file that are the app's: registered by its name there, in a chain on it, or at a parameter. */
function hooksOf(
  app: AppNode,
  file: FileContent,
  index: number,
  paths: readonly string[],
): HookNode[] {
  const path = paths[app.file] as string;
  const isApp = ({ owner, isParameter }: FoundHook): boolean => {
    if (isParameter) return true;
    if (index === app.file) return owner === null || owner === app.name;
    const imported = owner === null ? undefined : file.imports.get(owner);
    if (imported?.name !== app.export) return false;
    const target = posix.join(posix.dirname(paths[index] as string), imported.from);
    return [path, path.replace(/\.ts$/, ""), path.replace(/\.ts$/, ".js")].includes(target);
  };
  return file.hooks.filter(isApp).map(({ hook }) => hook);
}

function extractStatements(
  source: SourceText,
  docs: DocComments,
  program: Program,
  exports: Exports,
  role: "source" | "module",
  content: FileContent,
): void {
  for (const statement of program.body) {
    const declaration =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? statement.declaration
        : statement;
    switch (declaration?.type) {
      case "ClassDeclaration":
        if (role === "source") addClass(source, docs, declaration, statement, exports, content);
        break;
      case "TSTypeAliasDeclaration":
        content.aliases.push({
          name: declaration.id.name,
          span: source.span(declaration.id),
          typeParameters: (declaration.typeParameters?.params ?? []).map((one) => one.name.name),
          type: extractType(source, declaration.typeAnnotation),
        });
        break;
      case "TSInterfaceDeclaration":
        content.interfaces.push({
          name: declaration.id.name,
          span: source.span(declaration.id),
        });
        break;
      default:
        break;
    }
  }
}

function addClass(
  source: SourceText,
  docs: DocComments,
  node: Class,
  statement: Located,
  exports: Exports,
  content: FileContent,
): void {
  const { id } = node;
  if (id === null) {
    if (node.decorators.length > 0) content.diagnostics.push(nameless(source, node));
    return;
  }
  const exportName = exports.get(id.name);
  content.classes.push(
    extractClass(source, docs, { ...node, id }, statement, {
      exported: exportName !== undefined,
      exportName: exportName ?? id.name,
    }),
  );
}

function syntaxDiagnostic(source: SourceText, error: OxcError): Diagnostic {
  const [first, ...further] = error.labels;
  return {
    severity: isError(error) ? "error" : "warning",
    code: extractionCodes.syntaxError,
    message: error.message,
    span: first === undefined ? null : source.span(first),
    hint: error.helpMessage,
    notes: further.map((label) => ({
      message: label.message ?? "related place",
      span: source.span(label),
    })),
  };
}

function nameless(source: SourceText, node: Class): Diagnostic {
  return {
    severity: "error",
    code: extractionCodes.namelessClass,
    message: "a decorated class needs a name",
    span: source.span({ start: node.start, end: node.start + "class".length }),
    hint: "its routes, its table and its client class are named after it",
    notes: [],
  };
}

function notUtf8(source: SourceText): Diagnostic {
  return {
    severity: "error",
    code: extractionCodes.notUtf8,
    message: "the file is not UTF-8 text",
    span: source.span({ start: 0, end: 0 }),
    hint: "save it with the encoding UTF-8",
    notes: [],
  };
}
