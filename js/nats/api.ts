// Requests to JetStream over a connection: asked again while no leader answers, and its refusals as errors of ours.

import { randomBytes } from "node:crypto";
import type { NatsConnection } from "@nats-io/transport-node";
import { BucketFull, HistoryError, ServerRefused, Unavailable } from "./errors.js";
import { NoAnswer, Requests } from "./requests.js";
import { pause } from "./signals.js";
import { EncodedHeaders, type Head, headOf, wire } from "./wire.js";

type Client = typeof import("@nats-io/transport-node");

/** JetStream's error codes that mean something here. */
export const codes = {
  streamNotFound: 10059,
  streamNameInUse: 10058,
  noMessage: 10037,
  wrongLast: 10071,
  wrongLastReplicated: 10164,
  maxBytes: 10077,
  ttlInvalid: 10165,
  ttlDisabled: 10166,
} as const;

/** Those that pass: no leader, or one that is not ready. */
const passing = new Set([10008, 10009, 10118]);
const full = new Set([10077, 10023, 10047, 10028, 10002]);
/** Milliseconds that one of several attempts waits. */
const attempt = 2000;

interface Refused {
  readonly code: number;
  readonly err_code?: number;
  readonly description?: string;
}

export interface Publish {
  readonly subject: string;
  readonly value: Uint8Array;
  readonly headers: readonly (readonly [string, string])[];
  readonly id: string | null;
}

export class Api {
  readonly client: Client;
  readonly connection: NatsConnection;
  /** Milliseconds that a call may take. */
  readonly timeout: number;
  readonly #prefix: string;
  readonly #inboxPrefix: string | null;
  readonly #requests: Requests;
  readonly #series = `${randomBytes(12).toString("base64url")}.`;
  #written = 0;
  readonly #listeners = new Set<() => void>();

  constructor(
    client: Client,
    connection: NatsConnection,
    timeout: number,
    domain: string | null,
    inboxPrefix: string | null,
  ) {
    this.#inboxPrefix = inboxPrefix;
    this.#requests = new Requests(connection, client.createInbox(inboxPrefix ?? undefined));
    this.client = client;
    this.connection = connection;
    this.timeout = timeout;
    this.#prefix = domain === null ? "$JS.API" : `$JS.${domain}.API`;
    void this.#listen();
  }

  /** A subject of our own. */
  inbox(): string {
    return this.client.createInbox(this.#inboxPrefix ?? undefined);
  }

  /** Hears when the connection is cut; answers how it is not told any more. */
  onDisconnect(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Of this connection's own series: nobody else's, and none twice. */
  #freshId(): string {
    this.#written += 1;
    return `${this.#series}${this.#written.toString(36)}`;
  }

  async #listen(): Promise<void> {
    for await (const { type } of this.connection.status())
      if (type === "disconnect") for (const listener of [...this.#listeners]) listener();
  }

  /** The server's version. */
  get version(): string {
    return this.connection.info?.version ?? "unknown";
  }

  /** Bytes of a message with its headers. */
  get maxPayload(): number {
    return this.connection.info?.max_payload ?? 1024 * 1024;
  }

  /** The connected server's cluster; null when it is alone. */
  get cluster(): string | null {
    return this.connection.info?.cluster ?? null;
  }

  /** Asks JetStream. @throws ServerRefused, Unavailable */
  async ask<Answer>(subject: string, body: object | null = null): Promise<Answer> {
    const payload = body === null ? "" : JSON.stringify(body);
    return this.#patiently(async (timeout) => {
      const message = await this.#requests.ask(`${this.#prefix}.${subject}`, payload, timeout);
      return answerOf<Answer>(message.string());
    }, null);
  }

  /** Asks for something of which the answer does not matter. */
  forget(subject: string): void {
    try {
      this.connection.publish(`${this.#prefix}.${subject}`);
    } catch {
      // Not connected: then there is nothing to ask.
    }
  }

  /** What a stream's direct read answers: the message, or null. */
  async direct(
    stream: string,
    subject: string,
    most = this.timeout,
  ): Promise<{ readonly data: Uint8Array; readonly head: Head } | null> {
    return this.#patiently(
      async (timeout) => {
        const message = await this.#requests.ask(
          `${this.#prefix}.DIRECT.GET.${stream}.${subject}`,
          "",
          timeout,
        );
        const { headers } = message;
        if (headers === undefined)
          throw new HistoryError("a direct read was answered without headers");
        if (headers.code === 404) return null;
        if (headers.code !== 0)
          throw new ServerRefused(`${headers.code} ${headers.description}`, headers.code);
        return { data: message.data, head: headOf(message) };
      },
      null,
      most,
    );
  }

  /**
   * Publishes with an id, so that what is sent again is stored once; answers the revision. `again` is called when a refusal
   * may be that of our own message, sent before: it answers the revision that message has.
   */
  async publish(publish: Publish, again: (id: string) => Promise<number | null>): Promise<number> {
    const id = publish.id ?? this.#freshId();
    const { cluster } = this;
    const headers = new EncodedHeaders([
      [wire.id, id],
      ...(cluster === null ? [] : ([[wire.origin, cluster]] as const)),
      ...publish.headers,
    ]);
    let sent = 0;
    return this.#patiently(async (timeout) => {
      sent += 1;
      try {
        const { subject, value } = publish;
        const message = await this.#requests.ask(subject, value, timeout, headers);
        return answerOf<{ seq: number }>(message.string()).seq;
      } catch (error) {
        const conflict = error instanceof ServerRefused && isConflict(error.serverCode);
        const own = conflict && (sent > 1 || publish.id !== null) ? await again(id) : null;
        if (own === null) throw error;
        return own;
      }
    }, id);
  }

  async #patiently<Answer>(
    work: (timeout: number) => Promise<Answer>,
    id: string | null,
    most = this.timeout,
  ): Promise<Answer> {
    const end = performance.now() + most;
    for (let wait = 50; ; wait = Math.min(wait * 2, 400)) {
      const left = end - performance.now();
      try {
        return await work(Math.max(50, Math.min(attempt, left)));
      } catch (error) {
        if (!this.#passes(error)) throw error;
        // A closed connection answers nothing any more.
        if (performance.now() + wait >= end || this.connection.isClosed())
          throw new Unavailable(this.#missing(error), id, error);
        await pause(wait);
      }
    }
  }

  #missing(error: unknown): string {
    if (this.connection.isClosed()) return "the connection is closed";
    const why = error instanceof Error ? error.message : String(error);
    return `no server answered within ${this.timeout} ms (${why})`;
  }

  #passes(error: unknown): boolean {
    if (error instanceof ServerRefused) return passing.has(error.serverCode);
    if (error instanceof HistoryError) return false;
    const { errors } = this.client;
    return (
      error instanceof NoAnswer ||
      error instanceof errors.ClosedConnectionError ||
      error instanceof errors.DrainingConnectionError ||
      error instanceof errors.ConnectionError
    );
  }
}

export function isConflict(code: number): boolean {
  return code === codes.wrongLast || code === codes.wrongLastReplicated;
}

function answerOf<Answer>(text: string): Answer {
  const answer = JSON.parse(text) as Answer & { readonly error?: Refused };
  if (answer.error === undefined) return answer;
  const { err_code: code = answer.error.code, description = "refused" } = answer.error;
  if (full.has(code)) throw new BucketFull(`the server has no room: ${description}`);
  throw new ServerRefused(description, code);
}
