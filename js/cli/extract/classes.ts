// Classes with their properties, methods and parameters, before anyone judges them.
import type { Class, ClassElement, Decorator, ParamPattern, PropertyKey } from "oxc-parser";

import type { DocComments } from "./doc-comments.js";
import type { Accessibility, ClassNode, MethodNode, ParameterNode, PropertyNode } from "./pre.js";
import type { Located, SourceText } from "./source-text.js";
import { extractType, extractTypeArguments } from "./types.js";
import { calleeName, extractDecorators, extractValue, staticKey } from "./values.js";

type MethodElement = Extract<
  ClassElement,
  { type: "MethodDefinition" | "TSAbstractMethodDefinition" }
>;
type PropertyElement = Exclude<
  ClassElement,
  MethodElement | { type: "StaticBlock" | "TSIndexSignature" }
>;

/** How a class leaves its file. */
export interface ClassExport {
  exported: boolean;
  exportName: string;
}

/** Writes down a named class; `statement` is the whole statement it stands in, `export` included. */
export function extractClass(
  source: SourceText,
  docs: DocComments,
  node: Class & { id: NonNullable<Class["id"]> },
  statement: Located,
  classExport: ClassExport,
): ClassNode {
  const properties: PropertyNode[] = [];
  const methods: MethodNode[] = [];
  for (const element of node.body.body) {
    switch (element.type) {
      case "MethodDefinition":
      case "TSAbstractMethodDefinition": {
        const method = extractMethod(source, docs, element, node.declare === true);
        if (method !== null) methods.push(method);
        break;
      }
      case "PropertyDefinition":
      case "TSAbstractPropertyDefinition":
      case "AccessorProperty":
      case "TSAbstractAccessorProperty": {
        const property = extractProperty(source, docs, element);
        if (property !== null) properties.push(property);
        break;
      }
      default:
        break;
    }
  }
  return {
    name: node.id.name,
    span: source.span(node.id),
    ...classExport,
    abstract: node.abstract === true,
    doc: docOf(docs, statement, node.decorators),
    decorators: extractDecorators(source, node.decorators),
    extends: extractHeritage(source, node),
    properties,
    methods,
  };
}

function extractHeritage(source: SourceText, node: Class): ClassNode["extends"] {
  if (node.superClass === null) return null;
  const end = node.superTypeArguments?.end ?? node.superClass.end;
  const span = source.span({ start: node.superClass.start, end });
  const name = calleeName(node.superClass);
  if (name === null) return { kind: "other", text: source.slice(node.superClass), span };
  const bare = node.superClass;
  const inner = bare.type === "TSInstantiationExpression" ? bare.typeArguments : null;
  const list = extractTypeArguments(source, node.superTypeArguments ?? inner);
  return { kind: "name", name, arguments: list, span };
}

function extractProperty(
  source: SourceText,
  docs: DocComments,
  element: PropertyElement,
): PropertyNode | null {
  const name = staticKey(element.key, element.computed);
  if (name === null) return null;
  return {
    name,
    span: source.span(element.key),
    static: element.static,
    readonly: element.readonly === true,
    optional: element.optional === true,
    accessibility: element.accessibility ?? "public",
    type: element.typeAnnotation
      ? extractType(source, element.typeAnnotation.typeAnnotation)
      : null,
    decorators: extractDecorators(source, element.decorators),
    initializer: element.value === null ? null : extractValue(source, element.value),
    doc: docOf(docs, element, element.decorators),
  };
}

function extractMethod(
  source: SourceText,
  docs: DocComments,
  element: MethodElement,
  declared: boolean,
): MethodNode | null {
  if (element.kind !== "method") return null;
  const abstract = element.type === "TSAbstractMethodDefinition";
  // An overload signature says nothing that its implementation does not.
  if (element.value.body === null && !abstract && !declared) return null;
  const named = methodName(element.key, element.computed, element.accessibility ?? "public");
  if (named === null) return null;
  const returns = element.value.returnType;
  return {
    name: named.name,
    span: source.span(element.key),
    static: element.static,
    async: element.value.async,
    accessibility: named.accessibility,
    decorators: extractDecorators(source, element.decorators),
    parameters: extractParameters(source, element.value.params),
    returns: returns ? extractType(source, returns.typeAnnotation) : null,
    doc: docOf(docs, element, element.decorators),
  };
}

function methodName(
  key: PropertyKey,
  computed: boolean,
  accessibility: Accessibility,
): { name: string; accessibility: Accessibility } | null {
  if (key.type === "PrivateIdentifier") return { name: `#${key.name}`, accessibility: "private" };
  const name = staticKey(key, computed);
  return name === null ? null : { name, accessibility };
}

function extractParameters(source: SourceText, patterns: readonly ParamPattern[]): ParameterNode[] {
  // `this: T` only types the receiver; no caller passes it.
  const passed = patterns.filter(
    (pattern) => !(pattern.type === "Identifier" && pattern.name === "this"),
  );
  return passed.map((pattern, index) => extractParameter(source, pattern, index));
}

function extractParameter(source: SourceText, pattern: ParamPattern, index: number): ParameterNode {
  let target = pattern.type === "TSParameterProperty" ? pattern.parameter : pattern;
  let hasDefault = false;
  let annotation = target.typeAnnotation;
  const rest = target.type === "RestElement";
  if (target.type === "AssignmentPattern") {
    hasDefault = true;
    target = target.left;
    annotation = target.typeAnnotation;
  } else if (target.type === "RestElement") {
    target = target.argument;
  }
  const name = target.type === "Identifier" ? target.name : `arg${index}`;
  return {
    name,
    span: source.span(nameOnly(target)),
    destructured: destructuredNames(target),
    type: annotation ? extractType(source, annotation.typeAnnotation) : null,
    optional: Boolean(target.optional),
    rest,
    hasDefault,
    decorators: extractDecorators(source, pattern.decorators as Decorator[] | undefined),
  };
}

interface PatternShape extends Located {
  type: string;
  name?: string;
  typeAnnotation?: Located | null | undefined;
}

/** The pattern without its type annotation, which the parser counts in. */
function nameOnly(target: PatternShape): Located {
  if (target.type === "Identifier" && target.name !== undefined) {
    return { start: target.start, end: target.start + target.name.length };
  }
  return { start: target.start, end: target.typeAnnotation?.start ?? target.end };
}

function destructuredNames(target: ParamPattern | { type: string }): string[] | null {
  if (target.type === "Identifier") return null;
  const pattern = target as ParamPattern;
  if (pattern.type !== "ObjectPattern") return [];
  return pattern.properties.flatMap((property) =>
    property.type === "Property" ? (staticKey(property.key, property.computed) ?? []) : [],
  );
}

/** JSDoc stands before everything else or, as some write it, between the decorators and the rest. */
function docOf(
  docs: DocComments,
  node: Located,
  decorators: readonly Decorator[] | undefined,
): string | null {
  const first = decorators?.[0];
  const start = first === undefined ? node.start : Math.min(node.start, first.start);
  const leading = docs.before(start);
  const last = decorators?.at(-1);
  if (leading !== null || last === undefined) return leading;
  return docs.after(last.end);
}
