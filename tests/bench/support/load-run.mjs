// Drives one Worker with many connections at once, and keeps what came of it.

import { setTimeout as sleep } from "node:timers/promises";
import { faultOf, kinds, nextKind, randomOf } from "./load-mix.mjs";
import { memoryOfFamily } from "./process-cost.mjs";
import { RawConnection } from "./raw-connection.mjs";

const hello = Buffer.from("GET /api/Shop/ping?count=1 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
/** A request that has waited so long is not answered any more. */
const longestWait = 30_000;
/** Faults that are kept to be shown. */
const shownFaults = 10;
/** A Worker with so many is broken: nothing more is learned of it. */
const mostFaults = 1000;

/** What came of requests. */
export class Outcome {
  answered = 0;
  abandoned = 0;
  faults = 0;
  serverErrors = 0;
  /** Milliseconds of each answer, by kind. */
  times = kinds.map(() => []);

  get requests() {
    return this.answered + this.abandoned;
  }

  /** The `share` quantile of the answers of the kinds that `isWanted`, in milliseconds. */
  quantile(share, isWanted = () => true) {
    const wanted = kinds.flatMap((kind, index) => (isWanted(kind) ? [this.times[index]] : []));
    const sorted = Float64Array.from(wanted.flat()).sort();
    return sorted.length === 0 ? Number.NaN : sorted[Math.floor((sorted.length - 1) * share)];
  }

  add(other) {
    this.answered += other.answered;
    this.abandoned += other.abandoned;
    this.faults += other.faults;
    this.serverErrors += other.serverErrors;
    this.times = this.times.map((times, index) => times.concat(other.times[index]));
  }
}

export class LoadedServer {
  outcome = new Outcome();
  /** Of the whole run: saves of new rows, those that were answered and those that may have been done. */
  saved = 0;
  maybeSaved = 0;
  faults = [];
  milliseconds = 0;
  stopped = false;
  #seen = new Map();
  #number = 0;

  /** `server` is a WorkerdServer, `logged` what it logs; `abandon` is the share of requests that are left. */
  constructor(name, server, { byHand, logged, connections, abandon, seed }) {
    this.name = name;
    this.logged = logged;
    this.server = server;
    this.byHand = byHand;
    this.abandon = abandon;
    this.randoms = Array.from({ length: connections }, (_, index) => randomOf(seed * 1000 + index));
  }

  memory() {
    return memoryOfFamily(this.server.pid);
  }

  /** Ends what was counted so far, and answers it. */
  takeOutcome() {
    const { outcome } = this;
    this.outcome = new Outcome();
    return outcome;
  }

  runFor(seconds) {
    let end = null;
    return this.run(() => performance.now() >= (end ??= performance.now() + seconds * 1000));
  }

  /** Sends from all connections, each anew and open before it begins, until `isOver`. */
  async run(isOver) {
    const port = Number(this.server.url.port);
    const connections = this.randoms.map(() => new RawConnection(port));
    for (const connection of connections) await connection.send(hello);
    const watch = setInterval(() => {
      for (const connection of connections) connection.endAfter(longestWait);
    }, 1000);
    const begin = performance.now();
    await Promise.all(
      connections.map(async (connection, index) => {
        while (!this.stopped && !isOver()) await this.#sendOne(connection, this.randoms[index]);
        connection.close();
      }),
    );
    clearInterval(watch);
    this.milliseconds += performance.now() - begin;
  }

  async #sendOne(connection, random) {
    const kind = nextKind(random);
    const request = kinds[kind].make({ random, number: ++this.#number });
    if (random() < this.abandon) return this.#leaveOne(connection, request, random);
    const { outcome } = this;
    const begin = performance.now();
    const answer = await connection.send(request.bytes, request.bodiless);
    outcome.times[kind].push(performance.now() - begin);
    outcome.answered++;
    if (answer.status >= 500) outcome.serverErrors++;
    const fault = faultOf(answer, request, { byHand: this.byHand, seen: this.#seen });
    if (fault !== null) await this.#note(kinds[kind], request, answer, fault);
    else if (request.saves) this.saved++;
  }

  /** Half of those who leave do so at once, the others while the Worker is at it; some have not even sent all. */
  async #leaveOne(connection, request, random) {
    const { bytes } = request;
    const cut = random() < 0.25 ? Math.floor(bytes.length * random()) + 1 : bytes.length;
    const milliseconds = random() < 0.5 ? 0 : random() * 30;
    if (request.saves) this.maybeSaved++;
    connection.close();
    await connection.abandon(bytes.subarray(0, cut), milliseconds, random() < 0.5);
    this.outcome.abandoned++;
  }

  async #note(kind, request, answer, fault) {
    if (request.saves) this.maybeSaved++;
    if (++this.outcome.faults >= mostFaults) this.stopped = true;
    if (this.faults.length < shownFaults)
      this.faults.push(
        [
          `${this.name}: ${kind.name}: ${fault}`,
          `  sent ${JSON.stringify(request.bytes.toString("latin1", 0, 400))}`,
          `  got ${answer.status} ${JSON.stringify(answer.body.toString("latin1", 0, 400))}`,
        ].join("\n"),
      );
    // A server that takes no connections is not to be asked in a tight loop.
    if (answer.status === 0) await sleep(10);
  }

  /** What the database has of the new rows, against what was answered; null when it fits. */
  async faultOfRows() {
    const database = await this.server.miniflare.getD1Database("db");
    const { rows, torn } = await database
      .prepare(
        `SELECT count(*) AS rows, count(*) FILTER (WHERE name GLOB 'New [0-9]*' AND (SELECT count(*) FROM Book WHERE authorId = Author.id) <> 3) AS torn FROM Author WHERE id > 100`,
      )
      .first();
    if (rows < this.saved || rows > this.saved + this.maybeSaved)
      return `${this.name}: ${rows} new rows, ${this.saved} were answered and ${this.maybeSaved} left`;
    return torn === 0 ? null : `${this.name}: ${torn} new rows without all of their children`;
  }
}
