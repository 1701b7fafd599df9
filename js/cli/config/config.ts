// cloesce.config.json: its keys, their types and what holds when they are left out.
import { getNodeValue } from "jsonc-parser";
import type { Node } from "jsonc-parser";

import { CliError } from "../cli-error.js";
import { members, parseJsonObject, position } from "../json-text.js";
import type { JsonDocument } from "../json-text.js";
import type { NestedWrites } from "../extract/pre.js";

/** The file's name; it marks the project root. */
export const configFileName = "cloesce.config.json";

/** What the config file says; a key that is absent is undefined. Paths are as written. */
export interface ConfigFile {
  source?: string[];
  outPath?: string;
  workersUrl?: string;
  clientUrl?: string | null;
  nestedWrites?: NestedWrites;
  migrationsPath?: string;
  projectName?: string;
  truncateSourcePaths?: boolean;
  wranglerPath?: string;
  wranglerFormat?: WranglerFormat;
  bindings?: Record<string, BucketBinding>;
}

/** A KV namespace that `serve` has on a bucket with history: on the servers of `nats`, else beside its other storage. */
export interface BucketBinding {
  nats?: string | string[];
  bucket: string;
  history?: number;
  markerTtl?: number;
  replicas?: number;
  cache?: boolean;
}

/** The form a wrangler file is created in. */
export type WranglerFormat = "toml" | "jsonc";

export interface ParsedConfig {
  config: ConfigFile;
  /** Sentences about keys that mean nothing here. */
  warnings: string[];
}

/** Every key that is understood, with the key of ConfigFile it fills. */
const keys: ReadonlyMap<string, { field: keyof ConfigFile; read: (at: Place) => unknown }> =
  new Map([
    ["source", { field: "source", read: readPaths }],
    ["paths", { field: "source", read: readPaths }],
    ["outPath", { field: "outPath", read: readPath }],
    ["workersUrl", { field: "workersUrl", read: readUrl }],
    ["clientUrl", { field: "clientUrl", read: readNullableUrl }],
    ["nestedWrites", { field: "nestedWrites", read: readNestedWrites }],
    ["migrationsPath", { field: "migrationsPath", read: readPath }],
    ["migrations", { field: "migrationsPath", read: readPath }],
    ["projectName", { field: "projectName", read: readPath }],
    ["truncateSourcePaths", { field: "truncateSourcePaths", read: readBoolean }],
    ["wranglerPath", { field: "wranglerPath", read: readPath }],
    ["bindings", { field: "bindings", read: readBindings }],
    ["wranglerFormat", { field: "wranglerFormat", read: readFormat }],
  ]);

/** A value with the file around it, so that a complaint can name the place. */
interface Place {
  document: JsonDocument;
  key: string;
  value: Node;
}

/**
 * Reads the text of a config file. `label` is how messages call it.
 * @throws CliError for text that is not JSON, a wrong type, and a setting that is given under two names.
 */
export function parseConfig(label: string, text: string): ParsedConfig {
  const document = parseJsonObject(label, text);
  const config: Record<string, unknown> = {};
  const warnings: string[] = [];
  const givenAs = new Map<string, string>();
  for (const { key, keyNode, value } of members(document.root)) {
    if (key === "$schema") continue;
    const known = keys.get(key);
    if (known === undefined) {
      const place = position(label, text, keyNode.offset);
      const guess = nearestKey(key);
      const advice = guess === null ? "" : `; did you mean "${guess}"?`;
      warnings.push(`${place}: unknown key "${key}" is ignored${advice}`);
      continue;
    }
    const twin = givenAs.get(known.field);
    if (twin !== undefined) {
      const place = position(label, text, keyNode.offset);
      const what =
        twin === key ? `"${key}" is given twice` : `"${twin}" and "${key}" mean the same`;
      throw new CliError(`${place}: ${what}`, { hint: "keep one of them" });
    }
    givenAs.set(known.field, key);
    config[known.field] = known.read({ document, key, value });
  }
  return { config: config as ConfigFile, warnings };
}

function reject(at: Place, expected: string): never {
  const { document, key, value } = at;
  const given = document.text.slice(value.offset, value.offset + value.length);
  const shown = given.length > 40 ? `${given.slice(0, 40)}…` : given;
  throw new CliError(
    `${position(document.label, document.text, value.offset)}: "${key}" must be ${expected}, not ${shown}`,
  );
}

