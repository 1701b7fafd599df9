// `cloesce/engine/stored` in a Worker: what `cloesce/engine` does, and KV, R2, signed URLs.

import module from "../cloesce-runtime-stored.wasm";
import { storage } from "../stored/index.js";
import type { Engine } from "../worker/index.js";

/** What an app with models or fields in KV and R2 runs on. */
export const engine: Engine = { module, storage };
