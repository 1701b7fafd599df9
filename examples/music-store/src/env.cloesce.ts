// What the Worker is given: its database, its files, its memory and settings.

import {
  type R2AccessKeyId,
  type R2Endpoint,
  type R2SecretAccessKey,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  /** Covers, previews and master recordings. */
  files: R2Bucket;
  /** What visitors chose. */
  memory: KVNamespace;
  /** What is played. Under `cloesce serve` a bucket with history. */
  plays: KVNamespace;
  /** "yes" while the store takes no changes. */
  readOnly: string;

  // What downloads and uploads past the Worker are signed with.
  filesEndpoint: R2Endpoint;
  filesKeyId: R2AccessKeyId;
  filesSecret: R2SecretAccessKey;
}
