// What hooks are told of a call, by its class and method, and what must not compile: checked by types.test.mjs.
import {
  type Call,
  CloesceApp,
  HttpResult,
  KVModel,
  R2Model,
  type Integer,
  type Stream,
} from "cloesce/backend";

class User {
  name!: string;
}

class Ticket {
  id!: Integer;
  title!: string;
  opened!: Date;
  assign(_to: string, _at: Date): void {}
  upload(_body: Stream): void {}
  static find(_owner: string, _limit: Integer): Ticket[] {
    return [];
  }
}

class Session extends KVModel<{ user: string }> {}
class Picture extends R2Model {}
class Door {
  open(_key: string): string {
    return "";
  }
}

const app = new CloesceApp();

app.onRequest((di) => {
  const user: User | undefined = di.get(User);
  const needed: User = di.need(User);
  const request: Request = di.need<Request>("Request");
  // @ts-expect-error there may be none
  di.get(User).name;
  return user === needed && request.url === "" ? undefined : HttpResult.fail(403);
});

app
  .onMethod(Ticket, "save", (_di, call) => {
    const { model } = call.arguments;
    const title: string | undefined = model.title;
    const opened: Date | undefined = model.opened;
    // @ts-expect-error the model has no such member
    void model.titel;
    // @ts-expect-error a SAVE has no instance
    void call.self.id;
    return title && opened ? undefined : HttpResult.fail(400);
  })
  .onMethod(Ticket, "get", (_di, call) => {
    const id: number | undefined = call.arguments.id;
    return id === 7 ? HttpResult.fail(404) : undefined;
  })
  .onMethod(Ticket, "assign", (_di, { arguments: { to, at }, key }) => {
    const either: string | Date | undefined = to ?? at;
    const id: number | undefined = key.id;
    return either && id ? undefined : HttpResult.fail(400);
  })
  .onMethod(Ticket, "find", (_di, { arguments: { owner } }) => {
    const given: string | number | undefined = owner;
    void given;
  })
  .onMethod(Ticket, "upload", (_di, call) => {
    // A stream is the method's alone.
    const nothing: undefined = call.arguments["body"];
    void nothing;
  })
  .onMethod(Session, "save", async (_di, { arguments: { key, value, metadata } }) => {
    const user: string = value.user;
    await Promise.resolve([key.length, user, metadata]);
  })
  .onMethod(Door, "open", () => undefined)
  .onInstance(Ticket, (di, { self, verb }) => {
    const ticket: Ticket = self;
    const name: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" = verb;
    return ticket.title === di.need(User).name && name === "GET" ? undefined : HttpResult.fail(404);
  })
  .onInstance(Picture, (_di, { self }) => (self.head.size > 10 ? HttpResult.fail(403) : undefined))
  .onNamespace(Session, (_di, { key, arguments: given }) => {
    const text: string | undefined = key.key;
    const nothing: undefined = given;
    void [text, nothing];
  })
  .onNamespace("Ticket", (_di, call: Call) => {
    void call.arguments?.["model"];
  })
  .onMethod("Ticket", "save", (_di, call) => {
    const model: unknown = call.arguments?.["model"];
    void model;
  });

// @ts-expect-error there is no such method
app.onMethod(Ticket, "asign", () => undefined);
// @ts-expect-error a column is no method
app.onMethod(Ticket, "title", () => undefined);
// @ts-expect-error a value is no class
app.onNamespace(7, () => undefined);
// @ts-expect-error a hook answers a result or nothing
app.onInstance(Ticket, () => 7);

new CloesceApp({ cors: { origins: ["https://shop.example"], credentials: true, maxAge: 60 } });
new CloesceApp({ cors: { origins: "*", headers: ["authorization"] } });
// @ts-expect-error a single origin is a list too
new CloesceApp({ cors: { origins: "https://shop.example" } });
