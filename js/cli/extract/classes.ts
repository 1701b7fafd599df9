// Classes with their properties, methods and parameters, before anyone judges them.
import type {
  Class,
  ClassElement,
  Decorator,
  Expression,
  ParamPattern,
  PropertyKey,
} from "oxc-parser";

import type { DocComments } from "./doc-comments.js";
import type {
  Accessibility,
  ClassNode,
  MethodNode,
  ParameterNode,
  PropertyNode,
  UnreadKind,
  UnreadNode,
} from "./pre.js";
import { findReturned } from "./returned.js";
import type { Located, SourceText } from "./source-text.js";
import { extractType, extractTypeArguments, typeName } from "./types.js";
import { calleePath, extractDecorators, extractValue, staticKey } from "./values.js";

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
  const unread: UnreadNode[] = [];
  for (const element of node.body.body) {
    switch (element.type) {
      case "MethodDefinition":
      case "TSAbstractMethodDefinition": {
        const method = extractMethod(source, docs, element, node.declare === true);
        if (method !== null) methods.push(method);
        else unread.push(...unreadMethod(source, element));
        break;
      }
      case "PropertyDefinition":
      case "TSAbstractPropertyDefinition":
      case "AccessorProperty":
      case "TSAbstractAccessorProperty": {
        const property = extractProperty(source, docs, element);
        if (property !== null) properties.push(property);
        else unread.push(unreadProperty(source, element));
        break;
      }
      case "TSIndexSignature": {
        const name = `[${element.parameters.map((one) => source.slice(one)).join()}]`;
        unread.push(unreadNode(source, "indexSignature", name, element, element.static));
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
    unread,
  };
}

function unreadNode(
  source: SourceText,
  kind: UnreadKind,
  name: string,
  place: Located,
  isStatic: boolean,
  decorators: readonly Decorator[] = [],
): UnreadNode {
  return {
    kind,
    name,
    span: source.span(place),
    static: isStatic,
    initialised: false,
    decorators: extractDecorators(source, decorators),
  };
}

function unreadProperty(source: SourceText, element: PropertyElement): UnreadNode {
  const { key, decorators } = element;
  const isAccessor = element.type.endsWith("AccessorProperty");
  const kind = isAccessor ? "accessor" : key.type === "PrivateIdentifier" ? "private" : "computed";
  const node = unreadNode(
    source,
    kind,
    keyText(source, key, element.computed),
    key,
    element.static,
    decorators,
  );
  return { ...node, initialised: element.value !== null };
}

/** A constructor's parameters, an accessor or a method whose name is computed; overload signatures are none. */
function unreadMethod(source: SourceText, element: MethodElement): UnreadNode[] {
  const { key, computed, decorators } = element;
  if (element.kind === "constructor") {
    return element.value.body === null
      ? []
      : element.value.params.flatMap((parameter) => unreadParameter(source, parameter) ?? []);
  }
  const isComputed = staticKey(key, computed) === null && key.type !== "PrivateIdentifier";
  if (element.kind === "method" && (!isComputed || element.value.body === null)) return [];
  const kind =
    element.kind === "get" ? "getter" : element.kind === "set" ? "setter" : "computedMethod";
  const name = keyText(source, key, computed);
  return [unreadNode(source, kind, name, key, element.static, decorators)];
}

function unreadParameter(source: SourceText, pattern: ParamPattern): UnreadNode | null {
  const isProperty = pattern.type === "TSParameterProperty";
  let target: ParamPattern | { type: string } = isProperty ? pattern.parameter : pattern;
  if (!isProperty && target.type !== "Identifier") return null;
  if (target.type === "AssignmentPattern") {
    target = (target as Extract<ParamPattern, { type: "AssignmentPattern" }>).left;
  }
  const shape = target as PatternShape & { optional?: boolean };
  if (shape.name === undefined || shape.name === "this") return null;
  if (!isProperty && shape.optional === true) return null;
  const kind = isProperty ? "parameterProperty" : "constructorParameter";
  const decorators = pattern.decorators as Decorator[] | undefined;
  return unreadNode(source, kind, shape.name, nameOnly(shape), false, decorators);
}

function keyText(source: SourceText, key: PropertyKey, computed: boolean): string {
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return staticKey(key, computed) ?? `[${source.slice(key)}]`;
}

function extractHeritage(source: SourceText, node: Class): ClassNode["extends"] {
  if (node.superClass === null) return null;
  const end = node.superTypeArguments?.end ?? node.superClass.end;
  const span = source.span({ start: node.superClass.start, end });
  const path = calleePath(node.superClass);
  if (path === null) return { kind: "other", text: source.slice(node.superClass), span };
  const bare = node.superClass;
  const inner = bare.type === "TSInstantiationExpression" ? bare.typeArguments : null;
  const list = extractTypeArguments(source, node.superTypeArguments ?? inner);
  return typeName(path, list, span);
}

function extractProperty(
  source: SourceText,
  docs: DocComments,
  element: PropertyElement,
): PropertyNode | null {
  const name = staticKey(element.key, element.computed);
  if (name === null || element.type.endsWith("AccessorProperty")) return null;
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
  const returned = returns ? null : findReturned(element.value.body);
  return {
    name: named.name,
    span: source.span(element.key),
    static: element.static,
    async: element.value.async,
    accessibility: named.accessibility,
    decorators: extractDecorators(source, element.decorators),
    parameters: extractParameters(source, element.value.params),
    returns: returns ? extractType(source, returns.typeAnnotation) : null,
    returned: returned === null ? null : source.span(returned),
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
  let defaultValue: Expression | null = null;
  let annotation = target.typeAnnotation;
  const rest = target.type === "RestElement";
  if (target.type === "AssignmentPattern") {
    defaultValue = target.right;
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
    hasDefault: defaultValue !== null,
    default: defaultValue === null ? null : extractValue(source, defaultValue),
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
