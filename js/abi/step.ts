// The steps of an exchange as the shim sees them, number by number; see docs/internals/abi.md. Constants, not objects:
// a bundler writes them where they are used.

/** What the core asks for next. */
export const stepForeign = 1;
export const stepRespond = 2;
export const stepServices = 3;
export const stepMiddleware = 4;
export const stepBody = 5;
export const stepQuery = 6;
export const stepDispatch = 7;
export const stepReturn = 8;
export const stepStorage = 9;
export const stepObject = 10;

/** Which hooks a middleware step means. */
export const hooksOfRequest = 0;
export const hooksOfNamespace = 1;
export const hooksOfMethod = 2;
export const hooksOfInstance = 3;
/** No hooks: the scopes of models. */
export const hooksOfScope = 4;

/** How a body step wants the body: its bytes in the core, a form described to it, bytes that the host keeps, or again what it got. */
export const bodyAsBytes = 0;
export const bodyAsForm = 1;
export const bodyIsKept = 2;
export const bodyAgain = 3;

/** How the host got on with a step. */
export const outcomeDone = 0;
export const outcomeFailed = 1;
export const outcomeTooLarge = 2;

/** Flags of a dispatch step. */
export const flagArgumentsAreBody = 1;
export const flagBlobIsStream = 2;
export const flagReadyMade = 4;

/** Flag of an answer: what was written is not all of what could be read. */
export const flagIncomplete = 16;

/** Flag of an answer: its bytes are its end, the pieces before were handed over. */
export const flagInPieces = 32;

/** Flag of a step that waits: nobody asks for the body any more. */
export const flagBodyDone = 8;

/** Ready-made methods that a dispatch step may ask the host for: the numbers of the CIDL's Builtin. */
export const readyMadeSave = 1;
export const readyMadeGet = 2;
export const readyMadeDelete = 4;
export const readyMadePut = 6;

/** Word offsets inside a step record. The length of a text and of bytes is in the word behind. */
export const wordExchange = 0;
export const wordKind = 1;
export const wordRoute = 2;
export const wordStatus = 3;
export const wordFlags = 4;
export const wordText = 5;
export const wordBytes = 7;
export const wordCount = 9;
export const wordLimit = 10;
export const wordBlobs = 11;
export const wordBeside = 12;

/** Words of a statement record of a query step: the number of the statement, its parameters, their length. */
export const statementWords = 3;
