// The shapes of cidl.pre.json, exactly as docs/internals/extraction.md describes them.

/** `[file, begin, end, line, column]`: UTF-8 byte offsets, half open; line and column of `begin`, from 1, the column in code points. */
export type Span = readonly [
  file: number,
  begin: number,
  end: number,
  line: number,
  column: number,
];

/** A TypeScript type as it is written; nothing is resolved. */
export type TypeNode =
  | { kind: "name"; name: string; qualifier?: string[]; arguments: TypeNode[]; span: Span }
  | { kind: "array"; element: TypeNode; span: Span }
  | { kind: "union"; members: TypeNode[]; span: Span }
  | { kind: "literal"; value: string | number | boolean; span: Span }
  | { kind: "other"; text: string; span: Span };

/** One `key: value` of an object literal; the span is that of the key. */
export interface ObjectEntry {
  key: string;
  span: Span;
  value: ValueNode;
}

/** An expression, as far as a decorator or an initialiser can carry meaning. */
export type ValueNode =
  | { kind: "string"; value: string; span: Span }
  | { kind: "number"; value: number; span: Span }
  | { kind: "boolean"; value: boolean; span: Span }
  | { kind: "null"; span: Span }
  | { kind: "name"; name: string; qualifier?: string[]; span: Span }
  | { kind: "array"; items: ValueNode[]; span: Span }
  | { kind: "object"; entries: ObjectEntry[]; span: Span }
  | { kind: "arrow"; parameter: string; path: string[]; span: Span }
  | { kind: "other"; text: string; span: Span };

/** `@Name`, `@Name(...)` or `@Name<T>(...)`. */
export interface DecoratorNode {
  /** The last name of `A.B.Name`; the text of an expression that is no name. */
  name: string;
  /** The names before the last, absent when there are none. */
  qualifier?: string[];
  span: Span;
  called: boolean;
  typeArguments: TypeNode[];
  arguments: ValueNode[];
}

export type Accessibility = "public" | "protected" | "private";

export interface ParameterNode {
  /** The name, or `arg<index>` for a destructured parameter. */
  name: string;
  span: Span;
  /** The property names of a destructured parameter, null for a plain one. */
  destructured: string[] | null;
  type: TypeNode | null;
  optional: boolean;
  rest: boolean;
  hasDefault: boolean;
  /** The default, null when there is none. */
  default: ValueNode | null;
  decorators: DecoratorNode[];
}

export interface MethodNode {
  name: string;
  span: Span;
  static: boolean;
  async: boolean;
  accessibility: Accessibility;
  decorators: DecoratorNode[];
  parameters: ParameterNode[];
  returns: TypeNode | null;
  /** Without `returns`: where the body first returns a value. */
  returned: Span | null;
  doc: string | null;
}

export interface PropertyNode {
  name: string;
  span: Span;
  static: boolean;
  readonly: boolean;
  optional: boolean;
  accessibility: Accessibility;
  type: TypeNode | null;
  decorators: DecoratorNode[];
  initializer: ValueNode | null;
  doc: string | null;
}

export type UnreadKind =
  | "parameterProperty"
  | "constructorParameter"
  | "private"
  | "indexSignature"
  | "computed"
  | "computedMethod"
  | "accessor"
  | "getter"
  | "setter";

/** A member that is neither a property nor a method. */
export interface UnreadNode {
  kind: UnreadKind;
  /** Its name, or the text of what stands in its place. */
  name: string;
  span: Span;
  static: boolean;
  initialised: boolean;
  decorators: DecoratorNode[];
}

export interface ClassNode {
  name: string;
  span: Span;
  exported: boolean;
  /** What an import of the class names; equal to `name` when the class is not exported. */
  exportName: string;
  abstract: boolean;
  doc: string | null;
  decorators: DecoratorNode[];
  extends: TypeNode | null;
  properties: PropertyNode[];
  methods: MethodNode[];
  unread: UnreadNode[];
}

