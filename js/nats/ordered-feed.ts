// An ordered consumer of our own: messages of a stream in order, none twice, none left out, whatever happens to server,
// connection or consumer. That of the client waits for 75 seconds and more before it minds a consumer that is lost.

import type { Msg, Subscription } from "@nats-io/transport-node";
import type { Feed, Stored, WatchSpec } from "./backend.js";
import type { Api } from "./api.js";
import { nothing } from "./entry.js";
import { BucketNotFound, Closed, HistoryError, Unavailable } from "./errors.js";
import { FeedQueue } from "./feed.js";
import { pause } from "./signals.js";
import { asMissing, streamInfo } from "./stream.js";
import { rule } from "../local/rules.js";
import { headOf, replyOf, StoredMessage, subjectFrom } from "./wire.js";

/** Seconds between signs of life of an idle consumer. */
const heartbeat = 1;
/** Milliseconds without one after which the consumer counts as lost. */
const patience = 2600;
const nanoseconds = 1e9;

interface ConsumerInfo {
  readonly name: string;
  readonly num_pending: number;
  readonly delivered: { readonly consumer_seq: number; readonly stream_seq: number };
}

export interface OrderedSource {
  readonly api: Api;
  readonly bucket: string;
  /** The stream to consume, the bucket's or a replica's. */
  readonly stream: string;
  /** What subjects of keys begin with, with the dot at its end. */
  readonly prefix: string;
  /** Whether the stream has nothing but keys with that prefix. */
  readonly alone: boolean;
  /** When the stream was made: another one of its name is another bucket. */
  readonly created: string;
  /** Whether it keeps one entry of a key: then all that it has are the latest, and it need not look for them. */
  readonly single: boolean;
}

/** Opens the feed. @throws BucketNotFound, Unavailable */
export async function openOrderedFeed(source: OrderedSource, spec: WatchSpec): Promise<Feed> {
  const feed = new OrderedFeed(source, spec);
  await feed.start();
  return feed.feed;
}

/** What is known of the stream from before it is read. */
interface Begin {
  /** Its last revision. What comes behind was written since then. */
  readonly last: number;
  /** How many keys it had, where all of them are read. */
  readonly keys: number | null;
  /** How many of their entries have come. */
  came: number;
  /** Whether it had to be read anew. */
  again: boolean;
}

class OrderedFeed {
  readonly #source: OrderedSource;
  readonly #spec: WatchSpec;
  readonly #queue: FeedQueue;
  #subscription: Subscription | null = null;
  #consumer: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** The last revision that was passed on, and the consumer's number of the next message. */
  #last = 0;
  #next = 1;
  /** How many messages there were when the consumer was made that have not come yet; null once they have. */
  #left: number | null = null;
  #marked = false;
  /** When there was a sign of life, and the next message then. */
  #heard = 0;
  #heardOf = 0;
  /** Where in subjects for acknowledgements the numbers begin; null until there was a message of this consumer. */
  #numbers: number | null = null;
  #healing = false;
  /**
   * Servers before 2.10 leave purges that come close together out of a consumer with wildcards. There all of the bucket is
   * consumed, and a gap in its revisions is looked into by a consumer that begins with it.
   */
  readonly #gapped: boolean;
  #sure = false;
  /** Of a reader that leaves at the mark. */
  #begin: Begin | null = null;
  #unlisten: (() => void) | null = null;
  #live = false;

  constructor(source: OrderedSource, spec: WatchSpec) {
    this.#source = source;
    this.#spec = spec;
    this.#gapped = /^2\.[0-9]\./.test(source.api.version) && /[*>]/.test(spec.filter);
    this.#queue = new FeedQueue(() => this.#leave());
  }

  get feed(): Feed {
    return this.#queue.feed;
  }

  async start(): Promise<void> {
    try {
      if (this.#spec.ends !== undefined) await this.#lookBefore();
      await this.#open();
    } catch (error) {
      this.#queue.end();
      throw asMissing(error, this.#source.bucket);
    }
    this.#timer = setInterval(() => this.#watch(), 250);
    this.#unlisten = this.#source.api.onDisconnect(() => void this.#heal());
    void this.#source.api.connection.closed().then(() => {
      const failure = this.#source.api.connection.isClosed() ? new Closed() : null;
      this.#queue.end(failure === null ? null : { reason: failure });
    });
  }

