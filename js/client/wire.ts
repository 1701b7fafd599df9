// From JSON to values: dates, bytes and instances, by the types that the generated client describes.
import { decodeBase64 } from "./base64.js";
import { noteRead } from "./read-along.js";
import { KValue, R2Download, R2Object } from "./stored.js";

/**
 * A type whose values are not what `JSON.parse` makes of them. A function leads to the shape of a class (late, so
 * that classes may refer to each other in any order); an array of one type is a list of it.
 */
export type Wire =
  | "date"
  | "blob" // Uint8Array
  | "file" // Blob
  | "stream"
  | "r2object"
  | "r2download"
  | (() => Shape<object>)
  | readonly [Wire]
  | { readonly partial: () => Shape<object> }
  | { readonly kvalue: Wire | "json" }
  | { readonly page: Wire };

/** A class of the generated client: how to make one, and which of its fields are more than JSON. */
export interface Shape<T extends object> {
  readonly make: () => T;
  readonly fields: Readonly<Record<string, Wire>>;
  /** Members that the worker takes from no caller. */
  readonly readOnly?: readonly string[];
}

/** An instance of the class of `shape` with the members of `data`, revived. */
export function fromJson<T extends object>(shape: Shape<T>, data: unknown): T {
  return fill(shape.make(), shape.fields, data, "it");
}

/** `value` of the type `wire` as it is given to the worker: a copy without read-only members, at any depth. */
export function given(value: unknown, wire: Wire | "json" | undefined): unknown {
  if (value === null || typeof value !== "object" || wire === undefined) return value;
  if (typeof wire === "string") return value;
  if (Array.isArray(wire)) {
    const [item] = wire as readonly [Wire];
    return (value as readonly unknown[]).map((one) => given(one, item));
  }
  const { fields, readOnly = [] } = membersOf(wire as Exclude<typeof wire, readonly [Wire]>);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !readOnly.includes(name))
      .map(([name, member]) => [
        name,
        Object.hasOwn(fields, name) ? given(member, fields[name]) : member,
      ]),
  );
}

function membersOf(wire: Exclude<Wire, string | readonly [Wire]>): {
  readonly fields: Readonly<Record<string, Wire | "json">>;
  readonly readOnly?: readonly string[];
} {
  if (typeof wire === "function") return wire();
  if ("partial" in wire) return wire.partial();
  return { fields: "kvalue" in wire ? { value: wire.kvalue } : { items: [wire.page] } };
}

/**
 * What `value`, fresh from `JSON.parse`, stands for. Null and undefined stand for themselves.
 * @throws TypeError that names the place where the value is not what `wire` says.
 */
export function revive(value: unknown, wire: Wire | "json" | undefined, path = "it"): unknown {
  if (value === null || value === undefined || wire === undefined || wire === "json") return value;
  if (wire === "date") return readDate(value, path);
  if (wire === "blob") return bytes(value, path);
  if (wire === "file") return new Blob([bytes(value, path)]);
  if (wire === "stream") return new Blob([bytes(value, path)]).stream();
  if (Array.isArray(wire)) {
    if (!Array.isArray(value)) throw unlike(path, "a list", value);
    return value.map((item, index) => revive(item, wire[0] as Wire, `${path}[${index}]`));
  }
  if (typeof value !== "object" || Array.isArray(value)) throw unlike(path, "an object", value);
  if (wire === "r2object") return describe(new R2Object(), value, path);
  if (wire === "r2download") return describe(new R2Download(), value, path);
  if (typeof wire === "function") return fill(wire().make(), wire().fields, value, path);
  const form = wire as Exclude<Wire, string | readonly [Wire] | (() => Shape<object>)>;
  if ("partial" in form) return fill({}, form.partial().fields, value, path, "partial");
  if ("kvalue" in form) return fill(new KValue(), { value: form.kvalue }, value, path);
  return fill({}, { items: [form.page] }, value, path);
}

/**
 * A date out of JSON. What SQL wrote by itself is read as the Worker reads it: milliseconds since 1970, and texts that name
 * no zone as UTC.
 */
function readDate(value: unknown, path: string): Date {
  const zoneless = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/;
  const date =
    typeof value === "string"
      ? new Date(value.replace(zoneless, "$1T$2Z"))
      : new Date(typeof value === "number" ? value : NaN);
  if (Number.isNaN(date.getTime())) throw unlike(path, "a date", value);
  return date;
}

function bytes(value: unknown, path: string): Uint8Array<ArrayBuffer> {
  if (typeof value !== "string") throw unlike(path, "base64", value);
  return decodeBase64(value);
}

function unlike(path: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${path} is ${JSON.stringify(value).slice(0, 60)}, not ${expected}`);
}

function describe(target: R2Object, data: unknown, path: string): R2Object {
  const object = fill(target, { uploaded: "date", expires: "date" }, data, path);
  const { httpMetadata } = object;
  if (httpMetadata?.cacheExpiry) {
    object.httpMetadata = { ...httpMetadata, cacheExpiry: new Date(httpMetadata.cacheExpiry) };
  }
  return object;
}

/** Copies the members of `data` to `target`, revived. What is below a partial object is partial too. */
function fill<T extends object>(
  target: T,
  fields: Readonly<Record<string, Wire | "json">>,
  data: unknown,
  path: string,
  depth: "whole" | "partial" = "whole",
): T {
  for (const [name, value] of Object.entries(data as object)) {
    if (name === "__proto__") continue; // assigning it would replace the prototype
    const wire = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const member = revive(value, depth === "partial" ? partial(wire) : wire, `${path}.${name}`);
    (target as Record<string, unknown>)[name] = member;
    if (isStored(wire)) noteRead(member);
  }
  return target;
}

/** Whether KV or R2 hold what is of the type `wire`. */
function isStored(wire: Wire | "json" | undefined): boolean {
  if (typeof wire === "string") return wire === "r2object" || wire === "r2download";
  if (Array.isArray(wire)) return isStored(wire[0] as Wire);
  return typeof wire === "object" && ("kvalue" in wire || "page" in wire);
}

function partial(wire: Wire | "json" | undefined): Wire | "json" | undefined {
  if (typeof wire === "function") return { partial: wire };
  return Array.isArray(wire) ? [partial(wire[0] as Wire) as Wire] : wire;
}
