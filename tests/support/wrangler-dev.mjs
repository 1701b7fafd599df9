// Starts a real `wrangler dev` on loopback for a project folder, and stops it again.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const wranglerBin = path.join(
  path.dirname(require.resolve("wrangler/package.json")),
  "bin",
  "wrangler.js",
);

// wrangler needs a newer Node than the machine may have; the package brings one along.
const nodeBin =
  Number(process.versions.node.split(".")[0]) >= 22
    ? process.execPath
    : path.join(path.dirname(require.resolve("node/package.json")), "bin", "node");

/** What keeps wrangler quiet and off the network. */
export const quietEnvironment = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
};

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. It lies below the ports that systems give to outgoing
 * connections, of which a running test has many: one of those could take it before its server does.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Runs wrangler to its end; rejects with its output when it fails. */
export function runWrangler(args, { cwd }) {
  return new Promise((resolve, reject) => {
    const child = spawn(nodeBin, [wranglerBin, ...args], {
      cwd,
      env: { ...process.env, ...quietEnvironment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`wrangler ${args.join(" ")} ended with ${code}:\n${output}`));
    });
  });
}

/**
 * Starts `wrangler dev` in `cwd`, on `port` or a free one. `persistTo` is the folder of its local storage.
 * Answers { url, port, output(), pid, stop() }; rejects with the output when the worker does not answer in time.
 */
export async function startWranglerDev(options) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Another process was quicker to take a port: others are tried.
      if (attempt === 3 || !error.message.includes("Address already in use")) throw error;
    }
  }
}

async function startOnce({ cwd, persistTo, args = [], timeoutMs = 60_000, ...given }) {
  const port = given.port ?? (await freePort());
  const inspectorPort = await freePort();
  const child = spawn(
    nodeBin,
    [
      wranglerBin,
      "dev",
      "--ip",
      "127.0.0.1",
      "--port",
      String(port),
      "--inspector-port",
      String(inspectorPort),
      "--log-level",
      "warn",
      "--show-interactive-dev-session=false",
      ...(persistTo === undefined ? [] : ["--persist-to", persistTo]),
      ...(typeof args === "function" ? args(port) : args),
    ],
    {
      cwd,
      env: { ...process.env, ...quietEnvironment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let output = "";
  let exited = false;
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const closed = new Promise((resolve) =>
    child.on("close", () => {
      exited = true;
      resolve();
    }),
  );
  const killGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  const stop = async () => {
    process.off("exit", kill);
    killGroup("SIGTERM");
    const late = setTimeout(() => killGroup("SIGKILL"), 3000);
    await closed;
    clearTimeout(late);
  };
  const kill = () => killGroup("SIGKILL");
  process.on("exit", kill);

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && !exited) {
    try {
      await fetch(url, { method: "HEAD", redirect: "manual" });
      return { url, port, pid: child.pid, output: () => output, stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await stop();
  throw new Error(`wrangler dev did not start in ${cwd}:\n${output}`);
}
