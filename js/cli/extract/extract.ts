// The extractor: source texts in, the content of cidl.pre.json out. No disk, no judgement.
import { parseSync } from "oxc-parser";
import type { Class, OxcError, Program } from "oxc-parser";

import { extractClass } from "./classes.js";
import { posix } from "node:path";

import { extractionCodes } from "./codes.js";
import { DocComments } from "./doc-comments.js";
import { chooseApp, collectExports, extractApps } from "./module.js";
import type { Exports } from "./module.js";
import { collectImports, findHooks, findMain } from "./hooks.js";
import type { FoundHook, Imports } from "./hooks.js";
import { findNestedClasses } from "./nested.js";
import type { AppNode, Diagnostic, HookNode, PreCidl, ProjectFacts } from "./pre.js";
import { SourceText } from "./source-text.js";
import type { Located } from "./source-text.js";
import { extractType } from "./types.js";

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
}

type FileContent = Pick<PreCidl, "aliases" | "interfaces" | "classes" | "diagnostics"> & {
  apps: AppNode[];
  hooks: FoundHook[];
  imports: Imports;
};

/**
 * Writes down what the sources say. A file with a syntax error contributes its diagnostics and nothing else: half of
 * a class would only lead to follow-up errors.
 */
export function extract(input: ExtractInput): PreCidl {
  const files = input.sources.map((source, index) => extractFile(index, source));
  const diagnostics = files.flatMap((file) => file.diagnostics);
  const app = chooseApp(
    files.flatMap((file) => file.apps),
    diagnostics,
  );
  if (app !== null) {
    const paths = input.sources.map((source) => source.path);
    app.hooks = files.flatMap((file, index) => hooksOf(app, file, index, paths));
  }
  return {
    version: 1,
    project: input.project,
    files: input.sources.map((source) => source.path),
    outDir: input.outDir,
    app,
    aliases: files.flatMap((file) => file.aliases),
    interfaces: files.flatMap((file) => file.interfaces),
    classes: files.flatMap((file) => file.classes),
    diagnostics,
  };
}

function extractFile(index: number, file: SourceFile): FileContent {
  const source = new SourceText(index, file.text);
  const content: FileContent = {
    apps: [],
    hooks: [],
    imports: new Map(),
    aliases: [],
    interfaces: [],
    classes: [],
    diagnostics: [],
  };
  if (!file.utf8) {
    content.diagnostics.push(notUtf8(source));
    return content;
  }
  const parsed = parseSync(file.path, file.text, { lang: "ts", sourceType: "module" });
  content.diagnostics.push(...parsed.errors.map((error) => syntaxDiagnostic(source, error)));
  if (content.diagnostics.some((diagnostic) => diagnostic.severity === "error")) return content;

  const docs = new DocComments(file.text, parsed.comments);
  const exports = collectExports(parsed.program);
  const found = extractApps(source, parsed.program, exports);
  content.apps.push(...found.apps);
  content.hooks = findHooks(source, parsed.program);
  if (content.hooks.length > 0) content.imports = collectImports(parsed.program);
  content.diagnostics.push(
    ...found.diagnostics,
    ...findNestedClasses(source, parsed.program),
    ...findMain(source, parsed.program),
  );
  extractStatements(source, docs, parsed.program, exports, content);
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
  content: FileContent,
): void {
  for (const statement of program.body) {
    const declaration =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? statement.declaration
        : statement;
    switch (declaration?.type) {
      case "ClassDeclaration":
        addClass(source, docs, declaration, statement, exports, content);
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
    severity: error.severity === ("Error" as OxcError["severity"]) ? "error" : "warning",
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
