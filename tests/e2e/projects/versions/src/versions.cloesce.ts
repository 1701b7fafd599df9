// Tickets that several people change at once, and keys over several columns.
import {
  CloesceApp,
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  HttpResult,
  type IncludeTree,
  Index,
  Inject,
  type Integer,
  ManyToMany,
  OneToMany,
  Orm,
  POST,
  PrimaryKey,
  Unique,
  Version,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"], { writes: { notes: {}, labels: {} } })
@Unique("project", "title")
@Index("project", "points")
export class Ticket {
  @PrimaryKey id: Integer;
  project: Integer;
  title: string;
  points: Integer | null;
  @Version revision: Integer;

  @OneToMany("ticketId") notes: Note[];
  @ManyToMany("TicketLabels") labels: Label[];

  @DataSource
  static readonly default: IncludeTree<Ticket> = { notes: {} };

  @DataSource
  static readonly labelled: IncludeTree<Ticket> = { labels: {} };

  /** Without a revision: whatever is there. */
  @POST
  static async award(id: Integer, points: Integer, @Inject env: Env): Promise<Ticket> {
    return (await Orm.fromEnv(env).save(Ticket, { id, points })).unwrap();
  }

  /** With the revision that the caller has. */
  @POST
  static async replace(ticket: Ticket, @Inject env: Env): Promise<HttpResult<Ticket>> {
    const result = await Orm.fromEnv(env).save(Ticket, ticket);
    return result.ok
      ? HttpResult.ok(200, result.unwrap())
      : HttpResult.fail(409, result.unwrapLeft().message);
  }
}

@D1
export class Note {
  @PrimaryKey id: Integer;
  @ForeignKey("Ticket") ticketId: Integer;
  words: string;
  @Version revision: Integer;
}

/** Needs nothing but its name. */
@D1
export class Label {
  @PrimaryKey name: string;
  color: string | null;
  @Version revision: Integer;
  @ManyToMany("TicketLabels") tickets: Ticket[];
}

/** Its saves may write pins, as those have SAVE themselves. */
@D1
@CRUD(["SAVE", "GET"])
export class Board {
  @PrimaryKey id: Integer;
  name: string;
  @OneToMany("boardId") pins: Pin[];

  @DataSource
  static readonly default: IncludeTree<Board> = { pins: {} };
}

@D1
@CRUD(["SAVE"])
export class Pin {
  @PrimaryKey id: Integer;
  @ForeignKey("Board") boardId: Integer;
  place: Integer;
  @Version revision: Integer;
}

export default new CloesceApp({ idempotencyKeys: true });