  async #lookBefore(): Promise<void> {
    const { api, bucket, stream } = this.#source;
    const { state } = await streamInfo(api, bucket, stream);
    const whole = this.#gapped || this.#spec.filter === ">";
    const keys = whole ? (state.num_subjects ?? null) : null;
    this.#begin = { last: state.last_seq, keys, came: 0, again: false };
  }

  /** Makes a consumer that goes on behind what was passed on. */
  async #open(): Promise<void> {
    const { api, stream } = this.#source;
    this.#drop();
    const inbox = api.inbox();
    const early: Msg[] = [];
    let opened = false;
    const subscription = api.connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null || this.#subscription !== subscription) return;
        if (opened) this.#take(message);
        else early.push(message);
      },
    });
    this.#subscription = subscription;
    const info = await api.ask<ConsumerInfo>(`CONSUMER.CREATE.${stream}`, {
      stream_name: stream,
      config: {
        deliver_subject: inbox,
        ...this.#policy(),
        ack_policy: "none",
        replay_policy: "instant",
        max_deliver: 1,
        mem_storage: true,
        num_replicas: 1,
        // A reader that takes everything at once has nothing held back for it.
        flow_control: this.#begin === null,
        idle_heartbeat: heartbeat * nanoseconds,
        inactive_threshold: 10 * nanoseconds,
        headers_only: this.#spec.metaOnly,
        ...this.#filter(),
      },
    });
    if (this.#queue.ended) {
      this.#consumer = info.name;
      this.#drop();
      return;
    }
    this.#consumer = info.name;
    this.#next = 1;
    this.#numbers = null;
    this.#sure = true;
    this.#heard = performance.now();
    if (!this.#marked && this.#spec.start === "updates") {
      this.#last = info.delivered.stream_seq;
      this.#left = 0;
    } else this.#left = info.num_pending + info.delivered.consumer_seq;
    if (this.#left === 0) this.#catchUp();
    opened = true;
    for (const message of early) this.#take(message);
  }

  /** Without a filter a server has less to do; but one that is to find the latest of each key wants one. */
  #filter(): object {
    const { prefix, alone, single } = this.#source;
    const filter = this.#gapped ? ">" : this.#spec.filter;
    return alone && single && filter === ">" ? {} : { filter_subject: prefix + filter };
  }

  #policy(): object {
    const { start } = this.#spec;
    // The first of a latest-only watch comes anew: by revision, older entries of keys would come too. Those that were
    // passed on are left out by their revision.
    const latest = { deliver_policy: this.#source.single ? "all" : "last_per_subject" };
    if (start === "latest" && !this.#marked) return latest;
    if (this.#last > 0)
      return { deliver_policy: "by_start_sequence", opt_start_seq: this.#last + 1 };
    if (start === "latest") return latest;
    if (start === "updates") return { deliver_policy: "new" };
    if (start === "history") return { deliver_policy: "all" };
    return { deliver_policy: "by_start_sequence", opt_start_seq: start.from };
  }

  #take(message: Msg): void {
    const reply = replyOf(message);
    this.#numbers ??= numbersOf(reply);
    const told = this.#numbers === null ? null : toldBy(reply, this.#numbers);
    if (told === null) {
      this.#heard = performance.now();
      if (message.headers?.code === 100) this.#control(message);
      return;
    }
    if (told.consumerSequence !== this.#next) {
      void this.#heal();
      return;
    }
    if (this.#begin !== null) {
      // What is behind is a matter of `others`.
      if (told.revision > this.#begin.last) {
        this.#catchUp();
        return;
      }
      this.#begin.came += 1;
    }
    const gap = this.#left === null && told.revision > this.#last + 1;
    if (this.#gapped && gap && !this.#sure) {
      void this.#heal();
      return;
    }
    this.#next += 1;
    this.#sure = false;
    if (told.revision > this.#last) {
      this.#last = told.revision;
      const stored = this.#stored(message, told);
      if (!this.#gapped || this.#wanted(stored.key)) this.#queue.push(stored);
    }
    if (this.#left !== null) {
      this.#left -= 1;
      if (this.#left <= 0 || told.delta === 0) this.#catchUp();
    }
  }

  #wanted(key: string): boolean {
    const { filter } = this.#spec;
    return filter === ">" || rule<boolean[]>("history_match", filter, [key])[0] === true;
  }

  #stored(message: Msg, told: Told): Stored {
    const key = subjectFrom(message, this.#source.prefix.length);
    const value = this.#spec.metaOnly ? nothing : message.data;
    return new StoredMessage(key, value, told, headOf(message));
  }

  /** Heartbeats, and questions whether the reader keeps up. */
  #control(message: Msg): void {
    const { headers, reply } = message;
    if (reply !== undefined && reply !== "") {
      // Answered once the reader has come so far: the server holds back what a slow reader cannot take.
      this.#queue.after(() => message.respond());
      return;
    }
    const stalled = headers?.last("Nats-Consumer-Stalled") ?? "";
    if (stalled !== "") {
      this.#queue.after(() => this.#source.api.connection.publish(stalled));
      return;
    }
    const last = Number(headers?.last("Nats-Last-Consumer") ?? "");
    if (last !== this.#next - 1) void this.#heal();
    else if (this.#left !== null && this.#queue.waiting === 0)
      void this.#askWhetherAllCame(this.#consumer);
  }

  /** What was to come can be purged or superseded: then it is the consumer that knows. */
  async #askWhetherAllCame(consumer: string | null): Promise<void> {
    const { api, stream } = this.#source;
    const next = this.#next;
    const info = await api
      .ask<ConsumerInfo>(`CONSUMER.INFO.${stream}.${consumer ?? ""}`)
      .catch(() => null);
    if (info === null || this.#consumer !== consumer || this.#next !== next) return;
    if (info.num_pending === 0 && info.delivered.consumer_seq === next - 1) this.#catchUp();
  }

  #catchUp(): void {
    this.#left = null;
    if (this.#begin !== null) void this.#end(this.#begin);
    else if (!this.#marked) {
      this.#marked = true;
      this.#queue.push(null);
    }
    this.#tell(true);
  }

  /** The mark, for a reader that leaves at it. */
  async #end(begin: Begin): Promise<void> {
    if (this.#marked) return;
    this.#marked = true;
    this.#drop();
    const { api, bucket, stream } = this.#source;
    let missing = begin.again || begin.came !== begin.keys;
    if (begin.keys === null && !begin.again) {
      const now = await streamInfo(api, bucket, stream).catch(() => null);
      missing = now?.state.last_seq !== begin.last;
    }
    this.#spec.ends?.(missing);
    this.#queue.push(null);
  }

  /** Looks after the consumer. */
  #watch(): void {
    const now = performance.now();
    // Messages are signs of life too. Each of them would look at the clock otherwise.
    if (this.#next !== this.#heardOf) this.#heard = now;
    this.#heardOf = this.#next;
    if (now - this.#heard > patience) void this.#heal();
  }

  async #heal(): Promise<void> {
    if (this.#healing || this.#queue.ended) return;
    if (this.#begin !== null) {
      if (this.#marked) return;
      this.#begin.again = true;
    }
    this.#healing = true;
    this.#tell(false);
    const { api, bucket, stream, created } = this.#source;
    this.#drop();
    for (let wait = 50; !this.#queue.ended; wait = Math.min(wait * 2, 500)) {
      try {
        const info = await streamInfo(api, bucket, stream);
        if (info.created !== created) throw new BucketNotFound(bucket);
        await this.#open();
        break;
      } catch (failure) {
        const error = asMissing(failure, bucket);
        const passes = error instanceof Unavailable || !(error instanceof HistoryError);
        if (!passes || api.connection.isClosed()) {
          this.#queue.end({ reason: api.connection.isClosed() ? new Closed() : error });
          break;
        }
        await pause(wait);
      }
    }
    this.#healing = false;
  }

  #tell(live: boolean): void {
    if (this.#live === live) return;
    this.#live = live;
    this.#spec.liveness?.(live, this.#last);
  }

  /** Lets go of the consumer; the server forgets it by itself when it does not hear of that. */
  #drop(): void {
    const { api, stream } = this.#source;
    this.#subscription?.unsubscribe();
    this.#subscription = null;
    if (this.#consumer !== null && !api.connection.isClosed())
      api.forget(`CONSUMER.DELETE.${stream}.${this.#consumer}`);
    this.#consumer = null;
  }

  #leave(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#unlisten?.();
    this.#tell(false);
    this.#drop();
  }
}

interface Told {
  readonly revision: number;
  readonly consumerSequence: number;
  /** Milliseconds. */
  readonly created: number;
  /** How many are still to come. */
  readonly delta: number;
}

const dot = 46;
const zero = 48;
const acknowledgement = new TextEncoder().encode("$JS.ACK.");

/**
 * Where the numbers of a subject for acknowledgements begin: behind 5 parts of old servers, which have 9, and behind 7 of new
 * ones. What is before them is the same in all messages of a consumer.
 */
function numbersOf(reply: Uint8Array): number | null {
  if (!acknowledgement.every((byte, at) => reply[at] === byte)) return null;
  const dots: number[] = [];
  for (const [at, byte] of reply.entries()) if (byte === dot) dots.push(at);
  const last = dots[dots.length === 8 ? 4 : 6];
  return last === undefined ? null : last + 1;
}

/** What such a subject says; null of any other. It is read for every message, so no texts are made of it. */
function toldBy(reply: Uint8Array, numbers: number): Told | null {
  // "$JS.FC." begins otherwise, and heartbeats have none.
  if (reply.length <= numbers || reply[4] !== acknowledgement[4]) return null;
  let at = numbers;
  const number = (without: number): number => {
    let end = at;
    while (end < reply.length && reply[end] !== dot) end += 1;
    let value = 0;
    for (; at < end - without; at += 1) value = value * 10 + (reply[at] as number) - zero;
    at = end + 1;
    return value;
  };
  return {
    revision: number(0),
    consumerSequence: number(0),
    created: number(6), // of nanoseconds the milliseconds
    delta: number(0),
  };
}
