import {
  CRUD,
  D1,
  GET,
  KV,
  KVModel,
  POST,
  PlainOldObject,
  PrimaryKey,
  PUT,
  R2,
  R2Model,
  Service,
  Inject,
  WranglerEnv,
  type Integer,
  type Stream,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  notes: KVNamespace;
  files: R2Bucket;
}

@PlainOldObject
export class User {
  name: string;
}

@D1
@CRUD
export class Ticket {
  @PrimaryKey
  id: Integer;
  owner: string;
  opened: Date;
  picture: Uint8Array | null;

  @POST
  assign(to: string, at: Date, @Inject user: User): string {
    return `${this.owner} to ${to} at ${at.getUTCFullYear()} by ${user.name}, ${seen(this)}`;
  }

  @GET
  static find(owner: string, since: Date | null): string {
    return `${owner} since ${since?.getUTCFullYear() ?? "ever"}`;
  }

  @POST
  static attach(name: string, bytes: Uint8Array): Integer {
    return (name.length + bytes.byteLength) as Integer;
  }

  @PUT
  static upload(body: Stream): Stream {
    return body;
  }
}

/** What a hook of the instance left on it. */
function seen(ticket: Ticket): string {
  return (ticket as { mark?: string }).mark ?? "unmarked";
}

@D1
@CRUD(["SAVE", "GET"])
export class Shift {
  @PrimaryKey
  day: Date;
  @PrimaryKey
  place: string;
  by: string | null;

  @GET
  label(): string {
    return `${this.day.toISOString()} ${this.place}`;
  }
}

@KV("notes")
@CRUD
export class Note extends KVModel<string> {}

@R2("files")
@CRUD
export class File extends R2Model {}

@Service
export class Door {
  @POST
  open(key: string): string {
    return key;
  }

  @GET
  admin(): string {
    return "welcome";
  }
}
