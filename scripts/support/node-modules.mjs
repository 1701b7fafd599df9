// node_modules against the lockfile: whether it is what `npm ci` would make.
import { existsSync, readFileSync } from "node:fs";
import { at } from "./paths.mjs";
import { run } from "./run.mjs";

/** Whether every package of the lockfile is installed in the locked version. Optional ones may be absent. */
export function nodeModulesFresh() {
  const installedList = at("node_modules", ".package-lock.json");
  if (!existsSync(installedList) || !existsSync(at("node_modules", "node", "bin"))) return false;
  const locked = JSON.parse(readFileSync(at("package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedList, "utf8")).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/** Installs exactly the lockfile. */
export async function installNodeModules() {
  // The pinned Node is not there yet, so npm may find the machine's too old for some tools: they will run on ours.
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}
