// The compiled core: each entry (workerd.js, node.js) provides it in the way its host can load wasm.

let provided: WebAssembly.Module | null = null;

/** @internal Called once by the package's entry. */
export function provideCoreModule(module: WebAssembly.Module): void {
  provided = module;
}

/** @internal The module; throws when the package was imported around its entries. */
export function coreModule(): WebAssembly.Module {
  if (provided === null)
    throw new Error('import from "cloesce/backend", not from a file inside the package');
  return provided;
}
