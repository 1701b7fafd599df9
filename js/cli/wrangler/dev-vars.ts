// .dev.vars: where wrangler finds secrets in local development. Keys are added, never changed, and git is kept off it.
import { join } from "node:path";

import { readIfPresent, writeIfChanged } from "../files.js";
import { ensureIgnored } from "../ignored.js";

const fileName = ".dev.vars";

const header = `# Secrets for local development; in production use \`wrangler secret put NAME\`.
`;

/** The file beside the wrangler file of `folder`. */
export function devVarsPath(folder: string): string {
  return join(folder, fileName);
}

/** The keys of a dotenv text, values that run over several lines skipped. */
export function devVarsKeys(text: string): Set<string> {
  const keys = new Set<string>();
  const line =
    /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^\n]*)/gm;
  for (const match of text.matchAll(line)) keys.add(match[1] ?? "");
  return keys;
}

/** Adds the keys that are missing, with empty values. Answers what was done, one sentence each. */
export async function ensureSecrets(folder: string, secrets: readonly string[]): Promise<string[]> {
  if (secrets.length === 0) return [];
  const done: string[] = [];
  const path = devVarsPath(folder);
  const text = await readIfPresent(path);
  const present = devVarsKeys(text ?? "");
  const missing = secrets.filter((secret) => !present.has(secret));
  if (missing.length > 0) {
    const eol = text?.includes("\r\n") === true ? "\r\n" : "\n";
    const start = text === null ? header : text === "" || text.endsWith("\n") ? text : text + eol;
    await writeIfChanged(path, start + missing.map((secret) => `${secret}=""${eol}`).join(""));
    done.push(
      `${text === null ? "created" : "updated"} ${fileName}: fill in ${missing.join(", ")}`,
    );
  }
  const ignored = await ensureIgnored(folder, fileName);
  return ignored === null ? done : [...done, ignored];
}
