// The steps of an exchange as the shim sees them; see docs/internals/abi.md.

/** What the core asks for next. */
export const stepKind = {
  foreign: 1,
  respond: 2,
  services: 3,
  middleware: 4,
  body: 5,
  query: 6,
  dispatch: 7,
  return: 8,
  storage: 9,
  object: 10,
} as const;

/** Which hooks a middleware step means. */
export const hookStage = { request: 0, namespace: 1, method: 2 } as const;

/** How a body step wants the body: its bytes in the core, a form described to it, or bytes that the host keeps. */
export const bodyForm = { bytes: 0, form: 1, kept: 2 } as const;

/** How the host got on with a step. */
export const outcome = { done: 0, failed: 1, tooLarge: 2 } as const;

/** Flags of a dispatch step. */
export const dispatchFlag = { argumentsAreBody: 1, blobIsStream: 2, readyMade: 4 } as const;

/** Ready-made methods that a dispatch step may ask the host for: the numbers of the CIDL's Builtin. */
export const readyMade = { save: 1, get: 2, delete: 4, put: 6 } as const;

/** Word offsets inside a step record. */
export const stepWord = {
  exchange: 0,
  kind: 1,
  route: 2,
  status: 3,
  flags: 4,
  text: 5,
  textLength: 6,
  bytes: 7,
  bytesLength: 8,
  count: 9,
  limit: 10,
  blobs: 11,
} as const;

/** Word offsets inside a statement record of a query step. */
export const statementWord = { statement: 0, parameters: 1, parametersLength: 2, size: 3 } as const;
