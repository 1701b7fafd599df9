// The names of a file: what it imports, what it exports, and what it declares beside classes and types.
import type {
  Declaration,
  ExportAllDeclaration,
  Expression,
  ImportDeclaration,
  ModuleExportName,
  Program,
  TSModuleReference,
} from "oxc-parser";

import type { ExportNode, ImportNode, ModuleNode, NameKind, NameNode } from "./pre.js";
import type { Located, SourceText } from "./source-text.js";
import { typeNamePath } from "./types.js";
import { calleePath } from "./values.js";

/** Which file of the project a module specifier of this file names, null for a package. */
export type ResolveModule = (specifier: string) => number | null;

/** Writes down the names of a file. Modules that its types import in place count as namespaces. */
export function extractModule(
  source: SourceText,
  program: Program,
  resolve: ResolveModule,
): ModuleNode {
  const module: ModuleNode = { file: source.file, imports: [], exports: [], names: [] };
  for (const statement of program.body) {
    switch (statement.type) {
      case "ImportDeclaration":
        module.imports.push(...importsOf(source, statement, resolve));
        break;
      case "TSImportEqualsDeclaration":
        addImportEquals(source, module, statement.id, statement.moduleReference, resolve);
        break;
      case "ExportAllDeclaration":
        module.exports.push(exportAll(statement, resolve));
        break;
      case "ExportDefaultDeclaration": {
        const { declaration } = statement;
        const local = defaultName(declaration as Declaration | Expression);
        module.exports.push({ name: "default", local: local ?? "", from: null, file: null });
        if (declaration.type === "ClassDeclaration" || declaration.type === "FunctionDeclaration") {
          module.names.push(...namesOf(source, declaration as Declaration));
        }
        break;
      }
      case "ExportNamedDeclaration": {
        const from = statement.source?.value ?? null;
        const file = from === null ? null : resolve(from);
        for (const { local, exported } of statement.specifiers) {
          module.exports.push({ name: textOf(exported), local: textOf(local), from, file });
        }
        if (statement.declaration === null) break;
        const names = namesOf(source, statement.declaration);
        module.names.push(...names);
        for (const { name } of names) {
          module.exports.push({ name, local: name, from: null, file: null });
        }
        break;
      }
      default:
        module.names.push(...namesOf(source, statement as Declaration));
        break;
    }
  }
  for (const [specifier, place] of source.inlineImports) {
    module.imports.push({
      name: source.inlineImport(specifier, place),
      span: source.span(place),
      imported: "*",
      from: specifier,
      file: resolve(specifier),
    });
  }
  return module;
}

function importsOf(
  source: SourceText,
  statement: ImportDeclaration,
  resolve: ResolveModule,
): ImportNode[] {
  const from = statement.source.value;
  if (statement.specifiers.length === 0) return [];
  const file = resolve(from);
  return statement.specifiers.map((specifier) => {
    const imported =
      specifier.type === "ImportNamespaceSpecifier"
        ? "*"
        : specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : textOf(specifier.imported);
    return { name: specifier.local.name, span: source.span(specifier), imported, from, file };
  });
}

/** `import X = require("module")` and `import X = Namespace.Name`. */
function addImportEquals(
  source: SourceText,
  module: ModuleNode,
  id: Located & { name: string },
  reference: TSModuleReference,
  resolve: ResolveModule,
): void {
  const span = source.span(id);
  if (reference.type === "TSExternalModuleReference") {
    const from = reference.expression.value;
    module.imports.push({ name: id.name, span, imported: "*", from, file: resolve(from) });
  } else {
    module.names.push({ name: id.name, span, kind: "variable", target: typeNamePath(reference) });
  }
}

function exportAll(statement: ExportAllDeclaration, resolve: ResolveModule): ExportNode {
  const from = statement.source.value;
  const name = statement.exported === null ? "*" : textOf(statement.exported);
  return { name, local: "*", from, file: resolve(from) };
}

function defaultName(declaration: Declaration | Expression): string | null {
  switch (declaration.type) {
    case "ClassDeclaration":
    case "FunctionDeclaration":
      return declaration.id?.name ?? null;
    case "TSInterfaceDeclaration":
      return declaration.id.name;
    case "Identifier":
      return declaration.name;
    default:
      return null;
  }
}

function namesOf(source: SourceText, declaration: Declaration): NameNode[] {
  const one = (id: (Located & { name: string }) | null, kind: NameKind): NameNode[] =>
    id === null ? [] : [{ name: id.name, span: source.span(id), kind, target: null }];
  switch (declaration.type) {
    case "ClassDeclaration":
      // Nothing of a declared class is there when the program runs.
      return one(declaration.id, declaration.declare === true ? "interface" : "class");
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return one(declaration.id, "function");
    case "TSTypeAliasDeclaration":
      return one(declaration.id, "alias");
    case "TSInterfaceDeclaration":
      return one(declaration.id, "interface");
    case "TSEnumDeclaration":
      return one(declaration.id, "enum");
    case "TSModuleDeclaration":
      return declaration.id.type === "Identifier" ? one(declaration.id, "namespace") : [];
    case "VariableDeclaration":
      return declaration.declarations.flatMap(({ id, init }) => {
        if (id.type !== "Identifier") return [];
        const place = { start: id.start, end: id.start + id.name.length };
        const target = init === null ? null : calleePath(init);
        return [{ name: id.name, span: source.span(place), kind: "variable" as const, target }];
      });
    default:
      return [];
  }
}

function textOf(name: ModuleExportName): string {
  return name.type === "Literal" ? name.value : name.name;
}
