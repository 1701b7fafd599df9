// Scopes of an app: conditions that every read and write of a model's rows stays within. What answers them is a part of the
// engines that serve them.

import type { AppCore } from "./app-core.js";
import type { DependencyContainer, DependencyKey } from "./container.js";
import type { Hooks } from "./hooks.js";
import type { HttpResult } from "./http-result.js";

/** The rows of a model that there are for a request: conditions as for `where`; null for all rows. */
export type ScopeOf<Where> = (
  di: DependencyContainer,
) => Where | HttpResult | null | Promise<Where | HttpResult | null>;

/** A registered scope. */
export interface Scope {
  readonly model: DependencyKey;
  /** That of the model in the CIDL, once the core was told. */
  name: string;
  readonly where: ScopeOf<object>;
}

/** Stands for the scope of a model among hooks. */
export const ofRows = "?";

/**
 * Answers the scopes of the models in `names`, with commas between them: a JSON object by name. Rejects with what a scope
 * throws, and with the failing result that it answers.
 */
export type ScopesPart = (
  hooks: Hooks,
  core: AppCore,
  names: string,
  di: DependencyContainer,
) => Promise<string>;
