// Articles whose data sources say which of them a list has.
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
  Orm,
  PrimaryKey,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD(["SAVE", "GET", "LIST"], {
  writes: { remarks: {} },
  list: { where: ["title"], orderBy: ["title"] },
})
export class Article {
  @PrimaryKey id: Integer;
  title: string;
  written: Integer;
  draft: boolean;

  @OneToMany("articleId") remarks: Remark[];

  @DataSource
  static readonly recent: DataSource<Article> = {
    include: { remarks: { orderBy: { id: "desc" }, limit: 1 } },
    where: { draft: false },
    orderBy: [{ written: "desc" }],
    limit: 2,
  };

  @DataSource
  static readonly discussed: DataSource<Article> = {
    where: { remarks: { some: { words: { contains: "?" } } } },
  };

  @DataSource
  static readonly plain: IncludeTree<Article> = { remarks: {} };

  @GET
  static async front(@Inject env: Env): Promise<Article[]> {
    return (await Orm.fromEnv(env).list(Article, Article.recent)).unwrap();
  }
}

/** Lists answer whole tables, or all that their source asks for. */
@D1
@CRUD(["SAVE", "LIST"], { list: { limit: false } })
export class Remark {
  @PrimaryKey id: Integer;
  words: string;

  @ForeignKey(Article) articleId: Integer;

  @DataSource
  static readonly default: DataSource<Remark> = {
    where: { words: { not: "spam" } },
    orderBy: { words: "asc" },
  };
}
