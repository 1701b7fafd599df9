// Classes that mean something to Cloesce, but stand where nothing can import them from.
import { Visitor } from "oxc-parser";
import type { Class, Program } from "oxc-parser";

import { extractionCodes } from "./codes.js";
import type { OwnNames } from "./own-names.js";
import type { Diagnostic } from "./pre.js";
import type { SourceText } from "./source-text.js";
import { extractDecorators } from "./values.js";

/** The decorators of `cloesce/backend` that make a class a part of the app. */
const classDecorators: ReadonlySet<string> = new Set([
  "CRUD",
  "D1",
  "KV",
  "Model",
  "PlainOldObject",
  "R2",
  "Service",
  "WranglerEnv",
]);

/** An error for each class of the app in `program` that is not a statement of its own. */
export function findNestedClasses(
  source: SourceText,
  program: Program,
  names: OwnNames,
): Diagnostic[] {
  const top = new Set<unknown>(
    program.body.map((statement) =>
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? statement.declaration
        : statement,
    ),
  );
  const diagnostics: Diagnostic[] = [];
  const look = (node: Class): void => {
    // `export default` of a class is a declaration, with or without a name.
    if (top.has(node)) return;
    const decorator = extractDecorators(source, node.decorators).find((one) => {
      const name = names.find(source.file, [...(one.qualifier ?? []), one.name]);
      return name !== null && classDecorators.has(name);
    });
    if (decorator === undefined) return;
    const start = node.start + source.text.slice(node.start, node.end).search(/\bclass\b/);
    diagnostics.push({
      severity: "error",
      code: extractionCodes.nestedClass,
      message: `the class${node.id === null ? "" : ` \`${node.id.name}\``} has \`@${decorator.name}\`, but is not at the top of its file`,
      span: source.span(node.id ?? { start, end: start + "class".length }),
      hint: "the worker imports it by its name: move it out of what is around it, and export it there",
      notes: [],
    });
  };
  new Visitor({ ClassDeclaration: look, ClassExpression: look }).visit(program);
  return diagnostics;
}
