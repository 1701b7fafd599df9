// What the scopes of an app answer for a request, of the engines that serve them.

import { HttpResult, jsonOf, type ScopesPart, undefinedIn } from "../worker/index.js";

/** The conditions of each model: several scopes of one all hold. */
export const scopes: ScopesPart = async ({ scopes: known }, core, names, di) => {
  const all: Record<string, object | null> = {};
  for (const name of names.split(",")) {
    const conditions: object[] = [];
    for (const scope of known) {
      if (scope.name !== name) continue;
      const where = await scope.where(di);
      if (where instanceof HttpResult && !where.ok) throw where;
      if (where === null) continue;
      // What is forgotten would otherwise be all rows.
      if (typeof where !== "object" || where instanceof HttpResult)
        throw new TypeError(`the scope of ${name} answered no conditions: null is all rows`);
      const missing = undefinedIn(where);
      if (missing !== undefined)
        throw new TypeError(`the scope of ${name}: ${missing} is undefined`);
      conditions.push(where);
    }
    all[name] = conditions.length > 1 ? { AND: conditions } : (conditions[0] ?? null);
  }
  return jsonOf(all, (blob) =>
    blob instanceof Blob
      ? blob
      : core.encodeBase64(blob instanceof ArrayBuffer ? new Uint8Array(blob) : blob),
  );
};
