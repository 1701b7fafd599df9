// What buckets with history throw. `code` is the class's name, for those who cannot use instanceof.

/** The base of all of them. */
export class HistoryError extends Error {
  override readonly name: string = "HistoryError";
  get code(): string {
    return this.name;
  }
}

/** A write named a revision that is not the key's last. Nothing was stored. */
export class RevisionConflict extends HistoryError {
  override readonly name = "RevisionConflict";
  readonly key: string;
  /** The revision that the write asked for; 0 is none. */
  readonly expected: number;
  /** The key's last revision, markers included; 0 when there is none. */
  readonly current: number;

  constructor(key: string, expected: number, current: number) {
    super(
      expected === 0
        ? `"${key}" has a value already, of revision ${current}`
        : `the last revision of "${key}" is ${current}, not ${expected}`,
    );
    this.key = key;
    this.expected = expected;
    this.current = current;
  }
}

/** A key or filter that cannot be one. Nothing was sent. */
export class InvalidKey extends HistoryError {
  override readonly name = "InvalidKey";
}

/** Options, names of buckets or values that cannot be. Nothing was sent. */
export class InvalidOption extends HistoryError {
  override readonly name = "InvalidOption";
}

/** There is no such bucket, or it was deleted meanwhile. */
export class BucketNotFound extends HistoryError {
  override readonly name = "BucketNotFound";
  readonly bucket: string;

  constructor(bucket: string, cause?: unknown) {
    super(`there is no bucket ${bucket}`, cause === undefined ? undefined : { cause });
    this.bucket = bucket;
  }
}

/** The bucket exists and is not as the options ask. It was left as it is. */
export class BucketDiffers extends HistoryError {
  override readonly name = "BucketDiffers";
}

/** TTLs of single keys were asked for, and this server (or bucket) has none. Nothing was stored. */
export class TtlUnsupported extends HistoryError {
  override readonly name = "TtlUnsupported";
  /** The server's version; "local" for a local bucket. */
  readonly version: string;

  constructor(why: string, version: string) {
    super(why);
    this.version = version;
  }
}

/** More bytes than a value may have. Nothing was stored. */
export class ValueTooLarge extends HistoryError {
  override readonly name = "ValueTooLarge";
  /** Bytes that a value, with its headers, may have. */
  readonly limit: number;

  constructor(size: number, limit: number) {
    super(`a value of ${size} bytes is larger than the ${limit} that the bucket takes`);
    this.limit = limit;
  }
}

/** The bucket or its account has reached its limit. Nothing was stored; delete and purge still work. */
export class BucketFull extends HistoryError {
  override readonly name = "BucketFull";
}

/**
 * No server answered in time. Of a write it is not known whether it was stored: repeated with `messageId` as its `id`, it
 * is stored once.
 */
export class Unavailable extends HistoryError {
  override readonly name = "Unavailable";
  readonly messageId: string | null;

  constructor(message: string, messageId: string | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.messageId = messageId;
  }
}

/** The bucket, or all of the history, was closed here. */
export class Closed extends HistoryError {
  override readonly name = "Closed";

  constructor() {
    super("this bucket was closed");
  }
}

/** The server refused for a reason that has no class here. */
export class ServerRefused extends HistoryError {
  override readonly name = "ServerRefused";
  /** JetStream's error code. */
  readonly serverCode: number;

  constructor(message: string, serverCode: number) {
    super(message);
    this.serverCode = serverCode;
  }
}
