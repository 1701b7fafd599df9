// The real local KV, R2 and D1 in Node, for tests that need no Worker.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { getPlatformProxy } from "wrangler";

/** Starts the bindings that `config` names, members of a wrangler file; nothing of them outlives `release`. */
export async function openLocalBindings(name, config) {
  const folder = await mkdtemp(path.join(tmpdir(), `cloesce-${name}-`));
  const configPath = path.join(folder, "wrangler.json");
  await writeFile(
    configPath,
    JSON.stringify({ name, compatibility_date: "2026-11-01", ...config }),
  );
  const { env } = await getPlatformProxy({ configPath, persist: false });
  const release = async () => {
    await rm(folder, { recursive: true, force: true });
    // The proxy is not disposed of: with values of its own still alive it can block this thread for good. It stops its
    // workerd when the process ends.
    setTimeout(() => process.exit(), 500);
  };
  return { env, release };
}
