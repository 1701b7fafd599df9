// The middleware of the store: who is asking, whether changes are taken, and errors in words for people.

import { CloesceApp, HttpResult } from "cloesce/backend";
import { Album } from "./album.cloesce";
import { Env } from "./env.cloesce";
import { Visitor } from "./visitor";

const app = new CloesceApp();

const startedAt = "startedAt";

// Every request: note the time, greet the visitor, and keep the till closed while the store is.
app.onRequest((di) => {
  di.set(startedAt, Date.now());
  const request = di.need<Request>("Request");
  di.set(Visitor, Visitor.of(request));
  if (request.method !== "GET" && di.need(Env).readOnly === "yes") {
    return HttpResult.fail(
      403,
      "The store is closed for changes at the moment. You can still look around.",
    );
  }
  return undefined;
});

// Reviews are signed.
app.onMethod(Album, "review", (di) => {
  if (di.need(Visitor).name) return undefined;
  return HttpResult.fail(401, "Please tell us your name, so that your review can be signed.");
});

/** What people read instead of the framework's own messages. The code stays in a header for developers. */
const wordsByCode: ReadonlyMap<string, string> = new Map([
  ["CLO1102", "That is larger than the store takes."],
  ["CLO1301", "That is no longer in the store. Somebody may have deleted it."],
  ["CLO1302", "There is one with this name already. Please choose another name."],
  ["CLO1303", "Something that belongs to it is missing, or still in use elsewhere."],
]);

app.onResult((di, result) => {
  const started = di.get<number>(startedAt);
  if (started !== undefined) {
    result.headers.set("server-timing", `store;dur=${Date.now() - started}`);
  }
  if (result.ok) return undefined;
  const code = /^(CLO\d{4}):/.exec(result.message ?? "")?.[1];
  if (code !== undefined) result.headers.set("x-error-code", code);
  const words =
    wordsByCode.get(code ?? "") ??
    (result.status >= 500 && result.status !== 501
      ? "Something went wrong on our side, and nothing was saved."
      : undefined);
  return words === undefined ? undefined : HttpResult.fail(result.status, words, result.headers);
});

export default app;
