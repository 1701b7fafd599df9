// Failures that are the user's to fix: they end a command with a message instead of a stack trace.

/** Exit codes of every command. */
export const exitCodes = {
  ok: 0,
  /** The sources have errors. */
  compileErrors: 1,
  /** Wrong usage, wrong configuration, or a machine that does not play along. */
  usage: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A message for the person at the terminal, with the exit code it ends in. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What to do about it, or null. */
  readonly hint: string | null;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message);
    this.name = "CliError";
    this.hint = options.hint ?? null;
    this.exitCode = options.exitCode ?? exitCodes.usage;
  }
}

/** What `work` answers; what it throws as the message of a CliError. */
export async function orCliError<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CliError
      ? error
      : new CliError(error instanceof Error ? error.message : String(error));
  }
}
