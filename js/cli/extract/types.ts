// TypeScript types to TypeNode: written down as they stand, no name resolved.
import { Visitor } from "oxc-parser";
import type { Program, TSType, TSTypeName, TSTypeParameterInstantiation } from "oxc-parser";

import type { Span, TypeNode } from "./pre.js";
import { isWellFormed } from "./source-text.js";
import type { Located, SourceText } from "./source-text.js";

/** Types that are keywords in TypeScript and names here. */
const keywordTypes: ReadonlyMap<string, string> = new Map([
  ["TSAnyKeyword", "any"],
  ["TSBigIntKeyword", "bigint"],
  ["TSBooleanKeyword", "boolean"],
  ["TSNeverKeyword", "never"],
  ["TSNullKeyword", "null"],
  ["TSNumberKeyword", "number"],
  ["TSObjectKeyword", "object"],
  ["TSStringKeyword", "string"],
  ["TSSymbolKeyword", "symbol"],
  ["TSUndefinedKeyword", "undefined"],
  ["TSUnknownKeyword", "unknown"],
  ["TSVoidKeyword", "void"],
]);

const arrayNames: ReadonlySet<string> = new Set(["Array", "ReadonlyArray"]);

/** Writes down one type. */
export function extractType(source: SourceText, type: TSType): TypeNode {
  const span = source.span(type);
  const keyword = keywordTypes.get(type.type);
  if (keyword !== undefined) return { kind: "name", name: keyword, arguments: [], span };
  switch (type.type) {
    case "TSParenthesizedType":
      return extractType(source, type.typeAnnotation);
    case "TSArrayType":
      return { kind: "array", element: extractType(source, type.elementType), span };
    case "TSTypeOperator":
      return extractOperator(source, type);
    case "TSUnionType":
      return extractUnion(source, type.types, type);
    case "TSLiteralType":
      return extractLiteral(source, type.literal, type);
    case "TSTypeReference":
      return extractReference(source, type);
    case "TSImportType":
      // `import("./horse").Horse` names Horse; without a qualifier it is a module, not a type.
      if (type.qualifier === null || type.qualifier === undefined) break;
      return typeName(
        [source.inlineImport(type.source.value, type), ...(typeNamePath(type.qualifier) ?? [])],
        extractTypeArguments(source, type.typeArguments),
        span,
      );
    default:
      break;
  }
  return other(source, type);
}

/** Type arguments in order; empty when there are none. */
export function extractTypeArguments(
  source: SourceText,
  list: TSTypeParameterInstantiation | null | undefined,
): TypeNode[] {
  return (list?.params ?? []).map((argument) => extractType(source, argument));
}

function other(source: SourceText, node: Located): TypeNode {
  return { kind: "other", text: source.slice(node), span: source.span(node) };
}

function extractReference(
  source: SourceText,
  type: Extract<TSType, { type: "TSTypeReference" }>,
): TypeNode {
  const path = typeNamePath(type.typeName);
  if (path === null) return other(source, type);
  const name = path.at(-1) ?? "";
  const typeArguments = extractTypeArguments(source, type.typeArguments);
  const span = source.span(type);
  const [element] = typeArguments;
  const plain = type.typeName.type === "Identifier";
  if (plain && arrayNames.has(name) && typeArguments.length === 1 && element !== undefined) {
    return { kind: "array", element, span };
  }
  return typeName(path, typeArguments, span);
}

/** The node of `A.B.Name<T>`. */
export function typeName(path: readonly string[], typeArguments: TypeNode[], span: Span): TypeNode {
  const qualifier = path.slice(0, -1);
  const name = path.at(-1) ?? "";
  return {
    kind: "name",
    name,
    ...(qualifier.length > 0 && { qualifier }),
    arguments: typeArguments,
    span,
  };
}

function extractOperator(
  source: SourceText,
  type: Extract<TSType, { type: "TSTypeOperator" }>,
): TypeNode {
  if (type.operator !== "readonly") return other(source, type);
  const inner = extractType(source, type.typeAnnotation);
  return inner.kind === "array" ? { ...inner, span: source.span(type) } : other(source, type);
}

function extractUnion(source: SourceText, types: readonly TSType[], whole: Located): TypeNode {
  const members: TypeNode[] = [];
  for (const type of types) {
    const member = extractType(source, type);
    if (member.kind === "union") members.push(...member.members);
    else members.push(member);
  }
  const [only] = members;
  if (members.length === 1 && only !== undefined) return only;
  return { kind: "union", members, span: source.span(whole) };
}

function extractLiteral(
  source: SourceText,
  literal: Extract<TSType, { type: "TSLiteralType" }>["literal"],
  whole: Located,
): TypeNode {
  const span = source.span(whole);
  if (literal.type === "Literal") {
    const { value } = literal;
    const carried = typeof value === "string" ? isWellFormed(value) : isFinite(value);
    if (carried || typeof value === "boolean") {
      return { kind: "literal", value: value as string | number | boolean, span };
    }
  } else if (literal.type === "TemplateLiteral" && literal.expressions.length === 0) {
    const cooked = literal.quasis[0]?.value.cooked;
    if (typeof cooked === "string" && isWellFormed(cooked))
      return { kind: "literal", value: cooked, span };
  } else if (literal.type === "UnaryExpression" && literal.argument.type === "Literal") {
    const { value } = literal.argument;
    if (isFinite(value) && literal.operator === "-")
      return { kind: "literal", value: -value, span };
    if (isFinite(value) && literal.operator === "+") return { kind: "literal", value, span };
  }
  return other(source, whole);
}

/** Bigints, and numbers that JSON cannot carry, are left as text. */
function isFinite(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The identifiers of `A.B.C`; null for anything else. */
export function typeNamePath(name: TSTypeName | { type: string }): string[] | null {
  const node = name as TSTypeName;
  if (node.type === "Identifier") return [node.name];
  if (node.type !== "TSQualifiedName") return null;
  const left = typeNamePath(node.left);
  return left === null ? null : [...left, node.right.name];
}

/** Every `import("module")` that a type of the program holds. */
export function inlineImports(program: Program): { specifier: string; place: Located }[] {
  const found: { specifier: string; place: Located }[] = [];
  new Visitor({
    TSImportType(node) {
      found.push({ specifier: node.source.value, place: node });
    },
  }).visit(program);
  return found;
}
