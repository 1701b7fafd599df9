// Builds the page into dist/: one script and one that runs before it, one style sheet, and the static files beside them.
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = (name) => fileURLToPath(new URL(name, import.meta.url));

await rm(folder("dist"), { recursive: true, force: true });
await cp(folder("page/static"), folder("dist"), { recursive: true });
await build({
  entryPoints: { main: folder("page/main.ts"), early: folder("page/early.ts") },
  outdir: folder("dist"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: "linked",
  logLevel: "warning",
  tsconfig: folder("page/tsconfig.json"),
});
