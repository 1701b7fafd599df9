// What a name of a file means in `cloesce/backend`, through imports, re-exports and constants of the project.
import type { ModuleNode } from "./pre.js";

/** Follows the names of a project's files. */
export class OwnNames {
  readonly #modules: ReadonlyMap<number, ModuleNode>;

  constructor(modules: readonly ModuleNode[]) {
    this.#modules = new Map(modules.map((module) => [module.file, module]));
  }

  /** The name in `cloesce/backend` that `A.B` of a file means; null when it means something else. */
  find(file: number, path: readonly string[]): string | null {
    return this.#path(file, path, new Set());
  }

  /** Whether a file declares or imports a name. */
  knows(file: number, name: string): boolean {
    const module = this.#modules.get(file);
    const named = (one: { name: string }): boolean => one.name === name;
    return module !== undefined && (module.names.some(named) || module.imports.some(named));
  }

  /** `followed` holds what was followed already: files may export each other's names. */
  #path(file: number, path: readonly string[], followed: Set<string>): string | null {
    const [first, ...rest] = path;
    const module = this.#modules.get(file);
    if (first === undefined || module === undefined) return null;
    if (!isNew(followed, `${file} ${path.join(".")}`)) return null;
    const declared = module.names.find((one) => one.name === first);
    if (declared !== undefined) {
      return declared.target === null
        ? null
        : this.#path(file, [...declared.target, ...rest], followed);
    }
    const found = module.imports.find((one) => one.name === first);
    if (found === undefined) return null;
    const inner = found.imported === "*" ? rest : [found.imported, ...rest];
    return this.#inside(found.from, found.file, inner, followed);
  }

  /** `path` inside a module. */
  #inside(
    from: string,
    file: number | null,
    path: readonly string[],
    followed: Set<string>,
  ): string | null {
    const [name, ...rest] = path;
    if (name === undefined) return null;
    if (isOwnModule(from)) return rest.length === 0 ? name : null;
    const module = file === null ? undefined : this.#modules.get(file);
    if (file === null || module === undefined) return null;
    if (!isNew(followed, `${file} exports ${path.join(".")}`)) return null;
    for (const one of module.exports) {
      if (one.name !== name) continue;
      if (one.from === null) return this.#path(file, [one.local, ...rest], followed);
      const inner = one.local === "*" ? rest : [one.local, ...rest];
      return this.#inside(one.from, one.file, inner, followed);
    }
    for (const one of module.exports) {
      if (one.name !== "*" || one.from === null) continue;
      const found = this.#inside(one.from, one.file, path, followed);
      if (found !== null) return found;
    }
    return null;
  }
}

function isOwnModule(specifier: string): boolean {
  return specifier === "cloesce" || specifier.startsWith("cloesce/");
}

function isNew(followed: Set<string>, step: string): boolean {
  const { size } = followed;
  return followed.add(step).size > size;
}
