// Bindings that write down what goes through them. What they answer is what the bindings answer.

/** The part of a D1 database that is stood in front of. */
export interface DatabaseLike {
  prepare(sql: string): StatementLike;
  batch(statements: StatementLike[]): Promise<ResultLike[]>;
  withSession?(from?: string): DatabaseLike;
}
export interface StatementLike {
  bind(...values: unknown[]): StatementLike;
  all(): Promise<ResultLike>;
  run(): Promise<ResultLike>;
  raw(options?: unknown): Promise<unknown[]>;
  first(column?: string): Promise<unknown>;
}
export interface ResultLike {
  readonly results?: readonly unknown[];
  readonly meta?: { readonly rows_read?: number; readonly rows_written?: number };
}

/** A statement that ran. */
export interface RanStatement {
  readonly binding: string;
  readonly database: DatabaseLike;
  readonly sql: string;
  readonly values: readonly unknown[];
  /** The number of the round trip: statements of one batch have the same. */
  readonly trip: number;
  /** Unknown where the statement was asked in a form that says none. */
  readonly meta: ResultLike["meta"] | null;
  readonly rows: number;
}

/** A call of KV or R2. */
export interface BindingCall {
  readonly binding: string;
  readonly operation: string;
  /** The key, or the keys of a bulk read. */
  readonly keys: readonly string[];
}

/** What was written down, in its order. */
export interface Recording {
  readonly statements: RanStatement[];
  readonly calls: BindingCall[];
  trips: number;
}

/** `env` with D1, KV and R2 bindings that record. Everything else is as it was. */
export function recordedEnv<Env extends object>(env: Env, recording: Recording): Env {
  const entries = Object.entries(env).map(([name, binding]: [string, unknown]) => [
    name,
    isDatabase(binding)
      ? recordedDatabase(name, binding, recording)
      : isStore(binding)
        ? recordedStore(name, binding, recording)
        : binding,
  ]);
  return Object.fromEntries(entries) as Env;
}

const hasAll = (value: unknown, names: readonly string[]): boolean =>
  typeof value === "object" &&
  value !== null &&
  names.every((name) => typeof (value as Record<string, unknown>)[name] === "function");

/** A service answers to every name, `fetch` among them. */
const isDatabase = (value: unknown): value is DatabaseLike =>
  hasAll(value, ["prepare", "batch"]) && !hasAll(value, ["fetch"]);

const isStore = (value: unknown): value is object =>
  hasAll(value, ["get", "put", "list", "delete"]) && !hasAll(value, ["fetch"]);

function recordedDatabase(
  binding: string,
  database: DatabaseLike,
  recording: Recording,
): DatabaseLike {
  const note = ({ sql, values }: Prepared, trip: number, result: ResultLike): void => {
    const rows = result.results?.length ?? 0;
    recording.statements.push({
      binding,
      database,
      sql,
      values,
      trip,
      meta: result.meta ?? null,
      rows,
    });
  };
  const statementOf = (prepared: Prepared): StatementLike => {
    const { statement, sql } = prepared;
    const alone = async (work: Promise<ResultLike>): Promise<ResultLike> => {
      const trip = ++recording.trips;
      const result = await work;
      note(prepared, trip, result);
      return result;
    };
    const recorded: StatementLike = {
      bind: (...values) => statementOf({ statement: statement.bind(...values), sql, values }),
      all: () => alone(statement.all()),
      run: () => alone(statement.run()),
      // A batch of one says what it cost, and its rows as objects: of one column they are what `raw` answers.
      raw: async (options) => {
        const trip = ++recording.trips;
        if (options !== undefined || !/ as "j" from /.test(sql)) {
          const rows = await statement.raw(options);
          note(prepared, trip, { results: rows });
          return rows;
        }
        const [result = {}] = await database.batch([statement]);
        note(prepared, trip, result);
        return (result.results ?? []).map((row) => Object.values(row as object));
      },
      first: async (column) => {
        const trip = ++recording.trips;
        const row = await statement.first(column);
        note(prepared, trip, { results: row === null ? [] : [row] });
        return row;
      },
    };
    originals.set(recorded, prepared);
    return recorded;
  };
  const recorded: DatabaseLike = {
    prepare: (sql) => statementOf({ statement: database.prepare(sql), sql, values: [] }),
    batch: async (statements) => {
      const trip = ++recording.trips;
      const prepared = statements.flatMap((statement) => originals.get(statement) ?? []);
      const results = await database.batch(prepared.map(({ statement }) => statement));
      prepared.forEach((one, index) => note(one, trip, results[index] ?? {}));
      return results;
    },
    withSession: (from) =>
      recordedDatabase(binding, database.withSession?.(from) ?? database, recording),
  };
  // What is not recorded, such as `exec`, is the database's own.
  return new Proxy(database, {
    get(target, name) {
      if (Object.hasOwn(recorded, name)) return Reflect.get(recorded, name) as unknown;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

/** What recorded statements stand in front of: those of a database may run in a batch of its session. */
const originals = new WeakMap<StatementLike, Prepared>();

/** A statement as the database made it. */
interface Prepared {
  readonly statement: StatementLike;
  readonly sql: string;
  readonly values: readonly unknown[];
}

function recordedStore(binding: string, store: object, recording: Recording): object {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]): unknown => {
        const [first] = given;
        const keys = (Array.isArray(first) ? first : [first]).filter(
          (key) => typeof key === "string",
        );
        recording.calls.push({ binding, operation: String(name), keys });
        return Reflect.apply(member, target, given);
      };
    },
  });
}
