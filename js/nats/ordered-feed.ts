// An ordered consumer of our own: messages of a stream in order, none twice, none left out, whatever happens to server,
// connection or consumer. That of the client waits for 75 seconds and more before it minds a consumer that is lost.

import type { Msg, Subscription } from "@nats-io/transport-node";
import type { Feed, Stored, WatchSpec } from "./backend.js";
import type { Api } from "./api.js";
import { BucketNotFound, Closed, HistoryError, Unavailable } from "./errors.js";
import { FeedQueue } from "./feed.js";
import { pause } from "./signals.js";
import { asMissing, streamInfo } from "./stream.js";
import { rule } from "../local/rules.js";
import { headersOf, storedOf } from "./wire.js";

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
  #heard = 0;
  #healing = false;
  /**
   * Servers before 2.10 leave purges that come close together out of a consumer with wildcards. There all of the bucket is
   * consumed, and a gap in its revisions is looked into by a consumer that begins with it.
   */
  readonly #gapped: boolean;
  #sure = false;
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

  /** Makes a consumer that goes on behind what was passed on. */
  async #open(): Promise<void> {
    const { api, stream, prefix } = this.#source;
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
        flow_control: this.#spec.eager !== true,
        idle_heartbeat: heartbeat * nanoseconds,
        inactive_threshold: 10 * nanoseconds,
        headers_only: this.#spec.metaOnly,
        filter_subject: prefix + (this.#gapped ? ">" : this.#spec.filter),
      },
    });
    if (this.#queue.ended) {
      this.#consumer = info.name;
      this.#drop();
      return;
    }
    this.#consumer = info.name;
    this.#next = 1;
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
    this.#heard = performance.now();
    // Headers are parsed when they are asked for: of entries that is done once, below.
    const told = infoOf(message.reply ?? "");
    if (told === null) {
      if (message.headers?.code === 100) this.#control(message);
      return;
    }
    if (told.consumerSequence !== this.#next) {
      void this.#heal();
      return;
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
      if (this.#left <= 0 || told.pending === 0) this.#catchUp();
    }
  }

  #wanted(key: string): boolean {
    const { filter } = this.#spec;
    return filter === ">" || rule<boolean[]>("history_match", filter, [key])[0] === true;
  }

  #stored(message: Msg, told: Told): Stored {
    return storedOf(
      {
        key: message.subject.slice(this.#source.prefix.length),
        value: message.data,
        created: told.created,
        revision: told.revision,
        delta: told.pending,
      },
      headersOf(message),
    );
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
    if (!this.#marked) {
      this.#marked = true;
      this.#queue.push(null);
    }
    this.#tell(true);
  }

  /** Looks after the consumer. */
  #watch(): void {
    if (performance.now() - this.#heard > patience) void this.#heal();
  }

  async #heal(): Promise<void> {
    if (this.#healing || this.#queue.ended) return;
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
  readonly pending: number;
}

/**
 * What the subject for acknowledgements says: 9 parts of old servers, 11 and more of new ones. It is read for every message, so
 * only the parts that count are cut out.
 */
function infoOf(reply: string): Told | null {
  if (!reply.startsWith("$JS.ACK.")) return null;
  const dots: number[] = [];
  for (let dot = reply.indexOf("."); dot >= 0; dot = reply.indexOf(".", dot + 1)) dots.push(dot);
  const first = dots.length === 8 ? 5 : 7;
  const part = (index: number, without = 0): number =>
    Number(reply.slice((dots[index - 1] ?? 0) + 1, (dots[index] ?? reply.length) - without));
  return {
    revision: part(first),
    consumerSequence: part(first + 1),
    created: part(first + 2, 6), // of nanoseconds the milliseconds
    pending: part(first + 3),
  };
}
