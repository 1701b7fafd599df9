// Hidden and read-only members in every place that callers reach.

import {
  CloesceApp,
  CRUD,
  D1,
  DataSource,
  type DeepPartial,
  ForeignKey,
  GET,
  Hidden,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  type Json,
  KV,
  type KValue,
  ManyToMany,
  OneToMany,
  OneToOne,
  Orm,
  PlainOldObject,
  POST,
  PrimaryKey,
  R2,
  type R2Object,
  ReadOnly,
  Service,
  Unique,
  WranglerEnv,
  Writable,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  FILES: R2Bucket;
  NOTES: KVNamespace;
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
export class Customer {
  @PrimaryKey id: Integer;
  name: string;
  @Hidden passwordHash: string | null;
  @Hidden() @Unique() seal: Uint8Array | null;
  @ReadOnly credit: Integer | null;
  pictureKey: string | null;

  @R2({ bucket: "FILES", keyColumn: "pictureKey" }) picture: R2Object | null;
  @Hidden @KV("notes/{id}", "NOTES") note: KValue<string> | null;

  @OneToMany("customerId") orders: Order[];
  @Hidden @OneToMany("customerId") audits: Audit[];
  @ReadOnly @ManyToMany("Memberships") clubs: Club[];

  @DataSource static readonly default: IncludeTree<Customer> = {
    picture: {},
    note: {},
    orders: {},
  };
  @DataSource static readonly all: IncludeTree<Customer> = {
    picture: {},
    note: {},
    orders: { customer: { audits: {}, note: {} } },
    audits: {},
    clubs: {},
  };

  /** What the Worker's own code sees of itself. */
  @GET
  self(): Json {
    const { passwordHash, seal, credit, pictureKey, note, audits } = this;
    return {
      passwordHash,
      seal: seal && [...seal],
      credit,
      pictureKey,
      note: note?.value ?? null,
      audits: audits.map(({ text }) => text),
    };
  }

  @GET
  me(): Customer {
    return this;
  }

  @GET
  async meWithStatus(): Promise<HttpResult<Customer | null>> {
    return HttpResult.ok(203, this);
  }

  @GET
  receipt(): Receipt {
    return Object.assign(new Receipt(), {
      number: 1,
      margin: 0.4,
      stamped: null,
      customers: [this],
    });
  }

  /** Its members are listed by `toJSON`, hidden ones too. */
  @GET
  listed(): Customer {
    return Object.assign(Object.create({ toJSON: () => ({ ...this }) }) as Customer, this);
  }

  /** Not what was declared. */
  @GET
  many(): Customer {
    return [this, this] as unknown as Customer;
  }

  @GET
  static async everyone(@Inject env: Env): Promise<Customer[]> {
    return (await Orm.fromEnv(env).list(Customer, { includeTree: Customer.all })).unwrap();
  }

  @GET
  static withScan(): Customer {
    return {
      id: 9,
      name: "scanned",
      passwordHash: "h-9",
      seal: new Uint8Array([9]),
      orders: [{ id: 9, scan: new Uint8Array([1, 2]), draft: new Uint8Array([3]) }],
    } as unknown as Customer;
  }

  @POST
  static take(
    customer: Customer,
    more: Customer[],
    part: DeepPartial<Customer>,
    box: Receipt,
  ): Json {
    return { customer, more, part, box } as unknown as Json;
  }

  @POST
  static takeFile(file: Blob, customer: DeepPartial<Customer>): Json {
    return { size: file.size, customer } as unknown as Json;
  }

  @GET
  static ask(like: DeepPartial<Customer>): Json {
    return like as unknown as Json;
  }
}

@D1
export class Audit {
  @PrimaryKey id: Integer;
  @ForeignKey(Customer) customerId: Integer;
  text: string;
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Order {
  @PrimaryKey id: Integer;
  @ForeignKey(Customer) customerId: Integer;
  what: string;
  @ReadOnly price: Integer | null;
  scan: Uint8Array | null;
  @Hidden draft: Uint8Array | null;
  @OneToOne("customerId") customer: Customer | undefined;
  @DataSource static readonly default: IncludeTree<Order> = { customer: { note: {}, audits: {} } };
}

@D1
@CRUD(["SAVE", "GET"])
export class Club {
  @PrimaryKey id: Integer;
  name: string;
  @Hidden @ForeignKey(Customer) ownerId: Integer | null;
  @Hidden @OneToOne("ownerId") owner: Customer | undefined;
  @Writable badgeKey: string | null;
  @R2({ bucket: "FILES", keyColumn: "badgeKey" }) badge: R2Object | null;
  @ManyToMany("Memberships") members: Customer[];
  @DataSource static readonly default: IncludeTree<Club> = { badge: {} };
  @DataSource static readonly page: IncludeTree<Club> = { owner: {}, members: {} };
}

/** Its foreign key cannot be given, and so neither can the relation over it. */
@D1
@CRUD(["SAVE", "GET"])
export class Voucher {
  @PrimaryKey id: Integer;
  text: string;
  @ReadOnly @ForeignKey(Customer) customerId: Integer | null;
  @OneToOne("customerId") customer: Customer | undefined;
  @DataSource static readonly default: IncludeTree<Voucher> = { customer: {} };
}

/** Only the Worker adds rows. */
@D1
@CRUD(["SAVE", "GET"])
export class Ledger {
  @PrimaryKey id: Integer;
  line: string;
  @ReadOnly code: string;
}

@D1
@CRUD(["SAVE", "GET"])
export class Vault {
  @PrimaryKey id: Integer;
  label: string;
  @Hidden combination: string;
}

@PlainOldObject
export class Receipt {
  number: Integer;
  @Hidden margin: number;
  @ReadOnly stamped: Date | null;
  customers: Customer[];
}

@Service
export class Desk {
  env: Env;

  /** Writes as the Worker, what callers cannot. */
  @POST
  async prepare(): Promise<void> {
    const { db, FILES, NOTES } = this.env;
    const orm = Orm.fromEnv(this.env);
    await FILES.put("pictures/1", "a picture");
    await FILES.put("private/payroll", "not for callers");
    await NOTES.put("notes/1", "pays late");
    const saved = await orm.save(
      Customer,
      {
        id: 1,
        name: "Ada",
        passwordHash: "h-1",
        seal: new Uint8Array([7, 8]),
        credit: 5,
        pictureKey: "pictures/1",
        audits: [{ id: 1, text: "seen" }],
        orders: [{ id: 1, what: "tea", price: 3, scan: null, draft: new Uint8Array([1]) }],
        clubs: [{ id: 1, name: "chess", ownerId: null, badgeKey: null }],
      },
      Customer.all,
    );
    saved.unwrap();
    (await orm.save(Voucher, { id: 1, text: "five", customerId: 1 })).unwrap();
    (await orm.save(Club, { id: 2, name: "rowing", ownerId: 1, badgeKey: null })).unwrap();
    await db.batch([
      db.prepare(`INSERT INTO "Ledger" VALUES (1, 'first', 'c-1')`),
      db.prepare(`INSERT INTO "Vault" VALUES (1, 'first', '12-34')`),
    ]);
  }

  /** Every row as it is stored. */
  @GET
  async witness(): Promise<Json> {
    const rows: Record<string, unknown> = {};
    for (const table of [
      "Customer",
      "Audit",
      "Order",
      "Club",
      "Memberships",
      "Voucher",
      "Ledger",
      "Vault",
    ]) {
      const found = await this.env.db.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all();
      rows[table] = found.results;
    }
    return rows as Json;
  }
}

const app = new CloesceApp();

app.onMethod(Customer, "me", async (di) => {
  if (di.get<Request>("Request")?.headers.get("x-cached") !== "yes") return undefined;
  const env = di.get<Env>("Env") as Env;
  const customer = (await Orm.fromEnv(env).get(Customer, 1, Customer.all)).unwrap();
  return HttpResult.ok(200, customer);
});

app.onResult((di, result) =>
  di.get<Request>("Request")?.headers.get("x-wrapped") === "yes"
    ? HttpResult.ok(200, result.data)
    : undefined,
);

export default app;
