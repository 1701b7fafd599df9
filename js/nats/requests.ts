// Requests and their answers over one subscription. The client's own makes two errors with their stacks for every request,
// which costs more than all the rest of it.

import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/transport-node";

/** Nobody answered: in time, or at all. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

interface Waiting {
  readonly resolve: (message: Msg) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class Requests {
  readonly #connection: NatsConnection;
  readonly #prefix: string;
  readonly #waiting = new Map<string, Waiting>();
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
      for (const { reject, timer } of this.#waiting.values()) {
        clearTimeout(timer);
        reject(new NoAnswer("the connection was closed"));
      }
      this.#waiting.clear();
    });
  }

  /** The answer within `timeout` milliseconds. @throws NoAnswer, and what publishing throws */
  ask(
    subject: string,
    payload: Uint8Array | string,
    timeout: number,
    headers?: MsgHdrs,
  ): Promise<Msg> {
    this.#sent += 1;
    const token = this.#sent.toString(36);
    return new Promise((resolve, reject) => {
      this.#connection.publish(subject, payload, {
        reply: this.#prefix + token,
        ...(headers === undefined ? {} : { headers }),
      });
      const timer = setTimeout(() => {
        this.#waiting.delete(token);
        reject(new NoAnswer("timeout"));
      }, timeout);
      this.#waiting.set(token, { resolve, reject, timer });
    });
  }

  #take(message: Msg): void {
    const token = message.subject.slice(this.#prefix.length);
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return; // came too late
    this.#waiting.delete(token);
    clearTimeout(waiting.timer);
    // The server says so when nobody listens. An answer of JetStream's API has a body.
    if (message.data.byteLength === 0 && message.headers?.code === 503)
      waiting.reject(new NoAnswer("no responders"));
    else waiting.resolve(message);
  }
}
