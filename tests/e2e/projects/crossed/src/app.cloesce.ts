import {
  CloesceApp,
  CRUD,
  GET,
  HttpResult,
  Inject,
  type Integer,
  POST,
  PUT,
  R2,
  R2Model,
  Service,
  WranglerEnv,
  type Stream,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  files: R2Bucket;
}

@R2("files")
@CRUD
export class Picture extends R2Model {}

let knocks = 0;

@Service
export class Door {
  /** What a form in a page would do for its reader. */
  @POST
  knock(): Integer {
    return ++knocks;
  }

  @POST
  leave(files: Blob[]): Integer {
    knocks += files.length;
    return knocks;
  }

  @GET
  knocks(): Integer {
    return knocks;
  }

  /** Who the cookie says is there. */
  @GET
  who(@Inject Request: Request): HttpResult<string> {
    const cookie = Request.headers.get("cookie") ?? "nobody";
    return HttpResult.ok(200, cookie, { "x-seen": "yes" });
  }

  @PUT
  write(text: string): string {
    return text.toUpperCase();
  }

  @PUT
  echo(body: Stream): Stream {
    return body;
  }

  @GET
  fails(): string {
    throw new Error("on purpose");
  }

  @GET
  refuses(): HttpResult<string> {
    return HttpResult.fail(418, "no tea here");
  }
}

const app = new CloesceApp({
  // The test puts the origin of its page in the place of this one.
  cors: {
    origins: ["http://page.test"],
    headers: ["x-token", "authorization"],
    credentials: true,
    maxAge: 60,
  },
});

app.onRequest((di) => {
  const request = di.need<Request>("Request");
  // A preflight never comes here: it would be refused.
  if (request.method === "OPTIONS") return HttpResult.fail(400, "a preflight reached a hook");
  if (request.headers.get("x-token") === "stop") return HttpResult.fail(403, "stopped");
  return undefined;
});

export default app;
