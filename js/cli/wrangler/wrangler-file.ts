// The wrangler file of a project: found, read, created or added to.
import { stat } from "node:fs/promises";
import { dirname, extname, join, relative, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { CliError } from "../cli-error.js";
import type { BindingNeed, WranglerNeeds } from "../compiler.js";
import type { Project } from "../config/project.js";
import { portablePath } from "../extract/find-sources.js";
import { readIfPresent, writeIfChanged } from "../files.js";
import {
  describeAddition,
  environmentWarnings,
  planAdditions,
  withAdditions,
} from "./additions.js";
import type { Addition, WranglerContent } from "./additions.js";
import { devVarsKeys, devVarsPath, ensureSecrets } from "./dev-vars.js";
import { addToJsonc, emptyJsonc, parseJsoncContent } from "./jsonc.js";
import { imports } from "./mounting.js";
import { installedRuntimeDate } from "./runtime-date.js";
import { addToToml, emptyToml, parseTomlContent } from "./toml.js";

/** A wrangler file as it stands; `text` and `content` are null when there is none yet. */
export interface WranglerFile {
  /** Absolute. */
  path: string;
  format: "toml" | "json";
  text: string | null;
  content: WranglerContent | null;
}

/** What was done to the files, and what could not be; one sentence each. */
export interface WranglerReport {
  done: string[];
  warnings: string[];
}

/** The order in which wrangler itself looks. */
const fileNames = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"] as const;

/** The folder the compiler takes for granted in `migrations_dir`. */
const defaultMigrationsDir = "migrations";

/**
 * Reads the project's wrangler file: the one its config names, else the first of wrangler's own names in the root.
 * @throws CliError when it cannot be parsed.
 */
export async function readWranglerFile(project: Project): Promise<WranglerFile> {
  const path = await findWranglerFile(project);
  const format = extname(path) === ".toml" ? "toml" : "json";
  const text = await readIfPresent(path);
  if (text === null) return { path, format, text, content: null };
  const label = portablePath(project.root, path);
  const parse = format === "toml" ? parseTomlContent : parseJsoncContent;
  return { path, format, text, content: parse(label, text) };
}

/** Adds what is missing, creating the file when there is none; secrets go to .dev.vars beside it. */
export async function updateWranglerFile(
  project: Project,
  file: WranglerFile,
  needs: WranglerNeeds,
): Promise<WranglerReport> {
  const folder = dirname(file.path);
  const label = portablePath(project.root, file.path);
  const local = await localNeeds(project, folder, needs);
  const secretsText = (await readIfPresent(devVarsPath(folder))) ?? "";
  const { additions, warnings } = planAdditions(
    file.content ?? {},
    local,
    devVarsKeys(secretsText),
  );
  const done: string[] = [];
  if (file.text === null || additions.length > 0) {
    const text = editWranglerText(label, file, additions);
    if (await writeIfChanged(file.path, text)) {
      const what = additions.map(describeAddition).join(", ");
      done.push(file.text === null ? `created ${label}` : `updated ${label}: added ${what}`);
    }
  }
  done.push(...(await ensureSecrets(folder, needs.secrets)));
  return {
    done,
    warnings: [
      ...warnings.map((warning) => `${label}: ${warning}`),
      ...environmentWarnings(file.content ?? {}, local).map((warning) => `${label}: ${warning}`),
      ...migrationWarnings(label, file.content ?? {}, local),
      ...(await mountingWarnings(label, project, file, needs)),
    ],
  };
}

/** The file's text with the additions in it, checked to parse to just that. */
function editWranglerText(
  label: string,
  file: WranglerFile,
  additions: readonly Addition[],
): string {
  if (file.format === "toml") return addToToml(label, file.text ?? emptyToml, additions);
  const text = addToJsonc(file.text ?? emptyJsonc, additions);
  const wanted = withAdditions(file.content ?? {}, additions);
  if (!isDeepStrictEqual(parseJsoncContent(label, text), wanted)) {
    throw new CliError(`${label}: cannot add to this file without rewriting it`, {
      hint: `make sure that it holds ${additions.map(describeAddition).join(", ")}`,
    });
  }
  return text;
}

async function findWranglerFile(project: Project): Promise<string> {
  const { root, wranglerPath, wranglerFormat } = project;
  const created = `wrangler.${wranglerFormat}`;
  let folder = root;
  if (wranglerPath !== null) {
    const found = await stat(wranglerPath).catch(() => null);
    if (found?.isDirectory() !== true) {
      if (/\.(?:toml|jsonc?)$/.test(wranglerPath)) return wranglerPath;
      throw new CliError(
        `"wranglerPath" must name a .toml, .json or .jsonc file or an existing folder, not ${wranglerPath}`,
      );
    }
    folder = wranglerPath;
  }
  for (const name of fileNames) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found?.isFile() === true) return join(folder, name);
  }
  return join(folder, created);
}

