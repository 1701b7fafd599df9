// Written as for Cloesce 0.0.5: bare upper-case decorators, a local alias of Integer, classes exported at the end.
import {
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  GET,
  Inject,
  ManyToMany,
  OneToMany,
  OneToOne,
  Orm,
  POST,
  PrimaryKey,
  WranglerEnv,
} from "cloesce/backend";
import type { DataSourceOf, DeepPartial, IncludeTree } from "cloesce/backend";

type Integer = number & { __kind?: "Integer" };

@WranglerEnv
class Env {
  db: D1Database;
  motto: string;
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
class Horse {
  @PrimaryKey
  id: Integer;

  name: string;
  bio: string | null;
  born: Date | null;
  retired: boolean | null;
  weight: number | null;

  @OneToMany("horseId1")
  likes: Like[];

  @ManyToMany("HorseTags")
  tags: Tag[];

  @DataSource
  static readonly default: IncludeTree<Horse> = { tags: {} };

  @DataSource
  static readonly withLikes: IncludeTree<Horse> = { likes: { horse2: {} } };

  @POST
  static async post(@Inject { db }: Env, horse: Horse): Promise<Horse> {
    const orm = Orm.fromD1(db);
    const key = (await orm.upsert(Horse, horse)).unwrap();
    return (await orm.get(Horse, key)).unwrap() as Horse;
  }

  @GET
  static async named(@Inject { db }: Env, name: string): Promise<Horse[]> {
    const from = `SELECT * FROM "Horse" WHERE "name" = ?1`;
    const sql = Orm.listQuery(Horse, { includeTree: Horse.withLikes, from });
    const rows = await db.prepare(sql).bind(name).all();
    return Orm.mapSql(Horse, rows.results, Horse.withLikes).unwrap();
  }

  @POST
  async like(@Inject { db }: Env, horse: Horse) {
    if (!(horse instanceof Horse)) throw new Error("expected a Horse");
    const orm = Orm.fromD1(db);
    (await orm.upsert(Like, { horseId1: this.id, horseId2: horse.id })).unwrap();
  }

  @GET
  greet(greeting: string, times: Integer | null): string {
    return `${greeting}, I am ${this.shout()}`.repeat(times ?? 1);
  }

  @GET
  relations(): Integer[] {
    return [this.likes.length, this.tags.length];
  }

  @POST
  static kinds(horses: Horse[], dates: Date[], partial: DeepPartial<Horse>): string {
    const all = horses.every(
      (horse) => horse instanceof Horse && horse.likes.every((like) => like instanceof Like),
    );
    return `${all} ${dates.every((date) => date instanceof Date)} ${partial instanceof Horse} ${partial.name ?? "-"}`;
  }

  @GET
  static source(dataSource: DataSourceOf<Horse>): string {
    return dataSource;
  }

  shout(): string {
    return this.name.toUpperCase();
  }
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
class Like {
  @PrimaryKey
  id: Integer;

  @ForeignKey(Horse)
  horseId1: Integer;

  @ForeignKey("Horse")
  horseId2: Integer;

  @OneToOne("horseId2")
  horse2: Horse | undefined;
}

@D1
@CRUD
class Tag {
  @PrimaryKey
  name: string;

  @ManyToMany("HorseTags")
  horses: Horse[];

  @DataSource
  static readonly withHorses: IncludeTree<Tag> = { horses: { likes: {} } };
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
class Stay {
  @PrimaryKey
  stable: string;

  @PrimaryKey
  box: Integer;

  @ForeignKey(Horse)
  horseId: Integer;

  since: Date;
  heated: boolean;

  @OneToOne("horseId")
  horse: Horse | undefined;

  @DataSource
  static readonly withHorse: IncludeTree<Stay> = { horse: {} };

  @GET
  where(): string {
    return `${this.stable}/${this.box}`;
  }
}

export { Env, Horse, Like, Stay, Tag };
