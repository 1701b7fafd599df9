// Models that callers may save, models that they may not, and relations between them: granted, guarded, and neither.
import {
  CloesceApp,
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  GET,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  type Json,
  ManyToMany,
  OneToMany,
  OneToOne,
  PrimaryKey,
  Service,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD(["SAVE", "GET"], { writes: { lines: {}, tags: {}, sleeve: {} } })
export class Album {
  @PrimaryKey
  id: Integer;

  title: string;

  @ForeignKey(Genre)
  genreId: Integer | null;

  @ForeignKey(Sleeve)
  sleeveId: Integer | null;

  @OneToOne("genreId")
  genre: Genre | undefined;

  @OneToOne("sleeveId")
  sleeve: Sleeve | undefined;

  @OneToOne("albumId")
  notes: Notes | undefined;

  @OneToMany("albumId")
  lines: Line[];

  @OneToMany("albumId")
  reviews: Review[];

  @OneToMany("albumId")
  tickets: Ticket[];

  @ManyToMany("AlbumTags")
  tags: Tag[];

  @ManyToMany("AlbumShelves")
  shelves: Shelf[];

  @DataSource
  static readonly page: IncludeTree<Album> = {
    genre: {},
    sleeve: {},
    notes: {},
    lines: {},
    reviews: { author: {} },
    tags: {},
    shelves: {},
  };
}

@D1
@CRUD(["GET"])
export class Genre {
  @PrimaryKey
  id: Integer;

  name: string;
}

@D1
export class Sleeve {
  @PrimaryKey
  id: Integer;

  color: string;
}

@D1
export class Notes {
  @PrimaryKey
  @ForeignKey(Album)
  albumId: Integer;

  text: string;
}

@D1
export class Line {
  @PrimaryKey
  id: Integer;

  text: string;

  @ForeignKey(Album)
  albumId: Integer;
}

@D1
export class Review {
  @PrimaryKey
  id: Integer;

  stars: Integer;

  @ForeignKey(Album)
  albumId: Integer;

  @ForeignKey(Person)
  authorId: Integer;

  @OneToOne("authorId")
  author: Person | undefined;
}

@D1
export class Person {
  @PrimaryKey
  id: Integer;

  name: string;
}

@D1
export class Tag {
  @PrimaryKey
  name: string;

  color: string;

  @ManyToMany("AlbumTags")
  albums: Album[];
}

@D1
export class Shelf {
  @PrimaryKey
  id: Integer;

  name: string;

  @ManyToMany("AlbumShelves")
  albums: Album[];
}

/** Callers save these directly; a hook looks at each. */
@D1
@CRUD(["SAVE", "GET"])
export class Ticket {
  @PrimaryKey
  id: Integer;

  seat: string;

  @ForeignKey(Album)
  albumId: Integer | null;

  @ForeignKey(Customer)
  customerId: Integer | null;

  @OneToOne("customerId")
  customer: Customer | undefined;

  @DataSource
  static readonly default: IncludeTree<Ticket> = { customer: {} };
}

/** Callers save these directly as well, were it not for the hook that forbids it. */
@D1
@CRUD(["SAVE", "GET"])
export class Customer {
  @PrimaryKey
  id: Integer;

  name: string;
}

/** Reads what is in the tables, past all models. */
@Service
export class Witness {
  @GET
  async rows(@Inject { db }: Env, table: string): Promise<Json> {
    return (await db.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all()).results;
  }
}

const app = new CloesceApp();
app.onMethod(Customer, "save", () => HttpResult.fail(403, "customers are closed"));
app.onNamespace(Ticket, (di) => {
  const request = di.get<Request>("Request");
  return request?.headers.get("x-closed") === "yes" ? HttpResult.fail(403, "closed") : undefined;
});
export default app;
