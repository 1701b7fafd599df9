// What the Worker is given: its database, its files and settings.

import { WranglerEnv } from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  /** Covers and master recordings. */
  files: R2Bucket;
  /** "yes" while the store takes no changes. */
  readOnly: string;
}
