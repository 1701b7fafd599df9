// The files that are formatted, and the two formatters.
import { existsSync } from "node:fs";
import { at } from "./paths.mjs";
import { run, runNode } from "./run.mjs";

/** Formats everything, or with `check` fails and names the files that would change. */
export async function formatAll({ check }) {
  const listing = await run("git", [
    "ls-files",
    "-z",
    "-co",
    "--exclude-standard",
    "--deduplicate",
  ]);
  // A file that is deleted but not yet committed is listed too.
  const cpp = listing
    .split("\0")
    .filter((path) => /^(src|wasm|tests)\/.*\.(h|cpp)$/.test(path) && existsSync(at(path)));
  const cppArguments = check ? ["--dry-run", "--Werror"] : ["-i"];
  if (cpp.length > 0) await run("clang-format", [...cppArguments, ...cpp]);
  const prettier = at("node_modules", "prettier", "bin", "prettier.cjs");
  const mode = check ? "--check" : "--write";
  await runNode([prettier, mode, "--log-level=warn", "."]);
  return `${cpp.length} C++ files`;
}
