// Turns parsed JSON into what user code expects: instances with their methods, dates, bytes.

import type { AppCore } from "./app-core.js";
import { asDeclared, type ReceivedBlob } from "./blobs.js";
import { type Host, storageOf } from "./host.js";

/** A class of the project. */
export type ClassConstructor = abstract new (...values: never[]) => object;

/** Classes by their CIDL name. */
export type ClassRegistry = Readonly<Record<string, ClassConstructor>>;

/** What values refer to. */
export interface Revival {
  readonly host: Host;
  readonly core: AppCore;
  /** The bytes and streams that numbers stand for. Texts stand for bytes in base64. */
  readonly kept: readonly unknown[];
  /** Of what was declared as Blob: the files of a form, with their names and types. */
  readonly files?: readonly unknown[];
  /** Of what a caller sent alone: whether lists that are absent are empty. */
  readonly whole?: boolean;
  /** Media type of bytes that become a Blob. */
  readonly type?: string;
}

/** The value of shape `shape`, with everything in it revived. What is plain JSON stays what it was. */
export function revive(value: unknown, shape: number, revival: Revival): unknown {
  const description = revival.core.manifest.shapes[shape];
  if (description === undefined || value === null || value === undefined) return value;
  switch (description.kind) {
    case "date":
      return dateOf(value);
    case "blob": {
      const { core, kept, files = kept, type = "" } = revival;
      const form = description.as;
      const blob =
        typeof value === "string"
          ? core.decodeBase64(value)
          : (form === "Blob" ? files : kept)[value as number];
      return asDeclared((blob ?? new Uint8Array()) as ReceivedBlob, form, type);
    }
    case "stream":
      return revival.kept[value as number];
    case "r2Object":
      return storageOf(revival.host).reviveObject(value as Record<string, unknown>);
    case "array":
      return description.of < 0
        ? value
        : (value as unknown[]).map((item) => revive(item, description.of, revival));
    case "object": {
      const source = value as Record<string, unknown>;
      if (revival.whole === true) for (const name of description.lists ?? []) source[name] ??= [];
      for (const [name, inner] of description.fields)
        if (source[name] !== undefined) source[name] = revive(source[name], inner, revival);
      if (description.stored && revival.whole === undefined)
        storageOf(revival.host).noteRead(description.stored, source);
      const constructor = revival.host.classes[description.class] as (new () => object) | undefined;
      return constructor === undefined ? source : Object.assign(new constructor(), source);
    }
  }
}

/** A date as it was stored. What SQL writes by itself names no zone and is in UTC. */
function dateOf(value: unknown): Date {
  const moment =
    typeof value === "string" ? value.replace(/^([\d-]{10})[ T]([\d:.]+)$/, "$1T$2Z") : value;
  const date = new Date(moment as string | number);
  if (Number.isNaN(date.getTime())) throw new TypeError(`${JSON.stringify(value)} is no date`);
  return date;
}
