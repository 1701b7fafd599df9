import { CRUD, D1, GET, Inject, Orm, PrimaryKey, WranglerEnv, type Integer } from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Note {
  @PrimaryKey
  id: Integer;

  text: string;

  /** Through the injected env, and with a method that sessions lack. */
  @GET
  static async counted(@Inject env: Env): Promise<Integer> {
    await env.db.exec("select 1");
    return (await Orm.fromEnv(env).count(Note)).unwrap();
  }

  @GET
  static idle(): string {
    return "nothing asked";
  }
}
