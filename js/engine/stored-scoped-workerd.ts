// `cloesce/engine/stored-scoped` in a Worker: what `cloesce/engine/stored` does, and scopes.

import module from "../cloesce-runtime-stored-scoped.wasm";
import { storage } from "../stored/index.js";
import type { Engine } from "../worker/index.js";
import { scopes } from "./scopes.js";

/** What an app with models or fields in KV and R2, and with scopes, runs on. */
export const engine: Engine = { module, storage, scopes };
