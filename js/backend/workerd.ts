// `cloesce/backend` in a Worker: the bundler turns the wasm import into a compiled module.

import module from "../cloesce-runtime.wasm";
import { provideCoreModule } from "./module.js";

provideCoreModule(module);

export * from "./index.js";
