// `cloesce/backend` in Node: the module is compiled from the package's file.

import { readFileSync } from "node:fs";
import { provideCoreModule } from "./module.js";

provideCoreModule(
  new WebAssembly.Module(readFileSync(new URL("../cloesce-runtime.wasm", import.meta.url))),
);

export * from "./index.js";
