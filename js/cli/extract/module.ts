// What leaves a file under which name, and the CloesceApp in it.
import type {
  Argument,
  Expression,
  ModuleExportName,
  NewExpression,
  Program,
  Statement,
  VariableDeclarator,
} from "oxc-parser";

import { extractionCodes } from "./codes.js";
import type { AppNode, Diagnostic } from "./pre.js";
import type { Located, SourceText } from "./source-text.js";
import { typeNamePath } from "./types.js";
import { calleePath, extractValue, lookThrough, staticKey } from "./values.js";

/** Whether a name of this file, written `A.B`, means the class CloesceApp. */
export type MeansApp = (path: readonly string[]) => boolean;

/** Local name to exported name, for everything that is exported as a value. */
export type Exports = ReadonlyMap<string, string>;

/** The exports of a file; the declared name wins over aliases, an alias over `default`. */
export function collectExports(program: Program): Exports {
  const exports = new Map<string, string>();
  const add = (local: string, exported: string): void => {
    const present = exports.get(local);
    if (present === undefined || exported === local || present === "default") {
      if (present !== local) exports.set(local, exported);
    }
  };
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      const { declaration } = statement;
      if (declaration.type === "Identifier") add(declaration.name, "default");
      else if (declaration.type === "ClassDeclaration" && declaration.id !== null) {
        add(declaration.id.name, "default");
      }
    } else if (statement.type === "ExportNamedDeclaration") {
      if (statement.exportKind === "type" || statement.source !== null) continue;
      for (const name of declaredNames(statement.declaration)) add(name, name);
      for (const specifier of statement.specifiers) {
        if (specifier.exportKind === "type") continue;
        add(exportedName(specifier.local), exportedName(specifier.exported));
      }
    }
  }
  return exports;
}

/** The apps a file exports, each with its route prefix, and what is wrong with them. */
export function extractApps(
  source: SourceText,
  program: Program,
  exports: Exports,
  meansApp: MeansApp,
): { apps: AppNode[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const prefixes = collectRoutePrefixes(program);
  const apps: AppNode[] = [];
  const add = (
    name: string,
    node: Located,
    exported: string,
    construction: NewExpression | null,
  ): void => {
    const prefix = prefixes.get(name) ?? optionOf(construction, "routePrefix");
    apps.push({
      file: source.file,
      span: source.span(node),
      name,
      export: exported,
      routePrefix: prefix === null ? null : literalPrefix(source, prefix, diagnostics),
      cors: mayHaveOption(construction, "cors"),
      idempotencyKeys: turnsOn(construction, "idempotencyKeys"),
      scopes: false,
      hooks: [],
    });
  };
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      const construction = appConstruction(statement.declaration as Expression, meansApp);
      if (construction !== null) add("default", construction, "default", construction);
      continue;
    }
    for (const declarator of declarators(statement)) {
      if (declarator.id.type !== "Identifier") continue;
      const construction =
        declarator.init === null ? null : appConstruction(declarator.init, meansApp);
      if (construction === null && !isDeclaredApp(declarator, meansApp)) continue;
      const { name } = declarator.id;
      const place = { start: declarator.id.start, end: declarator.id.start + name.length };
      const exported = exports.get(name);
      if (exported === undefined) diagnostics.push(notExported(source, name, place));
      else add(name, place, exported, construction);
    }
  }
  return { apps, diagnostics };
}

/** The one app of the project; an error for each further one. */
export function chooseApp(apps: readonly AppNode[], diagnostics: Diagnostic[]): AppNode | null {
  const [first, ...further] = apps;
  for (const app of further) {
    diagnostics.push({
      severity: "error",
      code: extractionCodes.secondApp,
      message: "a second CloesceApp is exported",
      span: app.span,
      hint: "a Worker has one app: keep one of the two, or stop exporting the other",
      notes: [{ message: "the first one is here", span: first?.span ?? null }],
    });
  }
  return first ?? null;
}

function declaredNames(declaration: Statement | null): string[] {
  if (declaration === null) return [];
  if (declaration.type === "ClassDeclaration") return declaration.id ? [declaration.id.name] : [];
  if (declaration.type !== "VariableDeclaration") return [];
  return declaration.declarations.flatMap((declarator) =>
    declarator.id.type === "Identifier" ? [declarator.id.name] : [],
  );
}

