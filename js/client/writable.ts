// What a save sends of an object: all of it but for what its caller has only read along.
import { isAsRead } from "./read-along.js";

/** What of a relation, or of a member that KV or R2 hold, is sent. */
export interface RelationRule {
  /** A member that KV or R2 hold: what was read of it is not sent. */
  readonly stored?: true;
  /** Members that name a row: of one that was read nothing else is sent. */
  readonly key?: readonly string[];
  /** Those of the rows below, where they are written. */
  readonly rules?: () => SaveRules;
}

/** By member; one that is not among them is sent as it is. */
export type SaveRules = Readonly<Record<string, RelationRule>>;

/**
 * What is sent of `row`. Only instances are cut: what was read is known to be no more than that, while a plain object is a
 * caller's wish, which the worker grants or refuses.
 */
export function writable(rules: SaveRules, row: unknown): unknown {
  if (typeof row !== "object" || row === null) return row;
  const sent: [string, unknown][] = [];
  for (const [name, value] of Object.entries(row)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    sent.push([name, rule === undefined ? value : related(rule, value)]);
  }
  return Object.fromEntries(sent);
}

/** What is sent of the rows of a relation; undefined is left out. */
function related(rule: RelationRule, value: unknown): unknown {
  if (rule.stored) return isAsRead(value) ? undefined : value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => related(rule, item));
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  if (isInstance(value)) {
    if (rule.key !== undefined) return named(rule.key, value as Record<string, unknown>);
    if (rule.rules === undefined) return undefined;
  }
  return rule.rules === undefined ? value : writable(rule.rules(), value);
}

/**
 * What is sent of `row` where data sources say what is written: all of it but for what KV and R2 held when it was read. What has
 * nothing of that below it stays the object that it is.
 */
export function withoutRead(row: unknown): unknown {
  if (typeof row !== "object" || row === null || ArrayBuffer.isView(row)) return row;
  if (Array.isArray(row)) {
    const items = row.filter((item) => !isAsRead(item)).map(withoutRead);
    return isSame(items, row) ? row : items;
  }
  const members = Object.entries(row).filter(([, value]) => !isAsRead(value));
  const sent = Object.fromEntries(members.map(([name, value]) => [name, withoutRead(value)]));
  return isSame(Object.values(sent), Object.values(row)) ? row : sent;
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

function named(key: readonly string[], row: Record<string, unknown>): unknown {
  return Object.fromEntries(key.map((name) => [name, row[name]]));
}

function isInstance(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}
