// A row with a text of any size, saved by a ready-made method and by an ORM call.
import {
  CRUD,
  D1,
  GET,
  Inject,
  type Integer,
  Orm,
  POST,
  PrimaryKey,
  Service,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD
export class Note {
  @PrimaryKey
  id: Integer;

  text: string;
}

@Service
export class Desk {
  env: Env;

  @POST
  async keep(text: string): Promise<Note> {
    return (await Orm.fromEnv(this.env).save(Note, { text })).unwrap();
  }

  @GET
  ping(count: Integer): Integer {
    return count + 1;
  }
}
