// `cloesce/engine/stored-scoped` in Node: the module is compiled from the package's file.

import { readFileSync } from "node:fs";
import { storage } from "../stored/index.js";
import type { Engine } from "../worker/index.js";
import { scopes } from "./scopes.js";

const file = new URL("../cloesce-runtime-stored-scoped.wasm", import.meta.url);

/** What an app with models or fields in KV and R2, and with scopes, runs on. */
export const engine: Engine = {
  module: new WebAssembly.Module(readFileSync(file)),
  storage,
  scopes,
};
