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

/** Writes down one decorator, or null when its expression has no name to go by. */
export function extractDecorator(source: SourceText, decorator: Decorator): DecoratorNode | null {
  const span = source.span(decorator);
  const expression = decorator.expression;
  const bare = expression.type === "ParenthesizedExpression" ? expression.expression : expression;
  if (bare.type === "CallExpression") {
    const name = calleeName(bare.callee);
    if (name === null) return null;
    const typeArguments = extractTypeArguments(source, bare.typeArguments);
    const values = bare.arguments.map((argument) => extractArgument(source, argument));
    return { name, span, called: true, typeArguments, arguments: values };
  }
  const name = calleeName(bare);
  if (name === null) return null;
  const typeArguments =
    bare.type === "TSInstantiationExpression"
      ? extractTypeArguments(source, bare.typeArguments)
      : [];
  return { name, span, called: false, typeArguments, arguments: [] };
}

/** Decorators in source order. */
export function extractDecorators(
  source: SourceText,
  decorators: readonly Decorator[] | undefined,
): DecoratorNode[] {
  return (decorators ?? []).flatMap((decorator) => extractDecorator(source, decorator) ?? []);
}

/** The last identifier of `Name`, `namespace.Name` or `Name<T>`; null for anything else. */
export function calleeName(expression: Expression): string | null {
  const node = lookThrough(expression);
  if (node.type === "Identifier") return node.name;
  if (node.type === "MemberExpression" && node.property.type === "Identifier" && !node.computed) {
    return node.property.name;
  }
  return null;
}

/** A key that is written out (`name`, `"name"`, `1`), null for a computed or private one. */
export function staticKey(key: PropertyKey, computed: boolean): string | null {
  if (computed) return null;
  if (key.type === "Identifier") return key.name;
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
      const { property } = at;
      const name = at.computed
        ? property.type === "Literal" && typeof property.value === "string"
          ? property.value
          : null
        : property.type === "Identifier"
          ? property.name
          : null;
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
