// `cloesce/engine/scoped` in a Worker: what `cloesce/engine` does, and scopes.

import module from "../cloesce-runtime-scoped.wasm";
import type { Engine } from "../worker/index.js";
import { scopes } from "./scopes.js";

/** What an app with scopes runs on. */
export const engine: Engine = { module, scopes };
