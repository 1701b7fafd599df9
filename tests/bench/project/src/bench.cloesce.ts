// What the benchmarks measure: a validated method, services in services, authors with their books and awards, bytes.
import {
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  GET,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  OneToMany,
  PlainOldObject,
  POST,
  PrimaryKey,
  Service,
  type Stream,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  currency: string;
}

@D1
@CRUD
export class Author {
  @PrimaryKey
  id: Integer;

  name: string;
  city: string;
  born: Date | null;

  @OneToMany("authorId")
  books: Book[];

  @OneToMany("authorId")
  awards: Award[];

  @DataSource
  static readonly all: IncludeTree<Author> = { books: {}, awards: {} };

  @DataSource
  static readonly shelf: IncludeTree<Author> = { books: {} };
}

@D1
export class Book {
  @PrimaryKey
  id: Integer;

  title: string;
  pages: Integer;
  price: number;

  @ForeignKey(Author)
  authorId: Integer;
}

@D1
export class Award {
  @PrimaryKey
  id: Integer;

  title: string;
  year: Integer;

  @ForeignKey(Author)
  authorId: Integer;
}

@PlainOldObject
export class Item {
  sku: string;
  quantity: Integer;
  price: number;
}

@PlainOldObject
export class Order {
  customer: string;
  email: string;
  placed: Date;
  express: boolean;
  note: string | null;
  items: Item[];
}

@Service
export class Shop {
  @GET
  ping(count: Integer): Integer {
    return count + 1;
  }

  @POST
  total(order: Order): number {
    let sum = order.express ? 5 : 0;
    for (const item of order.items) sum += item.quantity * item.price;
    return Math.round(sum * 100) / 100;
  }
}

@Service
export class Prices {
  env: Env;

  of(sku: string, count: Integer): string {
    return `${(1 + (sku.length % 7)) * count} ${this.env.currency}`;
  }
}

@Service
export class Desk {
  prices: Prices;

  init(@Inject request: Request): HttpResult<void> | undefined {
    return request.method === "PUT" ? HttpResult.fail(405, "prices are not put") : undefined;
  }

  @GET
  quote(sku: string, count: Integer): string {
    return this.prices.of(sku, count);
  }
}

@PlainOldObject
export class Picture {
  title: string;
  width: Integer;
  tags: string[];
  pixels: Uint8Array;
}

@Service
export class Files {
  /** The stream itself is the answer. */
  @POST
  echo(body: Stream): Stream {
    return body;
  }

  /** Bytes beside JSON. */
  @POST
  describe(picture: Picture): string {
    return `${picture.title} ${picture.width} ${picture.tags.length} ${picture.pixels.byteLength}`;
  }
}
