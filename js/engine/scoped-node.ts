// `cloesce/engine/scoped` in Node: the module is compiled from the package's file.

import { readFileSync } from "node:fs";
import type { Engine } from "../worker/index.js";
import { scopes } from "./scopes.js";

const file = new URL("../cloesce-runtime-scoped.wasm", import.meta.url);

/** What an app with scopes runs on. */
export const engine: Engine = {
  module: new WebAssembly.Module(readFileSync(file)),
  scopes,
};
