// KV models whose keys remember what they had, in every form that values have.
import {
  CRUD,
  GET,
  HttpResult,
  Inject,
  type Integer,
  KV,
  KVModel,
  Orm,
  PlainOldObject,
  type Stream,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  SESSIONS: KVNamespace;
}

@PlainOldObject
export class Visit {
  page: string;
  since: Date;
}

@PlainOldObject
export class Told {
  text: string | null;
  change: string;
  revision: Integer;
  created: Date;
}

@KV("SESSIONS", { history: 5 })
@CRUD(["SAVE", "GET", "DELETE"])
export class Session extends KVModel<Visit> {
  /** A method of the instance, to see that entries of a history are instances. */
  describe(): string {
    return `${this.value.page} since ${this.value.since.getUTCFullYear()}`;
  }

  @GET
  static async versions(@Inject env: Env, key: string): Promise<HttpResult<Told[]>> {
    const found = await Orm.fromEnv(env).history(Session, key);
    if (!found.ok) return HttpResult.fail(501, found.unwrapLeft().message);
    return HttpResult.ok(
      200,
      found.unwrap().map(({ entry, change, revision, created }) => ({
        text: entry?.describe() ?? null,
        change,
        revision,
        created,
      })),
    );
  }

  @GET
  static async live(
    @Inject env: Env,
    prefix: string,
    include: string,
  ): Promise<HttpResult<Stream>> {
    const changes = await Orm.fromEnv(env).watch(Session, {
      prefix,
      include: include as "latest",
    });
    return changes.ok
      ? HttpResult.ok(200, changes.unwrap())
      : HttpResult.fail(501, changes.unwrapLeft().message);
  }
}

@KV("SESSIONS", { history: 2 })
@CRUD(["SAVE"])
export class Note extends KVModel<string> {
  @GET
  static async texts(@Inject env: Env, key: string): Promise<string[]> {
    const found = (await Orm.fromEnv(env).history(Note, key)).unwrap();
    return found.map(({ entry }) => entry?.value ?? "gone");
  }

  @GET
  static async live(@Inject env: Env, key: string): Promise<Stream> {
    return (await Orm.fromEnv(env).watch(Note, { key })).unwrap();
  }
}

@KV("SESSIONS", { history: 2 })
@CRUD(["SAVE"])
export class Thumbnail extends KVModel<Uint8Array> {
  @GET
  static async sizes(@Inject env: Env, key: string): Promise<Integer[]> {
    const found = (await Orm.fromEnv(env).history(Thumbnail, key)).unwrap();
    return found.map(({ entry }) => entry?.value.byteLength ?? -1);
  }

  @GET
  static async live(@Inject env: Env, key: string): Promise<Stream> {
    return (await Orm.fromEnv(env).watch(Thumbnail, { key })).unwrap();
  }
}

@KV("SESSIONS", { history: 2 })
@CRUD(["SAVE"])
export class Film extends KVModel<ReadableStream> {
  @GET
  static async sizes(@Inject env: Env, key: string): Promise<Integer[]> {
    const found = (await Orm.fromEnv(env).history(Film, key)).unwrap();
    const bytes = found.map(({ entry }) => new Response(entry?.value).arrayBuffer());
    return (await Promise.all(bytes)).map(({ byteLength }) => byteLength);
  }
}
