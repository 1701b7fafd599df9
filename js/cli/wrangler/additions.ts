// What a wrangler file lacks: pure decisions, independent of the file's format.
import type { BindingNeed, WranglerNeeds } from "../compiler.js";
import { bucketName, workerName } from "./names.js";

/** One thing to add to a wrangler file. */
export type Addition =
  | { kind: "scalar"; key: string; value: string | boolean }
  | { kind: "binding"; list: BindingList; entry: BindingNeed }
  | { kind: "variable"; key: string; value: unknown };

export const bindingLists = ["d1_databases", "kv_namespaces", "r2_buckets"] as const;
export type BindingList = (typeof bindingLists)[number];

/** A wrangler file's content as plain data. */
export type WranglerContent = Readonly<Record<string, unknown>>;

export interface AdditionPlan {
  additions: Addition[];
  /** Things that cannot be added because the file says otherwise, one sentence each. */
  warnings: string[];
}

/**
 * Compares what a file holds with what it must hold. Bindings are matched by their name and variables by their key; what is
 * there stays as it is, whatever it says. `given` are names that the secrets file provides. A file that is new gets a bundle
 * without what only people read, too.
 */
export function planAdditions(
  content: WranglerContent,
  needs: WranglerNeeds,
  given: ReadonlySet<string>,
): AdditionPlan {
  const plan: AdditionPlan = { additions: [], warnings: [] };
  const scalars = {
    name: workerName(needs.name),
    main: needs.main,
    compatibility_date: needs.compatibility_date,
  };
  for (const [key, value] of Object.entries(scalars)) {
    if (content[key] === undefined) plan.additions.push({ kind: "scalar", key, value });
  }
  if (Object.keys(content).length === 0) {
    plan.additions.push({ kind: "scalar", key: "minify", value: true });
  }
  const taken = namesInUse(content);
  for (const list of bindingLists) {
    for (const need of needs[list]) {
      const holder = taken.get(need.binding);
      if (holder === list) continue;
      if (holder !== undefined) {
        plan.warnings.push(
          `the name "${need.binding}" is needed in ${list} but already stands in ${holder}`,
        );
        continue;
      }
      plan.additions.push({ kind: "binding", list, entry: validEntry(list, need) });
    }
  }
  for (const [key, value] of Object.entries(needs.vars)) {
    // A binding of another kind under this name (a service, a queue) is the user's own way to provide it.
    if (taken.has(key) || given.has(key)) continue;
    plan.additions.push({ kind: "variable", key, value });
  }
  return plan;
}

/**
 * Wrangler gives an environment none of the bindings and variables of the top level. One sentence for each environment that
 * has not got them all.
 */
export function environmentWarnings(content: WranglerContent, needs: WranglerNeeds): string[] {
  return Object.entries(asRecord(content["env"])).flatMap(([name, section]) => {
    const own = namesInUse(asRecord(section));
    const needed = [
      ...bindingLists.flatMap((list) => needs[list].map(({ binding }) => binding)),
      ...Object.keys(needs.vars),
    ];
    const missing = needed.filter((one) => !own.has(one));
    if (missing.length === 0) return [];
    return [
      `the environment "${name}" lacks ${missing.join(", ")}: environments do not inherit bindings and vars ` +
        `from the top level, so copy those sections into it`,
    ];
  });
}

/** The content with the additions in it; what an edited file must parse to. */
export function withAdditions(
  content: WranglerContent,
  additions: readonly Addition[],
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...content };
  for (const addition of additions) {
    switch (addition.kind) {
      case "scalar":
        result[addition.key] = addition.value;
        break;
      case "binding":
        result[addition.list] = [...asArray(result[addition.list]), addition.entry];
        break;
      case "variable":
        result["vars"] = { ...asRecord(result["vars"]), [addition.key]: addition.value };
        break;
    }
  }
  return result;
}

/** How a message names an addition: `main`, `d1_databases "db"`, `vars.greeting`. */
export function describeAddition(addition: Addition): string {
  switch (addition.kind) {
    case "scalar":
      return addition.key;
    case "binding":
      return `${addition.list} "${addition.entry.binding}"`;
    case "variable":
      return `vars.${addition.key}`;
  }
}

function validEntry(list: BindingList, need: BindingNeed): BindingNeed {
  const name = need["bucket_name"];
  return list === "r2_buckets" && typeof name === "string"
    ? { ...need, bucket_name: bucketName(name) }
    : need;
}

/** Sections whose entries call their binding `name`. */
const namedSections: ReadonlySet<string> = new Set([
  "durable_objects",
  "ratelimits",
  "send_email",
  "unsafe",
]);

/** Every name that ends up on `env`, with the key of the file it stands under. */
function namesInUse(content: WranglerContent): Map<string, string> {
  const names = new Map<string, string>();
  for (const key of Object.keys(asRecord(content["vars"]))) names.set(key, "vars");
  for (const [key, value] of Object.entries(content)) {
    if (key === "vars" || key === "env") continue;
    const inner = Object.values(asRecord(value)).flatMap(asArray);
    for (const entry of [value, ...asArray(value), ...inner]) {
      const { binding, name } = asRecord(entry);
      if (typeof binding === "string") names.set(binding, key);
      else if (typeof name === "string" && namedSections.has(key)) names.set(name, key);
    }
  }
  return names;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
