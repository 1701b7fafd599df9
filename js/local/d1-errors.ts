// Failures of SQLite in D1's words.

const primary: Record<number, string> = {
  1: "SQLITE_ERROR",
  2: "SQLITE_INTERNAL",
  3: "SQLITE_PERM",
  4: "SQLITE_ABORT",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  9: "SQLITE_INTERRUPT",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  17: "SQLITE_SCHEMA",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  21: "SQLITE_MISUSE",
  23: "SQLITE_AUTH",
  25: "SQLITE_RANGE",
  26: "SQLITE_NOTADB",
};

const constraints: Record<number, string> = {
  1: "CHECK",
  2: "COMMITHOOK",
  3: "FOREIGNKEY",
  4: "FUNCTION",
  5: "NOTNULL",
  6: "PRIMARYKEY",
  7: "TRIGGER",
  8: "UNIQUE",
  9: "VTAB",
  10: "ROWID",
  11: "PINNED",
  12: "DATATYPE",
};

/** `UNIQUE constraint failed: t.id: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)` */
export function sqliteMessage(error: unknown): string {
  const { errcode, message } = error as { errcode?: number; message?: string };
  const text = message ?? String(error);
  if (typeof errcode !== "number") return text;
  const name = primary[errcode & 0xff] ?? "SQLITE_ERROR";
  const constraint = name === "SQLITE_CONSTRAINT" ? constraints[errcode >> 8] : undefined;
  return constraint === undefined
    ? `${text}: ${name}`
    : `${text}: ${name} (extended: SQLITE_CONSTRAINT_${constraint})`;
}

/** An error as D1 throws it, with the text behind the prefix as its cause. */
export function d1Error(prefix: string, message: string): Error {
  return new Error(`${prefix}: ${message}`, { cause: new Error(message) });
}
