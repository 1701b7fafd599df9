// Tells the core which hooks and scopes an app has. A core that is new, or had other ones, knows of none.

import type { AppCore } from "./app-core.js";
import { describeHooks } from "./hooks.js";
import { type Host, registryOf } from "./host.js";

/** Makes `core` know the hooks of `host`. */
export function tellHooks(host: Host, core: AppCore): void {
  const { version } = host.hooks;
  if (core.hooksVersion === version) return;
  core.setHooks(describeHooks(host.hooks, registryOf(host, core)));
  core.hooksVersion = version;
}
