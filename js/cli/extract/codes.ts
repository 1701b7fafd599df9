// The diagnostic codes of the extractor; all other codes of a compile are the analysis' own.

export const extractionCodes = {
  /** The parser could not read the file. */
  syntaxError: "CLO1001",
  /** The file is not UTF-8 text. */
  notUtf8: "CLO1002",
  /** A decorated class has no name to address it by. */
  namelessClass: "CLO1003",
  /** A CloesceApp that no one exports is not picked up. */
  appNotExported: "CLO1004",
  /** Two CloesceApps are exported; one Worker has one. */
  secondApp: "CLO1005",
  /** `routePrefix` is not written out, so the client cannot know it. */
  routePrefixNotLiteral: "CLO1006",
} as const;
