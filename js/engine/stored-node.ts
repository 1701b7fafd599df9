// `cloesce/engine/stored` in Node: the module is compiled from the package's file.

import { readFileSync } from "node:fs";
import { storage } from "../stored/index.js";
import type { Engine } from "../worker/index.js";

const file = new URL("../cloesce-runtime-stored.wasm", import.meta.url);

/** What an app with models or fields in KV and R2 runs on. */
export const engine: Engine = { module: new WebAssembly.Module(readFileSync(file)), storage };
