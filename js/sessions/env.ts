// An `env` whose D1 databases are read through sessions.
import type { Bookmarks } from "./bookmarks.js";

/** Where a session begins that has no bookmark: at the primary, or at whichever copy is near. */
export type SessionStart = "first-primary" | "first-unconstrained";

export interface SessionOptions {
  /** Bookmarks by binding: of what was read or written before. */
  readonly bookmarks?: Bookmarks;
  /** For databases without one. By default `first-unconstrained`. */
  readonly start?: SessionStart;
}

/** An `env` in sessions. */
export interface OpenSessions<Env> {
  /** To be used in place of the one that was given. */
  readonly env: Env;
  /** How far the databases have been read and written; one that was not asked is not among them. */
  bookmarks(): Bookmarks;
}

interface Session {
  getBookmark(): string | null;
}
interface Database {
  withSession(start: string): Session;
}

/**
 * Opens a session for each D1 binding of `env`, when it is first used. Statements of one session see what its earlier ones
 * wrote, wherever they run.
 */
export function openSessions<Env extends object>(
  env: Env,
  { bookmarks = {}, start = "first-unconstrained" }: SessionOptions = {},
): OpenSessions<Env> {
  const sessions = new Map<string, Session>();
  const open = (name: string, database: Database): object => {
    const session = (): Session => {
      const known = sessions.get(name);
      if (known !== undefined) return known;
      const opened = database.withSession(bookmarks[name] ?? start);
      sessions.set(name, opened);
      return opened;
    };
    // What a session lacks, such as `exec`, is the database's own.
    return new Proxy(database, {
      get(target, member) {
        const isOfSession = member === "prepare" || member === "batch" || member === "getBookmark";
        const owner: object = isOfSession ? session() : target;
        const value: unknown = Reflect.get(owner, member);
        return typeof value === "function" ? value.bind(owner) : value;
      },
    });
  };
  const entries = Object.entries(env).map(([name, binding]: [string, unknown]) => [
    name,
    isDatabase(binding) ? open(name, binding) : binding,
  ]);
  return {
    env: Object.fromEntries(entries) as Env,
    bookmarks: () => {
      const reached = [...sessions].map(([name, session]) => [name, session.getBookmark()]);
      return Object.fromEntries(reached.filter(([, bookmark]) => bookmark !== null)) as Bookmarks;
    },
  };
}

function isDatabase(value: unknown): value is Database {
  if (typeof value !== "object" || value === null) return false;
  const { prepare, withSession, fetch } = value as Record<string, unknown>;
  // A service answers to every name, `fetch` among them.
  return [prepare, withSession].every((one) => typeof one === "function") && fetch === undefined;
}
