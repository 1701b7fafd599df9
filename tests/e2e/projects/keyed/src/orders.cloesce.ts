// Orders whose saves may be sent again under a key.
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
  OneToMany,
  POST,
  PrimaryKey,
  Service,
  Unique,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD(["SAVE", "GET", "LIST"], { writes: { lines: {} } })
export class Order {
  @PrimaryKey id: Integer;
  note: string;
  @Unique number: string | null;

  @OneToMany("orderId") lines: Line[];

  @DataSource
  static readonly default: IncludeTree<Order> = { lines: {} };
}

@D1
export class Line {
  @PrimaryKey id: Integer;
  @ForeignKey("Order") orderId: Integer;
  text: string;
}

let seen = 0;

@Service
export class Desk {
  /** How many saves the hook saw. */
  @GET
  seen(): Integer {
    return seen;
  }

  /** Makes all keys older by a day. */
  @POST
  async dayLater(@Inject env: Env): Promise<Integer> {
    const { meta } = await env.db
      .prepare(`update "_cloesce_saves" set "created" = "created" - 86401`)
      .run();
    return meta.changes;
  }
}

const app = new CloesceApp({ idempotencyKeys: true });

app.onMethod(Order, "save", (di) => {
  seen++;
  if (di.need<Request>("Request").headers.get("x-stop") !== null)
    return HttpResult.fail(403, "stopped");
  return undefined;
});

export default app;
