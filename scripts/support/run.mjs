// Child processes: their output is kept and shown only when they fail.
import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { at, nodePath, root } from "./paths.mjs";

/** A child process that failed; `output` is what it printed. */
export class CommandError extends Error {
  constructor(command, reason, output) {
    super(`${command}: ${reason}`);
    this.output = output;
  }
}

/** The environment of every child: tools from node_modules first, the pinned Node before the machine's. */
export function childEnvironment(extra = {}) {
  return {
    ...process.env,
    PATH: [at("node_modules", ".bin"), process.env.PATH].join(delimiter),
    ...extra,
  };
}

/**
 * Runs a command and answers its output (both streams, in order).
 * @throws CommandError when it cannot be started, exits with another code than 0, or takes too long.
 */
export function run(command, commandArguments, options = {}) {
  const { cwd = root, env = {}, input, timeoutSeconds } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd,
      env: childEnvironment(env),
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    if (input !== undefined) child.stdin.end(input);
    const shown = [command, ...commandArguments].join(" ");
    let late = false;
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill("SIGKILL");
          }, timeoutSeconds * 1000);
    const output = () => Buffer.concat(chunks).toString("utf8");
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new CommandError(shown, error.message, output()));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output());
      else if (late)
        reject(new CommandError(shown, `took more than ${timeoutSeconds} s`, output()));
      else reject(new CommandError(shown, `ended with ${signal ?? `code ${code}`}`, output()));
    });
  });
}

/** Runs a script with the pinned Node. */
export function runNode(nodeArguments, options) {
  return run(nodePath(), nodeArguments, options);
}
