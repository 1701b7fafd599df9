// `cloesce/engine` in a Worker, for D1, services, JSON, forms and bytes. The bundler turns the wasm import into a compiled
// module.

import module from "../cloesce-runtime.wasm";
import type { Engine } from "../worker/index.js";

/** What an app without models and fields in KV and R2 runs on. */
export const engine: Engine = { module };
