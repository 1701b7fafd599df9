// Turns parsed JSON into what user code expects: instances with their methods, dates, bytes.

import type { BlobForm } from "./blobs.js";
import type { Shape } from "./manifest.js";
import { reviveObject } from "./r2-object.js";

/** A class of the project. */
export type ClassConstructor = abstract new (...values: never[]) => object;

/** Classes by their CIDL name. */
export type ClassRegistry = Readonly<Record<string, ClassConstructor>>;

/** What reviving needs: the shapes, the classes, and the bytes that blob numbers stand for. */
export interface Revival {
  readonly shapes: readonly Shape[];
  readonly classes: ClassRegistry;
  /** The blob that `value` stands for: an index into those of the request, or a base64 text. */
  readonly blob: (value: number | string, form: BlobForm) => unknown;
  /** The stream that `value` stands for: the request's body, or one out of storage. */
  readonly stream: (value: unknown) => unknown;
}

/** The value of shape `shape`, with everything in it revived. Arrays and plain members are kept in place. */
export function revive(value: unknown, shape: number, revival: Revival): unknown {
  if (shape < 0 || value === null || value === undefined) return value;
  const description = revival.shapes[shape];
  if (description === undefined) return value;
  switch (description.kind) {
    case "date":
      return new Date(value as string);
    case "blob":
      return revival.blob(value as number | string, description.as);
    case "stream":
      return revival.stream(value);
    case "r2Object":
      return reviveObject(value as Record<string, unknown>);
    case "array": {
      const items = value as unknown[];
      if (description.of < 0) return items;
      for (let index = 0; index < items.length; index++)
        items[index] = revive(items[index], description.of, revival);
      return items;
    }
    case "object": {
      const source = value as Record<string, unknown>;
      for (const [name, inner] of description.fields) {
        const member = source[name];
        if (member !== undefined && member !== null) source[name] = revive(member, inner, revival);
      }
      const constructor = revival.classes[description.class] as (new () => object) | undefined;
      return constructor === undefined ? source : Object.assign(new constructor(), source);
    }
  }
}
