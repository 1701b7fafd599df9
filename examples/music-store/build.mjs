// Builds the page into dist/: one script and one that runs before it, one style sheet, and the static files beside them. What
// is there already stays as it is when nothing has changed, since a server may be reading it.
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = (name) => fileURLToPath(new URL(name, import.meta.url));

await mkdir(folder(".cache"), { recursive: true });
const made = await mkdtemp(folder(".cache/page-"));
try {
  await cp(folder("page/static"), made, { recursive: true });
  await build({
    entryPoints: { main: folder("page/main.ts"), early: folder("page/early.ts") },
    outdir: made,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: "linked",
    logLevel: "warning",
    tsconfig: folder("page/tsconfig.json"),
  });
  if (!(await isSame(made, folder("dist")))) await replace(folder("dist"), made);
} finally {
  await rm(made, { recursive: true, force: true });
}

/** Whether two folders have the same files. */
async function isSame(left, right) {
  const [names, others] = await Promise.all([filesIn(left), filesIn(right)]);
  if (names.join("\n") !== others.join("\n")) return false;
  for (const name of names) {
    const [here, there] = await Promise.all([left, right].map((at) => readFile(join(at, name))));
    if (!here.equals(there)) return false;
  }
  return true;
}

async function filesIn(at) {
  const entries = await readdir(at, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
    .sort();
}

/** Puts `made` in the place of `old`. Of several that do so at a time one is the last, and all are the same. */
async function replace(old, made) {
  const aside = `${made}-before`;
  await rename(old, aside).catch(ignore("ENOENT"));
  await rename(made, old).catch(ignore("ENOTEMPTY", "EEXIST"));
  await rm(aside, { recursive: true, force: true });
}

function ignore(...codes) {
  return (error) => {
    if (!codes.includes(error.code)) throw error;
  };
}
