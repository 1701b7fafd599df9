import { type Call, CloesceApp, HttpResult } from "cloesce/backend";
import { Door, File, Note, Shift, Ticket, User } from "./models.cloesce";

const app = new CloesceApp();

/** What the hooks saw, in a header of the answer. */
const log = "log";

function note(di: { get(key: string): unknown }, hook: string, seen: unknown): void {
  (di.get(log) as string[]).push(`${hook} ${JSON.stringify(seen)}`);
}

app.onRequest((di) => {
  di.set(log, []);
  const name = di.get<Request>("Request")?.headers.get("x-user");
  if (name) di.set(User, Object.assign(new User(), { name }));
});

app.onNamespace(Ticket, (di, call) => {
  const { namespace, method, verb, key } = call;
  note(di, "namespace", [namespace, method, verb, key, call.arguments === undefined]);
});

app.onNamespace(Shift, (di, call) => {
  note(di, "namespace", [call.key.day instanceof Date, call.key]);
});

let kept: Call | undefined;

app.onMethod(Ticket, "assign", (di, call) => {
  const { to, at } = call.arguments;
  note(di, "assign", [call.key.id, to, at instanceof Date, Object.keys(call.arguments)]);
  if (to === "nobody") return HttpResult.fail(403, "to somebody, please");
  return undefined;
});

app.onMethod(Ticket, "save", (di, { arguments: { model } }) => {
  const { owner, opened, picture } = model;
  note(di, "save", [
    model instanceof Ticket,
    owner,
    opened instanceof Date,
    picture instanceof Uint8Array ? picture.length : picture,
  ]);
  // The hook's own copy.
  model.owner = "hook";
});

app.onMethod(Ticket, "find", (di, call) => {
  const { owner, since } = call.arguments;
  note(di, "find", [owner, since instanceof Date, call.key]);
});

app.onMethod(Ticket, "attach", (di, call) => {
  const { name, bytes } = call.arguments;
  note(di, "attach", [name, bytes instanceof Uint8Array ? [...bytes.subarray(0, 3)] : null]);
});

app.onMethod(Ticket, "upload", (di, call) => {
  note(di, "upload", [Object.keys(call.arguments), call.arguments["body"] === undefined]);
});

app.onInstance(Ticket, (di, { self, method }) => {
  note(di, "instance", [method, self instanceof Ticket, self.id, self.opened instanceof Date]);
  if (self.owner !== di.need(User).name) return HttpResult.fail(404, "no such ticket");
  (self as { mark?: string }).mark = "seen";
  return undefined;
});

app.onInstance(Note, (di, { self, method, key }) => {
  note(di, "note", [method, self.value, key]);
  return self.value === "secret" ? HttpResult.fail(403, "a secret") : undefined;
});

app.onInstance(File, (di, { self, method }) => {
  note(di, "file", [method, self.head.key, self.head.size]);
  return self.head.customMetadata?.["secret"] === undefined
    ? undefined
    : HttpResult.fail(403, "a secret");
});

app.onMethod(Door, "admin", (di) => {
  di.need(User);
});

app.onMethod("Door", "open", (di, call) => {
  if (call.arguments?.["key"] === "keep") kept = call;
  if (call.arguments?.["key"] === "late") {
    try {
      note(di, "late", (kept as Call).key);
    } catch (error) {
      note(di, "late", String(error));
    }
  }
  note(di, "open", Object.keys(call.arguments ?? {}));
});

app.onResult((di, result) => {
  for (const line of di.get<string[]>(log) ?? []) result.headers.append("x-log", line);
});

export default app;
