// The steps of an exchange as objects, for tests that speak to the core themselves.

const words = [
  "exchange",
  "kind",
  "route",
  "status",
  "flags",
  "text",
  "textLength",
  "bytes",
  "bytesLength",
  "count",
  "limit",
  "blobs",
  "beside",
  "besideLength",
];

/** The calls of `app`, an AppCore, that answer a step, with all words of it by their names and its place as `at`. */
export function withSteps(app) {
  const read = (at) => ({
    at,
    ...Object.fromEntries(words.map((name, offset) => [name, app.word(at, offset)])),
  });
  return {
    app,
    begin: (head) => read(app.begin(head)),
    operate: (operation) => read(app.operate(operation)),
    resume: (exchange, outcome, text) => read(app.resume(exchange, outcome, text)),
    resumeChunks: (exchange, chunks) => read(app.resumeChunks(exchange, chunks)),
    end: (exchange) => app.end(exchange),
  };
}
