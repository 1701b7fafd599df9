// What a visitor chose for the page, kept in KV under a key that only their browser knows.

import { CRUD, type Integer, KV, KVModel, PlainOldObject } from "cloesce/backend";

@PlainOldObject
export class Choices {
  /** "light", "dark", or "auto" for what the system says. */
  theme: string;
  /** How albums are sorted where the address does not say it. */
  order: string;
  /** Of previews, 0 to 100. */
  volume: Integer;
  /** Whether the next preview follows when one ends. */
  playOn: boolean;
  /** Of two copies the younger one counts: KV may answer an old one for a minute. */
  changed: Date;
}

/** Forgotten a year after they were last changed. */
@KV("memory", { expirationTtl: 31_536_000 })
@CRUD(["GET", "SAVE", "DELETE"])
export class Settings extends KVModel<Choices> {}