export interface AliasNode {
  name: string;
  span: Span;
  /** Names of the alias' own type parameters, in order. */
  typeParameters: string[];
  type: TypeNode;
}

export interface InterfaceNode {
  name: string;
  span: Span;
}

/** What a hook stands in front of: every request, a class, a method, an instance, or behind every result. */
export type HookKind = "request" | "namespace" | "method" | "instance" | "result" | "scope";

export interface HookNode {
  kind: HookKind;
  /** Of the name of the call: `onMethod`. */
  span: Span;
  /** The class or its name, as it is written; null when the kind has none, or it is missing. */
  namespace: ValueNode | null;
  method: ValueNode | null;
}

/** One name that an import declares in its file. */
export interface ImportNode {
  /** What the file calls it. */
  name: string;
  span: Span;
  /** What the module calls it: a name, `"default"`, or `"*"` for the module itself. */
  imported: string;
  /** The module, as it is written. */
  from: string;
  /** Its index into `files`, null for a package or a module that was not found. */
  file: number | null;
}

/** One name that a file exports. */
export interface ExportNode {
  /** `"*"` for `export * from`. */
  name: string;
  /** What the file itself (or the module `from`) calls it, `"*"` for that whole module; empty for an expression. */
  local: string;
  from: string | null;
  file: number | null;
}

export type NameKind =
  "class" | "alias" | "interface" | "enum" | "function" | "variable" | "namespace";

/** A name that a file declares at its top. */
export interface NameNode {
  name: string;
  span: Span;
  kind: NameKind;
  /** The path of `const Name = A.B`, null when it is made otherwise. */
  target: string[] | null;
}

/** The names of one file. */
export interface ModuleNode {
  file: number;
  imports: ImportNode[];
  exports: ExportNode[];
  names: NameNode[];
}

export interface AppNode {
  file: number;
  span: Span;
  name: string;
  /** `"default"` or the exported name. */
  export: string;
  routePrefix: string | null;
  /** Whether the constructor is given the option `cors`, or something that is not written out. */
  cors: boolean;
  /** Whether it is given the option `idempotencyKeys: true`. */
  idempotencyKeys: boolean;
  /** Whether anything is called that may give a model of it a scope. */
  scopes: boolean;
  /** Those that are registered at it by its name, in every file, in file order. */
  hooks: HookNode[];
}

/** A message about the source; the compiler answers its own in the same form. */
export interface Diagnostic {
  severity: "error" | "warning" | "note";
  code: string;
  message: string;
  span: Span | null;
  hint: string | null;
  notes: { message: string; span: Span | null }[];
}

/** What the analysis must know of the project besides its sources. */
export interface ProjectFacts {
  name: string;
  workersUrl: string;
  clientUrl: string | null;
  /** What lets a ready-made SAVE write nested rows. */
  nestedWrites: NestedWrites;
  /** The KV namespaces that lie in buckets with history; left out when there are none. */
  historyBuckets?: HistoryBucket[];
}

/** A KV namespace that keeps the last `history` values of every key. */
export interface HistoryBucket {
  binding: string;
  history: number;
}

/** A call of `orm.history(Model, …)` or `orm.watch(Model, …)`, by its looks. */
export interface HistoryCall {
  name: "history" | "watch";
  /** The first argument. */
  model: ValueNode;
}

/** Grants and SAVE of the models, or the data source that the caller names, as in Cloesce 0.0.5. */
export type NestedWrites = "granted" | "dataSource";

/** The whole of cidl.pre.json. */
export interface PreCidl {
  version: 1;
  project: ProjectFacts;
  /** The sources, then the modules that they import relatively. */
  files: string[];
  outDir: string;
  app: AppNode | null;
  modules: ModuleNode[];
  aliases: AliasNode[];
  interfaces: InterfaceNode[];
  classes: ClassNode[];
  /** Left out when there are none. */
  historyCalls?: HistoryCall[];
  diagnostics: Diagnostic[];
}
