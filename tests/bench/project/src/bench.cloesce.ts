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
  KV,
  type KValue,
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
  facts: KVNamespace;
  currency: string;
}

@D1
@CRUD(["GET", "LIST", "SAVE"], { writes: { books: {} } })
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

/** A row with 20 values in KV. */
@D1
@CRUD(["GET"])
export class Profile {
  @PrimaryKey
  id: Integer;

  name: string;

  @KV("profiles/{id}/f01", "facts")
  f01: KValue<string> | null;

  @KV("profiles/{id}/f02", "facts")
  f02: KValue<string> | null;

  @KV("profiles/{id}/f03", "facts")
  f03: KValue<string> | null;

  @KV("profiles/{id}/f04", "facts")
  f04: KValue<string> | null;

  @KV("profiles/{id}/f05", "facts")
  f05: KValue<string> | null;

  @KV("profiles/{id}/f06", "facts")
  f06: KValue<string> | null;

  @KV("profiles/{id}/f07", "facts")
  f07: KValue<string> | null;

  @KV("profiles/{id}/f08", "facts")
  f08: KValue<string> | null;

  @KV("profiles/{id}/f09", "facts")
  f09: KValue<string> | null;

  @KV("profiles/{id}/f10", "facts")
  f10: KValue<string> | null;

  @KV("profiles/{id}/f11", "facts")
  f11: KValue<string> | null;

  @KV("profiles/{id}/f12", "facts")
  f12: KValue<string> | null;

  @KV("profiles/{id}/f13", "facts")
  f13: KValue<string> | null;

  @KV("profiles/{id}/f14", "facts")
  f14: KValue<string> | null;

  @KV("profiles/{id}/f15", "facts")
  f15: KValue<string> | null;

  @KV("profiles/{id}/f16", "facts")
  f16: KValue<string> | null;

  @KV("profiles/{id}/f17", "facts")
  f17: KValue<string> | null;

  @KV("profiles/{id}/f18", "facts")
  f18: KValue<string> | null;

  @KV("profiles/{id}/f19", "facts")
  f19: KValue<string> | null;

  @KV("profiles/{id}/f20", "facts")
  f20: KValue<string> | null;

  @DataSource
  static readonly facts: IncludeTree<Profile> = {
    f01: {},
    f02: {},
    f03: {},
    f04: {},
    f05: {},
    f06: {},
    f07: {},
    f08: {},
    f09: {},
    f10: {},
    f11: {},
    f12: {},
    f13: {},
    f14: {},
    f15: {},
    f16: {},
    f17: {},
    f18: {},
    f19: {},
    f20: {},
  };
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
