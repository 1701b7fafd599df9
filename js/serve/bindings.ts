// What a wrangler file says a Worker is given: bindings, variables, files, and where migrations lie.

import { dirname, resolve } from "node:path";

/** What is read of a wrangler file. Paths are absolute. */
export interface WorkerBindings {
  readonly kv: readonly string[];
  readonly r2: readonly {
    readonly binding: string;
    readonly bucket: string;
    readonly credentials: S3Credentials | null;
  }[];
  readonly d1: readonly {
    readonly binding: string;
    readonly migrations: string;
    readonly table: string;
  }[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly assets: AssetSettings | null;
  /** Bindings that only workerd can serve, as sentences. */
  readonly unserved: readonly string[];
  readonly tsconfig: string | null;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface AssetSettings {
  readonly directory: string;
  readonly binding: string | null;
  readonly notFound: "none" | "single-page-application" | "404-page";
  /** Patterns of paths that the Worker sees first; true is all of them. */
  readonly workerFirst: readonly string[] | boolean;
}

type Table = Readonly<Record<string, unknown>>;

/** Reads `content`, the parsed wrangler file at `path`. */
export function readBindings(path: string, content: Table): WorkerBindings {
  const folder = dirname(path);
  const text = (table: Table, key: string, otherwise: string): string =>
    typeof table[key] === "string" ? table[key] : otherwise;
  return {
    kv: tables(content["kv_namespaces"]).map((one) => text(one, "binding", "")),
    r2: tables(content["r2_buckets"]).map((one) => ({
      binding: text(one, "binding", ""),
      bucket: text(one, "bucket_name", text(one, "binding", "")),
      credentials: credentialsOf(one),
    })),
    d1: tables(content["d1_databases"]).map((one) => ({
      binding: text(one, "binding", ""),
      migrations: resolve(folder, text(one, "migrations_dir", "migrations")),
      table: text(one, "migrations_table", "d1_migrations"),
    })),
    vars: (content["vars"] ?? {}) as Table,
    assets: assetsOf(folder, content["assets"]),
    unserved: unservedOf(content),
    tsconfig: typeof content["tsconfig"] === "string" ? resolve(folder, content["tsconfig"]) : null,
  };
}

function tables(value: unknown): readonly Table[] {
  return Array.isArray(value) ? (value as Table[]) : [];
}

function credentialsOf(bucket: Table): S3Credentials | null {
  const local = (bucket["local_dev"] ?? {}) as Table;
  const pair = (local["experimental_s3_credentials"] ?? {}) as Table;
  const { accessKeyId, secretAccessKey } = pair;
  return typeof accessKeyId === "string" && typeof secretAccessKey === "string"
    ? { accessKeyId, secretAccessKey }
    : null;
}

function assetsOf(folder: string, value: unknown): AssetSettings | null {
  const assets = (value ?? {}) as Table;
  if (typeof assets["directory"] !== "string") return null;
  const notFound = assets["not_found_handling"];
  const first = assets["run_worker_first"];
  return {
    directory: resolve(folder, assets["directory"]),
    binding: typeof assets["binding"] === "string" ? assets["binding"] : null,
    notFound: notFound === "single-page-application" || notFound === "404-page" ? notFound : "none",
    workerFirst: Array.isArray(first) ? first.map(String) : first === true,
  };
}

/** Kinds of bindings that local storage has nothing for. */
const workerdOnly: Readonly<Record<string, string>> = {
  durable_objects: "Durable Objects",
  queues: "queues",
  services: "services",
  vectorize: "Vectorize",
  ai: "Workers AI",
  hyperdrive: "Hyperdrive",
  workflows: "workflows",
  browser: "the browser",
  analytics_engine_datasets: "Analytics Engine",
};

function unservedOf(content: Table): string[] {
  return Object.entries(workerdOnly)
    .filter(([key]) => content[key] !== undefined)
    .map(
      ([key, what]) =>
        `${what} (${key}) run in workerd alone: use wrangler dev for what needs them`,
    );
}

/** The variables of a dotenv text, as wrangler reads .dev.vars. */
export function readDevVars(text: string): Record<string, string> {
  const vars: Record<string, string> = {};
  const line =
    /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^\n]*)/gm;
  for (const [, name = "", raw = ""] of text.matchAll(line)) {
    const quote = /^(['"`])([\s\S]*)\1$/.exec(raw.trim());
    const value = quote?.[2] ?? raw.replace(/\s+#.*$/, "").trim();
    vars[name] = quote?.[1] === '"' ? value.replace(/\\n/g, "\n").replace(/\\"/g, '"') : value;
  }
  return vars;
}
