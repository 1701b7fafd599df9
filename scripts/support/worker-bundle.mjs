// What projects ship of the package: the entry of one, bundled as it is deployed.
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { at } from "./paths.mjs";

/** Kinds of projects: the engine that their generated workers.ts takes, and what their sources import. */
export const projects = {
  base: { engine: "cloesce/engine", imports: ["CloesceApp", "HttpResult", "Orm"] },
  stored: {
    engine: "cloesce/engine/stored",
    imports: ["CloesceApp", "HttpResult", "Orm", "KVModel", "R2Model", "serveObject"],
  },
  scoped: { engine: "cloesce/engine/scoped", imports: ["CloesceApp", "HttpResult", "Orm"] },
};

/** The code of a project with all decorators; answers `{ contents, inputs, wasm }`: bytes, files, the module's path. */
export async function bundleWorker({ engine, imports }) {
  const decorators = Object.keys(await import(pathToFileURL(at("dist/backend/decorators.js"))));
  const used = [...imports, ...decorators].join(", ");
  const entry = `
    import { createWorker, ${used} } from "cloesce/backend";
    import { engine } from "${engine}";
    import { image } from "./image";
    export const used = [${used}];
    export default createWorker({ engine, image, classes: {}, app: new CloesceApp() });`;
  let wasm = null;
  const { metafile, outputFiles } = await build({
    stdin: { contents: entry, resolveDir: at() },
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: at("build"),
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["./image", "cloudflare:*", "node:*"],
    plugins: [
      {
        name: "wasm",
        setup: (hooks) =>
          hooks.onResolve({ filter: /\.wasm$/ }, ({ path }) => {
            wasm = at("dist", path.slice(path.lastIndexOf("/") + 1));
            return { path, external: true };
          }),
      },
    ],
  });
  const [output] = Object.values(metafile.outputs);
  return { contents: outputFiles[0].contents, inputs: output.inputs, wasm };
}
