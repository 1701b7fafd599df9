// Genres form a tree: each may have a parent and children of its own kind.

import {
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  GET,
  type IncludeTree,
  Inject,
  type Integer,
  OneToMany,
  OneToOne,
  Orm,
  PrimaryKey,
  Unique,
} from "cloesce/backend";
import { Env } from "./env.cloesce";

@D1
@CRUD(["GET", "LIST"])
export class Genre {
  @PrimaryKey
  id: Integer;

  @Unique
  name: string;

  @ForeignKey("Genre")
  parentId: Integer | null;

  @OneToOne("parentId")
  parent: Genre | undefined;

  @OneToMany("parentId")
  children: Genre[];

  /** A genre with the way up to its root. */
  @DataSource
  static readonly path: IncludeTree<Genre> = { parent: { parent: {} } };

  /** A genre with the way up, and two levels below it. */
  @DataSource
  static readonly tree: IncludeTree<Genre> = {
    parent: { parent: {} },
    children: { children: {} },
  };

  /** The genres without a parent, each with its tree. */
  @GET
  static async roots(@Inject { db }: Env): Promise<Genre[]> {
    const where = { parentId: null };
    return (await Orm.fromD1(db).list(Genre, { where, include: Genre.tree })).unwrap();
  }
}