function exportedName(name: ModuleExportName): string {
  return name.type === "Literal" ? name.value : name.name;
}

function declarators(statement: Statement | { type: string }): VariableDeclarator[] {
  const node = statement as Statement;
  if (node.type === "VariableDeclaration") return node.declarations;
  if (node.type === "ExportNamedDeclaration" && node.declaration !== null) {
    return declarators(node.declaration);
  }
  return [];
}

/** `new CloesceApp(…)`, also at the root of a chain of calls on it. */
function appConstruction(expression: Expression, meansApp: MeansApp): NewExpression | null {
  let node = lookThrough(expression);
  while (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
    node = lookThrough(node.callee.object);
  }
  if (node.type !== "NewExpression") return null;
  const path = calleePath(node.callee);
  return path !== null && meansApp(path) ? node : null;
}

/** `const app: CloesceApp = …` */
function isDeclaredApp(declarator: VariableDeclarator, meansApp: MeansApp): boolean {
  const type = declarator.id.typeAnnotation?.typeAnnotation;
  if (type?.type !== "TSTypeReference") return false;
  const path = typeNamePath(type.typeName);
  return path !== null && meansApp(path);
}

/** The last value assigned to `<name>.routePrefix` at the top of the file, by name. */
function collectRoutePrefixes(program: Program): Map<string, Expression> {
  const prefixes = new Map<string, Expression>();
  for (const statement of program.body) {
    if (statement.type !== "ExpressionStatement") continue;
    const assignment = lookThrough(statement.expression);
    if (assignment.type !== "AssignmentExpression" || assignment.operator !== "=") continue;
    const { left } = assignment;
    if (left.type !== "MemberExpression" || left.object.type !== "Identifier") continue;
    if (!left.computed && left.property.type === "Identifier") {
      if (left.property.name === "routePrefix") prefixes.set(left.object.name, assignment.right);
    }
  }
  return prefixes;
}

function optionOf(construction: NewExpression | null, name: string): Expression | null {
  const argument: Argument | undefined = construction?.arguments[0];
  if (argument === undefined || argument.type === "SpreadElement") return null;
  const options = lookThrough(argument);
  if (options.type !== "ObjectExpression") return null;
  for (const property of options.properties) {
    if (property.type !== "Property") continue;
    if (staticKey(property.key, property.computed) === name) return property.value;
  }
  return null;
}

/** Whether the options of a new app hold `name`, or may, because they are not written out. */
function mayHaveOption(construction: NewExpression | null, name: string): boolean {
  if (construction === null) return true;
  const [argument] = construction.arguments;
  if (argument === undefined) return false;
  if (argument.type === "SpreadElement") return true;
  const options = lookThrough(argument);
  if (options.type !== "ObjectExpression") return true;
  return options.properties.some((property) => {
    if (property.type !== "Property") return true;
    const key = staticKey(property.key, property.computed);
    return key === null || key === name;
  });
}

/** Whether the options are written out and turn `name` on: what adds a table is not guessed. */
function turnsOn(construction: NewExpression | null, name: string): boolean {
  const value = optionOf(construction, name);
  return value?.type === "Literal" && value.value === true;
}

function literalPrefix(
  source: SourceText,
  expression: Expression,
  diagnostics: Diagnostic[],
): string | null {
  const value = extractValue(source, expression);
  if (value.kind === "string") return value.value;
  if (value.kind === "null" || (value.kind === "name" && value.name === "undefined")) return null;
  diagnostics.push({
    severity: "error",
    code: extractionCodes.routePrefixNotLiteral,
    message: "routePrefix must be a string that is written out",
    span: value.span,
    hint: 'the client is generated with it: write app.routePrefix = "v1"',
    notes: [],
  });
  return null;
}

function notExported(source: SourceText, name: string, place: Located): Diagnostic {
  return {
    severity: "warning",
    code: extractionCodes.appNotExported,
    message: `the CloesceApp \`${name}\` is not exported, so its middleware will not run`,
    span: source.span(place),
    hint: `add \`export default ${name};\` to this file`,
    notes: [],
  };
}