/** The needs as the wrangler file must write them: paths relative to its own folder, a date that the runtime knows. */
async function localNeeds(
  project: Project,
  folder: string,
  needs: WranglerNeeds,
): Promise<WranglerNeeds> {
  const migrations = portablePath(folder, project.migrationsDir);
  const withMigrations = (need: BindingNeed): BindingNeed => {
    const given = need["migrations_dir"];
    if (typeof given !== "string") return need;
    const inner = relative(defaultMigrationsDir, given).split("\\").join("/");
    const inside = inner === "" || inner.startsWith("..") ? "" : `/${inner}`;
    return { ...need, migrations_dir: migrations + inside };
  };
  const installed = await installedRuntimeDate(project.root);
  const tooNew = installed !== null && installed < needs.compatibility_date;
  return {
    ...needs,
    compatibility_date: tooNew ? installed : needs.compatibility_date,
    main: portablePath(folder, resolve(project.root, needs.main)),
    d1_databases: needs.d1_databases.map(withMigrations),
  };
}

/** A `main` of the project's own serves the models only if it mounts them. */
async function mountingWarnings(
  label: string,
  project: Project,
  file: WranglerFile,
  needs: WranglerNeeds,
): Promise<string[]> {
  const main = file.content?.["main"];
  if (typeof main !== "string") return [];
  const own = resolve(dirname(file.path), main);
  const generated = resolve(project.root, needs.main);
  if (own === generated || (await imports(own, generated.replace(/\.ts$/, "")))) return [];
  const from = portablePath(dirname(own), generated.replace(/\.ts$/, ""));
  return [
    `${label}: main is ${JSON.stringify(main)}, which does not import the generated app, so no request reaches it. ` +
      `Mount it there:\n\n` +
      `  import { app } from ${JSON.stringify(from.startsWith(".") ? from : `./${from}`)};\n` +
      `  if (app.owns(request)) return app.run(request, env, ctx);\n`,
  ];
}

/** A database that is there already but looks for its migrations elsewhere would never see ours. */
function migrationWarnings(
  label: string,
  content: WranglerContent,
  needs: WranglerNeeds,
): string[] {
  const databases = Array.isArray(content["d1_databases"])
    ? (content["d1_databases"] as unknown[])
    : [];
  return needs.d1_databases.flatMap((need) => {
    const present = databases.find(
      (one) => (one as Record<string, unknown> | null)?.["binding"] === need.binding,
    ) as Record<string, unknown> | undefined;
    if (present === undefined) return [];
    const folder = present["migrations_dir"] ?? defaultMigrationsDir;
    const wanted = need["migrations_dir"];
    if (typeof wanted !== "string" || samePath(folder, wanted)) return [];
    return [
      `${label}: the database "${need.binding}" takes its migrations from ${JSON.stringify(folder)}; ` +
        `\`cloesce migrate\` writes them to ${JSON.stringify(wanted)}: set its migrations_dir to that`,
    ];
  });
}

function samePath(a: unknown, b: string): boolean {
  return typeof a === "string" && resolve("/", a) === resolve("/", b);
}
