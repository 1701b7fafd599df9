// What the CLI tests share: where the build is, projects on disk, the real executable, and wrangler.
import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
export const fixtures = join(packageRoot, "tests/fixtures/extract");
const executable = join(packageRoot, "dist/cli/main.js");

/** Makes a folder with these files and removes it after the test. */
export async function makeProject(test, files) {
  const root = await mkdtemp(join(tmpdir(), "cloesce-cli-"));
  test.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

export const read = (root, path) => readFile(join(root, path), "utf8");

/** Runs the real executable to its end. */
export function cloesce(cwd, args, environment = {}) {
  const child = startCloesce(cwd, args, environment);
  return child.finished;
}

/** Starts the real executable; `output()` is what it has printed so far. */
export function startCloesce(cwd, args, environment = {}) {
  const { NO_COLOR, FORCE_COLOR, CLOESCE_DEBUG, ...inherited } = process.env;
  const child = spawn(process.execPath, [executable, ...args], {
    cwd,
    env: { ...inherited, ...environment },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const finished = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished, output: () => ({ stdout, stderr }) };
}

/** What `wrangler deploy --dry-run` says of the project, and the bundle in `out`. */
export function dryRun(root) {
  const wrangler = join(packageRoot, "node_modules/wrangler/bin/wrangler.js");
  const result = spawnSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "out"], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      CI: "1",
      NO_COLOR: "1",
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_LOG_PATH: join(root, "log"),
    },
  });
  return { status: result.status, output: result.stdout + result.stderr };
}