function readString(at: Place, expected: string): string {
  const value: unknown = getNodeValue(at.value);
  return typeof value === "string" && value.trim() !== "" ? value : reject(at, expected);
}

function readPath(at: Place): string {
  return readString(at, "a string that is not empty");
}

function readPaths(at: Place): string[] {
  const expected = "a path or a list of paths";
  if (at.value.type === "string") return [readString(at, expected)];
  const value: unknown = getNodeValue(at.value);
  if (!Array.isArray(value) || value.length === 0) return reject(at, expected);
  return value.map((entry) =>
    typeof entry === "string" && entry.trim() !== "" ? entry : reject(at, expected),
  );
}

function readUrl(at: Place): string {
  const expected = 'a URL such as "http://localhost:8787/api"';
  const text = readString(at, expected);
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === "http:" || url?.protocol === "https:" ? text : reject(at, expected);
}

function readNullableUrl(at: Place): string | null {
  return at.value.type === "null" ? null : readUrl(at);
}

function readBoolean(at: Place): boolean {
  const value: unknown = getNodeValue(at.value);
  return typeof value === "boolean" ? value : reject(at, "true or false");
}

function readBindings(at: Place): Record<string, BucketBinding> {
  const value: unknown = getNodeValue(at.value);
  if (!isRecord(value)) return reject(at, "an object of bindings by name");
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => [name, readBucketBinding(at, name, given)]),
  );
}

const bindingTypes: Readonly<Record<string, string>> = {
  nats: "an address such as nats://127.0.0.1:4222, or a list of them",
  bucket: "a name of A-Z a-z 0-9 - and _",
  history: "a whole number from 1 to 64",
  markerTtl: "a whole number of seconds from 1 on",
  replicas: "a whole number from 1 to 5",
  cache: "true or false",
};

function readBucketBinding(at: Place, name: string, given: unknown): BucketBinding {
  const place = position(at.document.label, at.document.text, at.value.offset);
  const wrong = (what: string): never => {
    throw new CliError(`${place}: the binding "${name}" ${what}`);
  };
  if (!isRecord(given)) return wrong('must be an object with a "bucket"');
  const whole = (value: unknown, most: number): boolean =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
  const servers = Array.isArray(given["nats"]) ? (given["nats"] as unknown[]) : [given["nats"]];
  const fits: Readonly<Record<string, boolean>> = {
    nats:
      given["nats"] === undefined ||
      (servers.length > 0 && servers.every((one) => typeof one === "string" && one !== "")),
    bucket: typeof given["bucket"] === "string" && /^[A-Za-z0-9_-]+$/.test(given["bucket"]),
    history: given["history"] === undefined || whole(given["history"], 64),
    markerTtl: given["markerTtl"] === undefined || whole(given["markerTtl"], 1e9),
    replicas: given["replicas"] === undefined || whole(given["replicas"], 5),
    cache: given["cache"] === undefined || typeof given["cache"] === "boolean",
  };
  for (const key of Object.keys(given))
    if (!(key in fits)) return wrong(`has "${key}", which means nothing here`);
  for (const [key, fit] of Object.entries(fits))
    if (!fit) return wrong(`needs "${key}" to be ${bindingTypes[key] ?? "something else"}`);
  if (given["nats"] === undefined && given["replicas"] !== undefined)
    return wrong('has "replicas", which are servers: name them by "nats"');
  return given as unknown as BucketBinding;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readFormat(at: Place): WranglerFormat {
  const value: unknown = getNodeValue(at.value);
  return value === "toml" || value === "jsonc" ? value : reject(at, '"toml" or "jsonc"');
}

function readNestedWrites(at: Place): NestedWrites {
  const value: unknown = getNodeValue(at.value);
  return value === "granted" || value === "dataSource"
    ? value
    : reject(at, '"granted" or "dataSource"');
}

/** The known key that `key` is most likely meant to be, or null when none is near. */
function nearestKey(key: string): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(key.length / 3)) + 1;
  for (const candidate of keys.keys()) {
    const distance = editDistance(key.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
