// What callers may see of a value: all but its hidden members.

import type { Shape } from "./manifest.js";

/**
 * `value` without the hidden members of shape `shape`, at any depth; the value itself where there are none. Of a list
 * where one object was declared each is looked at, and the other way round: what goes out counts, not its type.
 */
export function visible(value: unknown, shape: number, shapes: readonly Shape[]): unknown {
  const description = shapes[shape] as Extract<Shape, { hidden?: unknown }> | undefined;
  const hidden = description?.hidden;
  if (hidden === undefined || typeof value !== "object" || value === null) return value;
  const { toJSON } = value as { toJSON?: () => unknown };
  const source = typeof toJSON === "function" ? toJSON.call(value) : value;
  const isArray = description?.kind === "array";
  if (Array.isArray(source))
    return source.map((item) => visible(item, isArray ? description.of : shape, shapes));
  if (isArray) return visible(source, description.of, shapes);
  const members = Object.entries(source as object).filter(([name]) => !hidden.includes(name));
  return Object.fromEntries(
    members.map(([name, member]) => {
      const field = description?.fields.find(([of]) => of === name);
      return [name, visible(member, field?.[1] ?? -1, shapes)];
    }),
  );
}
