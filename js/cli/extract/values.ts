// Expressions and decorators: literals, names, object trees and `o => o.key` arrows, all else as text.
import type {
  Argument,
  ArrowFunctionExpression,
  Decorator,
  Expression,
  ObjectExpression,
  PropertyKey,
} from "oxc-parser";

import type { DecoratorNode, ObjectEntry, ValueNode } from "./pre.js";
import { isWellFormed } from "./source-text.js";
import type { Located, SourceText } from "./source-text.js";
import { extractTypeArguments } from "./types.js";

/** Writes down one expression, looking through casts, `satisfies`, `!` and parentheses. */
export function extractValue(source: SourceText, expression: Expression): ValueNode {
  const node = lookThrough(expression);
  const span = source.span(node);
  switch (node.type) {
    case "Literal": {
      const { value } = node;
      // A regular expression may have the value null, so null is told by its text.
      if (node.raw === "null") return { kind: "null", span };
      if (typeof value === "string" && isWellFormed(value)) return { kind: "string", value, span };
      if (typeof value === "boolean") return { kind: "boolean", value, span };
      if (typeof value === "number" && Number.isFinite(value)) {
        return { kind: "number", value, span };
      }
      break;
    }
    case "TemplateLiteral": {
      const cooked = node.quasis[0]?.value.cooked;
      if (node.expressions.length === 0 && typeof cooked === "string" && isWellFormed(cooked)) {
        return { kind: "string", value: cooked, span };
      }
      break;
    }
    case "UnaryExpression": {
      const inner = extractValue(source, node.argument);
      if (inner.kind !== "number") break;
      if (node.operator === "-") return { kind: "number", value: -inner.value, span };
      if (node.operator === "+") return { kind: "number", value: inner.value, span };
      break;
    }
    case "Identifier":
      return { kind: "name", name: node.name, span };
    case "MemberExpression": {
      const path = calleePath(node);
      if (path === null) break;
      return { kind: "name", name: path.at(-1) ?? "", qualifier: path.slice(0, -1), span };
    }
    case "ArrayExpression": {
      const items = extractItems(source, node.elements);
      if (items !== null) return { kind: "array", items, span };
      break;
    }
    case "ObjectExpression": {
      const entries = extractEntries(source, node);
      if (entries !== null) return { kind: "object", entries, span };
      break;
    }
    case "ArrowFunctionExpression":
      return extractArrow(source, node) ?? other(source, node);
    default:
      break;
  }
  return other(source, node);
}

/** The expression under casts, `satisfies`, `!`, type arguments and parentheses. */
export function lookThrough(expression: Expression): Expression {
  let node = expression;
  for (;;) {
    switch (node.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "TSInstantiationExpression":
        node = node.expression;
        break;
      default:
        return node;
    }
  }
}

/** Writes down one decorator. */
export function extractDecorator(source: SourceText, decorator: Decorator): DecoratorNode {
  const span = source.span(decorator);
  const expression = decorator.expression;
  const bare = expression.type === "ParenthesizedExpression" ? expression.expression : expression;
  const named = (callee: Expression): Pick<DecoratorNode, "name" | "qualifier"> => {
    const path = calleePath(callee) ?? [source.slice(callee)];
    const qualifier = path.slice(0, -1);
    return { name: path.at(-1) ?? "", ...(qualifier.length > 0 && { qualifier }) };
  };
  if (bare.type === "CallExpression") {
    const typeArguments = extractTypeArguments(source, bare.typeArguments);
    const values = bare.arguments.map((argument) => extractArgument(source, argument));
    return { ...named(bare.callee), span, called: true, typeArguments, arguments: values };
  }
  const typeArguments =
    bare.type === "TSInstantiationExpression"
      ? extractTypeArguments(source, bare.typeArguments)
      : [];
  return { ...named(bare), span, called: false, typeArguments, arguments: [] };
}

/** Decorators in source order. */
export function extractDecorators(
  source: SourceText,
  decorators: readonly Decorator[] | undefined,
): DecoratorNode[] {
  return (decorators ?? []).map((decorator) => extractDecorator(source, decorator));
}

/** The names of `Name`, `namespace.Name`, `namespace["Name"]` or `Name<T>`; null for anything else. */
export function calleePath(expression: Expression): string[] | null {
  const node = lookThrough(expression);
  if (node.type === "Identifier") return [node.name];
  if (node.type !== "MemberExpression") return null;
  const name = memberName(node);
  const object = name === null ? null : calleePath(node.object);
  return name === null || object === null ? null : [...object, name];
}

function memberName(node: Extract<Expression, { type: "MemberExpression" }>): string | null {
  const { property } = node;
  if (!node.computed) return property.type === "Identifier" ? property.name : null;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : null;
}

/** A key that is written out (`name`, `"name"`, `1`, `["name"]`), null for a computed or private one. */
export function staticKey(key: PropertyKey, computed: boolean): string | null {
  if (key.type === "Identifier") return computed ? null : key.name;
  if (key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number")) {
    return String(key.value);
  }
  return null;
}

function other(source: SourceText, node: Located): ValueNode {
  return { kind: "other", text: source.slice(node), span: source.span(node) };
}

function extractArgument(source: SourceText, argument: Argument): ValueNode {
  return argument.type === "SpreadElement"
    ? other(source, argument)
    : extractValue(source, argument);
}

function extractItems(
  source: SourceText,
  elements: readonly (Argument | null)[],
): ValueNode[] | null {
  const items: ValueNode[] = [];
  for (const element of elements) {
    if (element === null || element.type === "SpreadElement") return null;
    items.push(extractValue(source, element));
  }
  return items;
}

function extractEntries(source: SourceText, node: ObjectExpression): ObjectEntry[] | null {
  const entries: ObjectEntry[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement" || property.kind !== "init" || property.method) {
      return null;
    }
    const key = staticKey(property.key, property.computed);
    if (key === null) return null;
    const value = extractValue(source, property.value);
    entries.push({ key, span: source.span(property.key), value });
  }
  return entries;
}

function extractArrow(source: SourceText, node: ArrowFunctionExpression): ValueNode | null {
  const [parameter] = node.params;
  if (node.params.length !== 1 || parameter?.type !== "Identifier") return null;
  if (node.body.type === "BlockStatement") return null;
  const path: string[] = [];
  let at = lookThrough(node.body);
  for (;;) {
    if (at.type === "ChainExpression") {
      at = lookThrough(at.expression);
    } else if (at.type === "MemberExpression") {
      const name = memberName(at);
      if (name === null) return null;
      path.unshift(name);
      at = lookThrough(at.object);
    } else {
      break;
    }
  }
  if (at.type !== "Identifier" || at.name !== parameter.name) return null;
  return { kind: "arrow", parameter: parameter.name, path, span: source.span(node) };
}
