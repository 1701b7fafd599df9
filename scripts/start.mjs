// npm start: builds everything, compiles the demo, prepares its local database and bucket, and serves it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { buildJs, buildWasm } from "./support/build.mjs";
import {
  buildDemoPage,
  compileDemo,
  endpointArguments,
  migrateDemo,
  quietWrangler,
  seedDemo,
  seedDemoFiles,
  wranglerScript,
} from "./support/demo.mjs";
import { freePort } from "./support/free-port.mjs";
import { demo, nodePath, root } from "./support/paths.mjs";
import { childEnvironment } from "./support/run.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage, UserError } from "./support/stage.mjs";

await main(async () => {
  await setUp("build");
  await stage("build wasm", buildWasm);
  await stage("build js", buildJs);
  if (!existsSync(demo.wrangler)) throw new UserError("there is no wrangler.toml to serve");
  await stage("cloesce compile", compileDemo);
  await stage("build the page", buildDemoPage);
  await stage("apply migrations", migrateDemo);
  await stage("seed the database", seedDemo);
  await stage("seed the bucket", seedDemoFiles);
  await serve();
});

/** Runs wrangler dev until it is interrupted. */
async function serve() {
  const port = await freePort(Number(process.env.PORT ?? 8787));
  const inspectorPort = await freePort(port + 1000);
  const server = spawn(
    nodePath(),
    [
      wranglerScript,
      "dev",
      ...["--config", demo.wrangler, "--ip", "127.0.0.1", "--port", String(port)],
      ...["--inspector-port", String(inspectorPort), "--log-level", "error"],
      "--show-interactive-dev-session=false",
      ...endpointArguments(port),
    ],
    { cwd: root, env: childEnvironment(quietWrangler), stdio: ["ignore", "inherit", "inherit"] },
  );
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.kill(signal));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const address = `http://127.0.0.1:${port}`;
  if (await answers(address, server)) console.log(`\n  ${address}\n`);
  const code = await ended;
  if (typeof code === "number" && code !== 0) process.exitCode = code;
}

/** Waits until the server answers anything at all; false when it ended first. */
async function answers(address, server) {
  while (server.exitCode === null && server.signalCode === null) {
    try {
      await fetch(address, { signal: AbortSignal.timeout(2000) });
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return false;
}
