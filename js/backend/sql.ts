// The `sql` tag: text that the app wrote, around values that are bound.

/** What may stand in `${…}` of {@link sql}. A list is the rows of a subquery: `"id" IN ${ids}`. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | Date
  | Uint8Array
  | Sql
  | readonly (string | number | boolean)[];

/** A parameter: what is bound, as a text, and what makes it a value of its type again. */
interface Parameter {
  readonly before: string;
  readonly bound: string | null;
  readonly behind: string;
}

/** SQL with its values. Only {@link sql} makes it, so that nothing which came as JSON is taken for SQL. */
export class Sql {
  readonly #pieces: readonly (string | Parameter)[];
  /** With parameters from `?1` on. */
  readonly text: string;
  /** What is bound. */
  readonly bound: readonly (string | null)[];

  /** @internal */
  constructor(strings: readonly string[], values: readonly SqlValue[]) {
    this.#pieces = strings.flatMap((text, index) =>
      index === 0 ? [text] : [...pieces(values[index - 1]), text],
    );
    const bound: (string | null)[] = [];
    this.text = this.#pieces
      .map((piece) =>
        typeof piece === "string"
          ? piece
          : `${piece.before}?${bound.push(piece.bound)}${piece.behind}`,
      )
      .join("");
    this.bound = bound;
  }

  /** @internal */
  static piecesOf(sql: Sql): readonly (string | Parameter)[] {
    return sql.#pieces;
  }
}

/**
 * A SELECT for {@link Orm.list}: `` sql`SELECT * FROM "Track" WHERE "genreId" = ${id}` ``. Each value is bound, never part of the
 * text; what {@link sql} made may stand in another.
 *
 * @throws TypeError for undefined, for numbers that are none, and for what has no form in SQL.
 */
export function sql(strings: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  return new Sql(strings, values);
}

/** Everything is bound as a text, since D1 binds each number as a real one. */
function pieces(value: unknown): readonly (string | Parameter)[] {
  if (value instanceof Sql) return Sql.piecesOf(value);
  return [parameter(value)];
}

function parameter(value: unknown): Parameter {
  if (value === null || typeof value === "string") return { before: "", bound: value, behind: "" };
  if (value instanceof Date) return { before: "", bound: value.toISOString(), behind: "" };
  if (isNumeric(value))
    return { before: "cast(", bound: String(Number(value)), behind: " as numeric)" };
  if (value instanceof Uint8Array) return { before: "unhex(", bound: hexOf(value), behind: ")" };
  if (Array.isArray(value) && value.every((item) => typeof item === "string" || isNumeric(item)))
    return {
      before: "(select value from json_each(",
      bound: JSON.stringify(value),
      behind: "))",
    };
  throw new TypeError(`sql: ${typeof value} cannot be bound here`);
}

const isNumeric = (value: unknown): boolean => typeof value === "boolean" || Number.isFinite(value);

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
