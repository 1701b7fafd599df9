// The diagnostic codes of the extractor, out of the list in src/compile/sema/codes.def.

export const extractionCodes = {
  /** The parser could not read the file. */
  syntaxError: "CLO2001",
  /** The file is not UTF-8 text. */
  notUtf8: "CLO2002",
  /** A decorated class has no name to address it by. */
  namelessClass: "CLO2003",
  /** A CloesceApp that no one exports is not picked up. */
  appNotExported: "CLO2004",
  /** Two CloesceApps are exported; one Worker has one. */
  secondApp: "CLO2005",
  /** `routePrefix` is not written out, so the client cannot know it. */
  routePrefixNotLiteral: "CLO2006",
  /** The default export is a function that a guard may be in, and nothing calls it. */
  mainIgnored: "CLO2634",
  /** A decorated class inside a function, a namespace or an expression: nothing can import it. */
  nestedClass: "CLO2010",
} as const;
