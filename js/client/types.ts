// Types that stand for values of the wire in the signatures of generated clients.

/** Bytes as they come, never buffered as a whole. */
export type Stream = ReadableStream<Uint8Array>;

/** What may be given where a method takes a blob. A `File` is a `Blob`. */
export type BlobSource = Blob | Uint8Array | ArrayBuffer;

/**
 * What may be given where a method takes a stream. A `File` is read as it is sent; a stream is sent as it comes, but
 * for browsers, which can send only what is complete: there it is collected in a `Blob` first.
 */
export type StreamSource = Stream | BlobSource;

/** Values that have no members to leave out. */
type Whole =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ArrayBuffer
  | Blob
  | Stream;

/** `T` with every member optional at every depth, and without methods. */
export type DeepPartial<T> = T extends Whole
  ? T
  : T extends readonly (infer Item)[]
    ? DeepPartial<Item>[]
    : T extends object
      ? {
          [Name in keyof T as T[Name] extends (...values: never[]) => unknown ? never : Name]?:
            DeepPartial<T[Name]> | undefined;
        }
      : T;
