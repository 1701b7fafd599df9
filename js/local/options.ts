// What a program may ask of local storage in words of its own. A file that reaches no other: its types are part of the
// package's, which are read beside a project's own, with no more than those.

/** What storage survives: its process being killed, or the power going off too. */
export type Durability = "process" | "power";

/** Which files of a folder are keys. A pattern may hold `*`, `**`, `?` and `{a,b}`; `exclude` beats `include`. */
export interface SiteOptions {
  readonly root: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}
