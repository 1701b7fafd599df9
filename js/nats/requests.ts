// Requests and their answers over one subscription. The client's own makes two errors with their stacks for every request,
// which costs more than all the rest of it.

import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import type { EncodedHeaders } from "./wire.js";

/** Nobody answered: in time, or at all. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

interface Waiting {
  readonly resolve: (message: Msg) => void;
  readonly reject: (reason: Error) => void;
  /** The moment at which it was waited for long enough. */
  readonly end: number;
}

/** Milliseconds between looks at what was waited for long enough: one timer for all costs less than one for each. */
const look = 20;

export class Requests {
  readonly #connection: NatsConnection;
  readonly #prefix: string;
  readonly #waiting = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | null = null;
  #sent = 0;

  /** `inbox` is a subject of our own. */
  constructor(connection: NatsConnection, inbox: string) {
    this.#connection = connection;
    this.#prefix = `${inbox}.`;
    connection.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#take(message);
      },
    });
    void connection.closed().then(() => {
      for (const { reject } of this.#waiting.values())
        reject(new NoAnswer("the connection was closed"));
      this.#waiting.clear();
      this.#rest();
    });
  }

  /** The answer within `timeout` milliseconds. @throws NoAnswer, and what publishing throws */
  ask(
    subject: string,
    payload: Uint8Array | string,
    timeout: number,
    headers?: EncodedHeaders,
  ): Promise<Msg> {
    this.#sent += 1;
    const token = this.#sent.toString(36);
    return new Promise((resolve, reject) => {
      this.#connection.publish(subject, payload, {
        reply: this.#prefix + token,
        // Of headers the client asks nothing but their bytes.
        ...(headers === undefined ? {} : { headers: headers as unknown as MsgHdrs }),
      });
      this.#waiting.set(token, { resolve, reject, end: performance.now() + timeout });
      this.#timer ??= setInterval(() => this.#look(), look);
    });
  }

  #look(): void {
    const now = performance.now();
    for (const [token, { reject, end }] of this.#waiting) {
      if (now < end) continue;
      this.#waiting.delete(token);
      reject(new NoAnswer("timeout"));
    }
    if (this.#waiting.size === 0) this.#rest();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #take(message: Msg): void {
    const token = message.subject.slice(this.#prefix.length);
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return; // came too late
    this.#waiting.delete(token);
    // The server says so when nobody listens. An answer of JetStream's API has a body.
    if (message.data.byteLength === 0 && message.headers?.code === 503)
      waiting.reject(new NoAnswer("no responders"));
    else waiting.resolve(message);
  }
}
