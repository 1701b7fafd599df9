// Starts a real `cloesce serve` for a project, and stops it again: what wrangler-dev.mjs is to wrangler.

import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Whether tests that serve a project are to use `cloesce serve`: CLOESCE_HOST=serve. */
export const underServe = process.env.CLOESCE_HOST === "serve";

/**
 * Serves the project of `cwd` with its storage in `root`, on `port` or a free one. Answers { url, port, pid, output(), stop() }, where
 * `stop` resolves to the exit code; rejects with the output when it ends at once.
 */
export function startCloesceServe({ cwd, root, port = 0, args = [], timeoutMs = 60_000 }) {
  const child = spawn(
    process.execPath,
    [program, "serve", "--port", String(port), "--root", root, ...args],
    { cwd, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const closed = new Promise((resolve) => child.on("close", resolve));
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  const stop = (signal = "SIGTERM") => {
    process.off("exit", kill);
    child.kill(signal);
    return closed;
  };
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      kill();
      reject(new Error(`cloesce serve did not start in ${path.resolve(cwd)}:\n${output}`));
    }, timeoutMs);
    const look = (chunk) => {
      output += chunk;
      const url = / on (http:\/\/127\.0\.0\.1:(\d+)),/.exec(output);
      if (url === null) return;
      clearTimeout(late);
      resolve({
        url: url[1],
        port: Number(url[2]),
        pid: child.pid,
        child,
        output: () => output,
        stop,
        closed,
      });
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("error", reject);
    void closed.then((code) => {
      clearTimeout(late);
      reject(
        Object.assign(new Error(`cloesce serve ended with ${code}:\n${output}`), { code, output }),
      );
    });
  });
}
