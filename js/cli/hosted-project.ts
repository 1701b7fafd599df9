// A project as the part that runs Workers in Node takes it.
import { existsSync } from "node:fs";
import { join } from "node:path";

import type { HostedProject } from "../serve/index.js";
import { CliError } from "./cli-error.js";
import type { Project } from "./config/project.js";
import { readWranglerFile } from "./wrangler/wrangler-file.js";

/** @throws CliError when the project was not compiled, or its wrangler file is not there. */
export async function hostedProject(project: Project): Promise<HostedProject> {
  const { path, content } = await readWranglerFile(project);
  if (content === null || !existsSync(join(project.outDir, "workers.ts")))
    throw new CliError("this project has not been compiled", {
      hint: 'run "cloesce compile" first',
    });
  const { main, tsconfig: named } = content;
  const own = join(project.root, "tsconfig.json");
  return {
    outDir: project.outDir,
    entry: typeof main === "string" ? join(path, "..", main) : join(project.outDir, "workers.ts"),
    tsconfig: typeof named === "string" ? join(path, "..", named) : existsSync(own) ? own : null,
    wrangler: { path, content },
  };
}
