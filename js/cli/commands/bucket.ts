// `cloesce bucket …`: buckets with history from the command line.
import { resolve } from "node:path";
import type { Entry, History, HistoryBucket } from "../../nats/index.js";
import * as nats from "../../nats/index.js";
import { CliError, exitCodes } from "../cli-error.js";
import type { ExitCode } from "../cli-error.js";
import type { Terminal } from "../terminal.js";

/** Options that every command of buckets has. */
export interface BucketFlags {
  /** Addresses, with commas between them. */
  server: string;
  /** A folder of local buckets in place of a server. */
  root?: string;
  json?: boolean;
  /** Keys are as KV on a bucket encodes them. */
  kv?: boolean;
}

export interface BucketCommand {
  flags: BucketFlags;
  terminal: Terminal;
  cwd: string;
}

/** Runs `work` on a bucket that exists. @throws CliError for what a user can put right */
async function withHistory(
  command: BucketCommand,
  work: (history: History) => Promise<void>,
): Promise<ExitCode> {
  const { flags, cwd } = command;
  try {
    const history =
      flags.root === undefined
        ? await nats.connect({ servers: flags.server.split(","), name: "cloesce bucket" })
        : await nats.local({ root: resolve(cwd, flags.root) });
    try {
      await work(history);
    } finally {
      await history.close();
    }
  } catch (error) {
    if (error instanceof nats.Unavailable)
      throw new CliError(error.message, { hint: "--server names another one" });
    if (error instanceof nats.HistoryError) throw new CliError(error.message);
    throw error;
  }
  return exitCodes.ok;
}

function withBucket(
  command: BucketCommand,
  name: string,
  work: (bucket: HistoryBucket) => Promise<void>,
  create?: { history?: number },
): Promise<ExitCode> {
  const codecs = command.flags.kv === true ? { codecs: { keys: "escape" as const } } : {};
  return withHistory(command, async (history) => {
    await work(
      await history.bucket(name, { ...codecs, ...(create ?? {}), create: create !== undefined }),
    );
  });
}

/** `ls` lists buckets, `ls BUCKET` its keys. */
export function listBuckets(
  command: BucketCommand,
  name: string | undefined,
  filter: string | undefined,
): Promise<ExitCode> {
  const { terminal, flags } = command;
  const show = (items: string[]): void => {
    if (flags.json === true) terminal.print(JSON.stringify(items));
    else for (const item of items) terminal.print(item);
  };
  if (name === undefined)
    return withHistory(command, async (history) => show(await history.buckets()));
  return withBucket(command, name, async (bucket) => {
    const keys: string[] = [];
    for await (const key of bucket.keys(filter)) keys.push(key);
    show(keys.sort());
  });
}

export function getValue(
  command: BucketCommand,
  name: string,
  key: string,
  revision: number | undefined,
): Promise<ExitCode> {
  return withBucket(command, name, async (bucket) => {
    const entry = await bucket.get(key, revision === undefined ? {} : { revision });
    if (entry === null) throw new CliError(`${name} has no value of "${key}"`);
    print(command, entry, entry.string());
  });
}

/** Stores the value; the bucket is made when it is not there and `history` says how many values it keeps. */
export function putValue(
  command: BucketCommand,
  name: string,
  key: string,
  value: string,
  options: { create?: boolean; revision?: number; history?: number },
): Promise<ExitCode> {
  const make = options.history === undefined ? undefined : { history: options.history };
  return withBucket(
    command,
    name,
    async (bucket) => {
      const revision =
        options.revision !== undefined
          ? await bucket.update(key, value, options.revision)
          : options.create === true
            ? await bucket.create(key, value)
            : await bucket.put(key, value);
      command.terminal.print(
        command.flags.json === true ? JSON.stringify({ revision }) : String(revision),
      );
    },
    make,
  );
}

export function showHistory(command: BucketCommand, name: string, key: string): Promise<ExitCode> {
  return withBucket(command, name, async (bucket) => {
    const entries = await bucket.history(key);
    if (command.flags.json === true) command.terminal.print(JSON.stringify(entries.map(plainOf)));
    else for (const entry of entries) command.terminal.print(lineOf(entry));
  });
}

/** Prints changes until the signal comes. */
export function watchBucket(
  command: BucketCommand,
  name: string,
  filter: string | undefined,
  include: "latest" | "history" | "updates",
  signal: AbortSignal,
): Promise<ExitCode> {
  return withBucket(command, name, async (bucket) => {
    const watch = bucket.watch({ include, ...(filter === undefined ? {} : { key: filter }) });
    signal.addEventListener("abort", () => void watch.return(), { once: true });
    for await (const entry of watch) if (entry !== null) print(command, entry, lineOf(entry));
  });
}

export function compactKey(
  command: BucketCommand,
  name: string,
  key: string,
  keep: number,
): Promise<ExitCode> {
  return withBucket(command, name, (bucket) => bucket.compact(key, keep));
}

/** Removes a key, or with `all` the bucket. */
export function remove(
  command: BucketCommand,
  name: string,
  key: string | undefined,
  how: { purge?: boolean; erase?: boolean; all?: boolean },
): Promise<ExitCode> {
  return withBucket(command, name, async (bucket) => {
    if (key === undefined) {
      if (how.all !== true)
        throw new CliError(`rm ${name} without a key would delete the whole bucket`, {
          hint: "--all does that",
        });
      await bucket.destroy();
    } else if (how.erase === true) await bucket.erase(key);
    else if (how.purge === true) await bucket.purge(key);
    else await bucket.delete(key);
  });
}

function print(command: BucketCommand, entry: Entry, text: string): void {
  command.terminal.print(command.flags.json === true ? JSON.stringify(plainOf(entry)) : text);
}

function lineOf(entry: Entry): string {
  const { revision, created, operation, key } = entry;
  const value = operation === "PUT" ? ` ${entry.string()}` : "";
  return `${revision} ${created.toISOString()} ${operation} ${key}${value}`;
}

/** As JSON; a value that is no UTF-8 in base64. */
function plainOf(entry: Entry): object {
  const { key, revision, created, operation, origin, headers } = entry;
  const text = entry.string();
  const isText = Buffer.from(text).equals(entry.value);
  return {
    key,
    revision,
    created: created.toISOString(),
    operation,
    ...(origin === null ? {} : { origin }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(operation !== "PUT"
      ? {}
      : isText
        ? { value: text }
        : { base64: Buffer.from(entry.value).toString("base64") }),
  };
}
