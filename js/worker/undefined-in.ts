// What was forgotten in conditions: JSON leaves it out, and without it they would be met by more rows.

/** The name of a member that is undefined, in what is not undefined itself. */
export function undefinedIn(where: unknown): string | undefined {
  let found: string | undefined;
  JSON.stringify(where, (name, value: unknown) => {
    if (value === undefined && name !== "") found = name;
    return value;
  });
  return found;
}
