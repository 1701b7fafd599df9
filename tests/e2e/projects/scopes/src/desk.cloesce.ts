// A help desk: customers see what is theirs, an agent sees all.
import {
  CloesceApp,
  CRUD,
  D1,
  DataSource,
  type DataSourceOf,
  type DependencyContainer,
  ForeignKey,
  GET,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  ManyToMany,
  OneToMany,
  OneToOne,
  Orm,
  POST,
  PrimaryKey,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

/** Who asks. */
export class Caller {
  constructor(
    readonly customer: number,
    readonly agent: boolean,
  ) {}
}

@D1
@CRUD(["GET", "LIST", "SAVE"])
export class Customer {
  @PrimaryKey id: Integer;
  name: string;
  @OneToMany("customerId") tickets: Ticket[];

  @DataSource static readonly default: IncludeTree<Customer> = { tickets: { comments: {} } };
  /** The last ticket of each, with the first of its comments that say something. */
  @DataSource static readonly latest: IncludeTree<Customer> = {
    tickets: {
      orderBy: [{ subject: "desc" }],
      limit: 1,
      comments: { where: { words: { not: "" } }, limit: 1 },
    },
  };
}

@D1
@CRUD(["GET", "LIST", "SAVE", "DELETE"], {
  writes: { comments: {}, labels: {} },
  list: {
    where: ["subject", "customer.name", "comments.words"],
    orderBy: ["subject", "customer.name"],
  },
})
export class Ticket {
  @PrimaryKey id: Integer;
  subject: string;
  @ForeignKey(Customer) customerId: Integer;
  @OneToOne("customerId") customer: Customer | undefined;
  @OneToMany("ticketId") comments: Comment[];
  @ManyToMany("TicketLabels") labels: Label[];

  @DataSource static readonly default: IncludeTree<Ticket> = { comments: {}, labels: {} };
  @DataSource static readonly whole: IncludeTree<Ticket> = {
    customer: { tickets: {} },
    comments: {},
  };
  /** By the labels of Bob and by those that nobody sees. */
  @DataSource static readonly marked: DataSource<Ticket> = {
    where: { labels: { some: { name: { in: ["of bob", "hidden"] } } } },
  };
  @DataSource static readonly last: DataSource<Ticket> = {
    include: { comments: {} },
    orderBy: { id: "desc" },
    limit: 1,
  };

  @GET
  shout(): string {
    return this.subject.toUpperCase();
  }

  @GET
  with(_source: DataSourceOf<Ticket>): Integer {
    return (this.comments ?? []).length;
  }
}

@D1
@CRUD(["GET", "LIST", "SAVE"])
export class Comment {
  @PrimaryKey id: Integer;
  words: string;
  @ForeignKey(Ticket) ticketId: Integer;
  @OneToOne("ticketId") ticket: Ticket | undefined;
}

@D1
@CRUD(["LIST"])
export class Label {
  @PrimaryKey id: Integer;
  name: string;
  owner: Integer | null;
  @ManyToMany("TicketLabels") tickets: Ticket[];
}

/** For everybody. */
@D1
@CRUD(["LIST"])
export class Faq {
  @PrimaryKey id: Integer;
  question: string;
}

/** What nobody is shown, by a scope that refuses. */
@D1
@CRUD(["LIST"])
export class Secret {
  @PrimaryKey id: Integer;
}

/** A scope that forgot something. */
@D1
@CRUD(["LIST"])
export class Broken {
  @PrimaryKey id: Integer;
  owner: Integer | null;
}

/** What methods do within scopes, and without. */
@D1
export class Desk {
  @PrimaryKey id: Integer;

  /** What the ORM answers within the caller's scopes. */
  @POST
  static async within(
    job: string,
    id: Integer,
    customer: Integer,
    @Inject env: Env,
    @Inject di: DependencyContainer,
  ): Promise<string> {
    return run(Orm.fromEnv(env, { scope: di }), job, id, customer);
  }

  /** The same without. */
  @POST
  static async without(
    job: string,
    id: Integer,
    customer: Integer,
    @Inject env: Env,
  ): Promise<string> {
    return run(Orm.fromEnv(env), job, id, customer);
  }
}

async function run(orm: Orm, job: string, id: number, customer: number): Promise<string> {
  const ids = (rows: readonly { id: number }[]): number[] => rows.map((row) => row.id);
  switch (job) {
    case "list":
      return JSON.stringify(ids((await orm.list(Ticket)).unwrap()));
    case "where":
      return JSON.stringify(
        ids((await orm.list(Label, { where: { tickets: { some: {} } } })).unwrap()),
      );
    case "from":
      return JSON.stringify(
        ids((await orm.list(Ticket, { from: 'SELECT * FROM "Ticket" WHERE "id" > 0' })).unwrap()),
      );
    case "tree": {
      const include: IncludeTree<Customer> = {
        tickets: { where: { subject: { contains: "e" } }, orderBy: { subject: "desc" }, limit: 1 },
      };
      const rows = (await orm.list(Customer, { include, orderBy: { id: "asc" } })).unwrap();
      return JSON.stringify(rows.map((row) => ids(row.tickets)));
    }
    case "forgotten": {
      const words = undefined as unknown as string;
      const include: IncludeTree<Ticket> = { comments: { where: { words } } };
      return String((await orm.get(Ticket, id, include)).mapLeft(String).value);
    }
    case "get":
      return String((await orm.get(Ticket, id)).unwrap()?.subject);
    case "count":
      return String((await orm.count(Ticket)).unwrap());
    case "exists":
      return String((await orm.exists(Ticket, { id })).unwrap());
    case "rename":
      return String((await orm.updateMany(Ticket, { id }, { subject: "renamed" })).unwrap());
    case "move":
      return String(
        (await orm.updateMany(Ticket, { id }, { customerId: customer })).mapLeft(String).value,
      );
    case "deleteMany":
      return String((await orm.deleteMany(Comment, { id })).unwrap());
    case "delete":
      return String((await orm.delete(Comment, id)).unwrap());
    case "save": {
      const saved = await orm.save(Ticket, { id, subject: "saved", customerId: customer });
      return String(saved.ok ? saved.value.subject : saved.value.message);
    }
    default:
      return "nothing";
  }
}

const app = new CloesceApp();
app.onRequest((di) => {
  const who = di.get(Request)?.headers.get("x-caller") ?? null;
  if (who !== null) di.set(Caller, new Caller(Number(who), who === "agent"));
});
app.scope(Customer, (di) => own(di, (id) => ({ id })));
app.scope(Ticket, (di) => own(di, (customerId) => ({ customerId })));
app.scope(Comment, async (di) => own(di, (customerId) => ({ ticket: { customerId } })));
app.scope(Label, (di) => own(di, (owner) => ({ owner: { in: [owner, null] } })));
app.scope(Label, () => ({ name: { not: "hidden" } }));
app.scope(Secret, () => HttpResult.fail(451, "not for your eyes"));
app.scope(Broken, () => ({ owner: undefined as unknown as number }));

function own<Where>(di: DependencyContainer, where: (customer: number) => Where): Where | null {
  const caller = di.need(Caller);
  return caller.agent ? null : where(caller.customer);
}

export default app;
