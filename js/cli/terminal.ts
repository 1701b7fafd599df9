// Where the commands write: results to stdout, everything else to stderr, colours and progress only on a terminal.
import picocolors from "picocolors";

/** The two output streams as the commands use them. */
export interface Terminal {
  /** Whether diagnostics on stderr may be coloured. */
  readonly color: boolean;
  /** A result, on stdout. */
  print(line: string): void;
  /** Anything else a person should read, on stderr. */
  note(line: string): void;
  warn(message: string): void;
  error(message: string, hint: string | null): void;
  /** Shows what is going on in a line that the next output replaces; nothing unless stderr is a terminal. */
  progress(text: string): void;
  /** Takes a progress line away that nothing replaced. */
  close(): void;
}

/** The part of a write stream that a terminal needs. */
export interface OutputStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Honours NO_COLOR and FORCE_COLOR (https://no-color.org) for one stream. */
export function wantsColor(stream: OutputStream, environment: NodeJS.ProcessEnv): boolean {
  if (environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

const clearLine = "\r\x1b[2K";

/** A terminal over two streams, usually the process' own. */
export function createTerminal(
  out: OutputStream,
  err: OutputStream,
  environment: NodeJS.ProcessEnv,
): Terminal {
  const color = wantsColor(err, environment);
  const colors = picocolors.createColors(color);
  const showsProgress = err.isTTY === true && environment["TERM"] !== "dumb";
  let progressShown = false;
  const clear = (): void => {
    if (progressShown) err.write(clearLine);
    progressShown = false;
  };
  const note = (line: string): void => {
    clear();
    err.write(`${line}\n`);
  };
  return {
    color,
    print(line) {
      clear();
      out.write(`${line}\n`);
    },
    note,
    warn(message) {
      note(`${colors.yellow("warning")}: ${message}`);
    },
    error(message, hint) {
      note(`${colors.red("error")}: ${message}`);
      if (hint !== null) note(`${colors.cyan("hint")}: ${hint}`);
    },
    progress(text) {
      if (!showsProgress) return;
      clear();
      err.write(colors.dim(text));
      progressShown = true;
    },
    close: clear,
  };
}
