// Stages of a script: one line each with its time, and the output of what failed.
import { CommandError } from "./run.mjs";

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Thrown by a stage that has nothing to do here; the message says why. */
export class Skipped extends Error {}

/** A failure whose message alone tells the user what to do. */
export class UserError extends Error {}

/**
 * Runs one stage. `work` may answer a short remark (such as "212 tests") for the line. On a terminal the
 * stage's name is shown while it runs.
 */
export async function stage(title, work) {
  const started = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`  .. ${title}`);
  try {
    const remark = await work();
    line(paint(32, "ok"), title, started, remark);
  } catch (error) {
    if (error instanceof Skipped) {
      line(paint(33, "--"), title, started, `skipped: ${error.message}`);
      return;
    }
    line(paint(31, "!!"), title, started, "failed");
    throw error;
  }
}

/** Runs a script's main function and turns a failure into its output and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof CommandError) {
      process.stderr.write(`\n${error.output.trimEnd()}\n\n${error.message}\n`);
    } else if (error instanceof UserError) {
      process.stderr.write(`\n${error.message}\n`);
    } else {
      process.stderr.write(`\n${error?.stack ?? error}\n`);
    }
    process.exitCode = 1;
  }
}

function line(mark, title, started, remark) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const start = process.stdout.isTTY ? "\r\u001b[K" : "";
  const end = typeof remark === "string" ? `  ${remark}` : "";
  process.stdout.write(`${start}  ${mark} ${title.padEnd(28)}${seconds} s${end}\n`);
}
