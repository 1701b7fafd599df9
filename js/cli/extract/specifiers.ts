// Which file of the project a module specifier names.
import { posix } from "node:path";

/** A source that is imported by a path of the project's own (`@/models/horse.cloesce`). */
const namesSource = /\.cloesce(\.[cm]?[jt]s)?$/;

/**
 * The index of the file that `specifier` names in the file `importer`, null for a package. Relative specifiers are
 * tried with the endings that TypeScript tries; others name a source when they end in its path.
 */
export function resolveSpecifier(
  importer: string,
  specifier: string,
  known: readonly string[],
  add: (path: string) => number | null,
): number | null {
  if (/^\.{1,2}(\/|$)/.test(specifier)) {
    const path = posix.join(posix.dirname(importer), specifier);
    for (const candidate of candidates(path)) {
      const index = add(candidate);
      if (index !== null) return index;
    }
    return null;
  }
  if (!namesSource.test(specifier)) return null;
  let parts = specifier.replace(/(\.cloesce)\.[cm]?[jt]s$/, "$1").split("/");
  for (; parts.length > 0; parts = parts.slice(1)) {
    const end = `${parts.join("/")}.ts`;
    const fitting = known.filter((path) => path === end || path.endsWith(`/${end}`));
    const [only] = fitting;
    if (fitting.length === 1 && only !== undefined) return add(only);
  }
  return null;
}

function candidates(path: string): string[] {
  const script = /\.([cm]?)js$/.exec(path);
  const written = script === null ? [] : [path.slice(0, script.index) + `.${script[1] ?? ""}ts`];
  const itself = /\.[cm]?ts$/.test(path) ? [path] : [];
  return [...itself, ...written, `${path}.ts`, `${path}.d.ts`, `${path}/index.ts`];
}
