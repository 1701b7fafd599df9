// A project's TypeScript as a module that Node imports. esbuild is the project's own: wrangler brings it along.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The little of esbuild that is used. */
interface Esbuild {
  build(options: object): Promise<unknown>;
}

export interface BundleInput {
  /** The module to begin with. */
  readonly entry: string;
  /** Where the bundle goes; `cloesce/…` is found from there. */
  readonly outfile: string;
  readonly tsconfig: string | null;
  /** "bundled" for a module that is imported from nowhere: everything but Node's own is in it. */
  readonly packages?: "external" | "bundled";
}

/** Writes the bundle and answers its URL. @throws Error that says what is missing or wrong */
export async function bundle({
  entry,
  outfile,
  tsconfig,
  packages = "external",
}: BundleInput): Promise<string> {
  if (!existsSync(entry)) throw new Error(`${entry} does not exist: run "cloesce compile" first`);
  const esbuild = await findEsbuild(dirname(entry));
  await mkdir(dirname(outfile), { recursive: true });
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    // Packages choose what they have for Workers; ours is loaded as Node's, with its wasm beside it.
    conditions: ["workerd", "worker", "browser"],
    external: [
      "node:*",
      "cloudflare:*",
      ...(packages === "external" ? ["cloesce", "cloesce/*"] : []),
    ],
    keepNames: true,
    sourcemap: "inline",
    logLevel: "silent",
    ...(tsconfig === null ? {} : { tsconfig }),
  });
  return pathToFileURL(outfile).href;
}

async function findEsbuild(folder: string): Promise<Esbuild> {
  for (const from of [join(folder, "index.js"), import.meta.url]) {
    const require = createRequire(from);
    const places = [() => require.resolve("esbuild"), () => viaWrangler(require)];
    for (const place of places) {
      try {
        return (await import(pathToFileURL(place()).href)) as Esbuild;
      } catch {
        // Not there; the next place may have it.
      }
    }
  }
  throw new Error(
    "esbuild is needed to run a Worker's TypeScript: npm install --save-dev esbuild (or wrangler, which brings it along)",
  );
}

function viaWrangler(require: NodeJS.Require): string {
  return createRequire(require.resolve("wrangler/package.json")).resolve("esbuild");
}
