// The hooks that a file registers at the app, and the default export that stands for no app.
import { Visitor } from "oxc-parser";
import type { Argument, CallExpression, Expression, Program, Statement } from "oxc-parser";

import { extractionCodes } from "./codes.js";
import type { Diagnostic, HookKind, HookNode, ValueNode } from "./pre.js";
import type { Located, SourceText } from "./source-text.js";
import { calleePath, extractValue, lookThrough } from "./values.js";

const appClass = "CloesceApp";

const kinds: Readonly<Record<string, HookKind>> = {
  onRequest: "request",
  onNamespace: "namespace",
  onMethod: "method",
  onInstance: "instance",
  onResult: "result",
  scope: "scope",
};

/** A hook, with the name in its file of what it was registered at: null where the app was made in the same chain. */
export interface FoundHook {
  owner: string | null;
  /** Whether that name is a parameter of type `CloesceApp` there. */
  isParameter: boolean;
  hook: HookNode;
}

/** What another file exports and this one imports, by its name here. */
export type Imports = ReadonlyMap<string, { from: string; name: string }>;

/** Every `….onMethod(…)` of the file whose owner has a name, or is a new app, in source order. */
export function findHooks(source: SourceText, program: Program): FoundHook[] {
  const hooks: FoundHook[] = [];
  const parameters = findAppParameters(program);
  const look = (node: CallExpression): void => {
    const callee = lookThrough(node.callee);
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const { property } = callee;
    if (property.type !== "Identifier") return;
    const kind = kinds[property.name];
    const owner = kind === undefined ? undefined : ownerOf(callee.object);
    if (kind === undefined || owner === undefined) return;
    const hasPlace = kind !== "request" && kind !== "result";
    const [namespace, method] = node.arguments;
    hooks.push({
      owner,
      isParameter: parameters.some(
        ({ name, start, end }) => name === owner && start <= node.start && node.end <= end,
      ),
      hook: {
        kind,
        span: source.span(property),
        namespace: hasPlace ? valueOf(source, namespace) : null,
        method: kind === "method" ? valueOf(source, method) : null,
      },
    });
  };
  new Visitor({ CallExpression: look }).visit(program);
  // The last call of a chain is met first.
  return hooks.sort((one, other) => one.hook.span[1] - other.hook.span[1]);
}

/** Whether the file calls a method `scope` of anything, which may be an app. */
export function callsScope(program: Program): boolean {
  let calls = false;
  const look = ({ callee: called, arguments: given }: CallExpression): void => {
    const callee = lookThrough(called);
    calls ||=
      callee.type === "MemberExpression" &&
      callee.property.type === "Identifier" &&
      callee.property.name === "scope" &&
      given.length > 0;
  };
  new Visitor({ CallExpression: look }).visit(program);
  return calls;
}

/** The functions of the file that are handed an app, `(app: CloesceApp) => …`, and what they call it. */
function findAppParameters(program: Program): (Located & { name: string })[] {
  const found: (Located & { name: string })[] = [];
  const look = ({ params, start, end }: Located & { params: readonly unknown[] }): void => {
    for (const parameter of params as { type: string; name?: string; typeAnnotation?: unknown }[]) {
      if (parameter.type === "Identifier" && isApp(parameter.typeAnnotation))
        found.push({ name: parameter.name as string, start, end });
    }
  };
  new Visitor({
    FunctionDeclaration: look,
    FunctionExpression: look,
    ArrowFunctionExpression: look,
  }).visit(program);
  return found;
}

/** What the file imports from files beside it, by the local name. */
export function collectImports(program: Program): Imports {
  const imports = new Map<string, { from: string; name: string }>();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration" || !statement.source.value.startsWith(".")) continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === "ImportNamespaceSpecifier") continue;
      const name =
        specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : specifier.imported.type === "Literal"
            ? specifier.imported.value
            : specifier.imported.name;
      imports.set(specifier.local.name, { from: statement.source.value, name });
    }
  }
  return imports;
}

/**
 * An error for a default export that is a function where an app could be: what it guards would not be guarded. Functions
 * called `main`, and those that are handed an app.
 */
export function findMain(source: SourceText, program: Program): Diagnostic[] {
  for (const statement of program.body) {
    if (statement.type !== "ExportDefaultDeclaration") continue;
    const { declaration } = statement;
    const named =
      declaration.type === "Identifier" ? functionCalled(program, declaration.name) : declaration;
    if (!isFunction(named)) continue;
    const id = named.id ?? null;
    const takesApp = named.params.some(({ typeAnnotation }) => isApp(typeAnnotation));
    if (id?.name !== "main" && !takesApp) continue;
    const start = statement.start;
    return [
      {
        severity: "error",
        code: extractionCodes.mainIgnored,
        message: `the function${id === null ? "" : ` \`${id.name}\``} is exported where an app is looked for, but nothing calls it`,
        span: source.span(id ?? { start, end: start + "export default".length }),
        hint: "what it guards is open: export a CloesceApp with an `onRequest` hook, or call `app.run` from a Worker entry of your own",
        notes: [],
      },
    ];
  }
  return [];
}

/** Who a chain of calls begins at; undefined for what has neither a name nor is a new app. */
function ownerOf(expression: Expression): string | null | undefined {
  let node = lookThrough(expression);
  while (node.type === "CallExpression" && lookThrough(node.callee).type === "MemberExpression") {
    const callee = lookThrough(node.callee);
    if (callee.type !== "MemberExpression") break;
    node = lookThrough(callee.object);
  }
  if (node.type === "Identifier") return node.name;
  return node.type === "NewExpression" && calleePath(node.callee)?.at(-1) === appClass
    ? null
    : undefined;
}

function valueOf(source: SourceText, argument: Argument | undefined): ValueNode | null {
  if (argument === undefined || argument.type === "SpreadElement") return null;
  return extractValue(source, argument);
}

function isApp(annotation: unknown): boolean {
  const type = (annotation as { typeAnnotation?: unknown } | null | undefined)?.typeAnnotation as
    { type: string; typeName?: { type: string; name?: string } } | undefined;
  return type?.type === "TSTypeReference" && type.typeName?.name === appClass;
}

/** What declarations and expressions of functions have in common. */
interface AnyFunction extends Located {
  type: string;
  id?: (Located & { name: string }) | null;
  params: readonly { typeAnnotation?: unknown }[];
}

function isFunction(node: { type: string } | undefined): node is AnyFunction {
  return (
    node !== undefined &&
    ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(node.type)
  );
}

/** The function that is declared or assigned under `name` at the top of the file. */
function functionCalled(program: Program, name: string): { type: string } | undefined {
  for (const statement of program.body as Statement[]) {
    if (statement.type === "FunctionDeclaration" && statement.id?.name === name) return statement;
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === "Identifier" && id.name === name && init !== null) return lookThrough(init);
    }
  }
  return undefined;
}
