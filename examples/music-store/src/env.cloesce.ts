// What the Worker is given: its database and settings.

import { WranglerEnv } from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  /** "yes" while the store takes no changes. */
  readOnly: string;
}
