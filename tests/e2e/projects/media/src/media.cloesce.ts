// Bytes in every position: alone, beside JSON, nested, in arrays, in columns, as streams.
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
  Orm,
  PlainOldObject,
  POST,
  PrimaryKey,
  PUT,
  Service,
  type Stream,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@PlainOldObject
export class Page {
  text: string;
  scan: Uint8Array;
}

@PlainOldObject
export class Book {
  title: string;
  cover: Blob | null;
  pages: Page[];
  extra: Uint8Array[];
}

@D1
@CRUD
export class Photo {
  @PrimaryKey
  id: Integer;

  title: string;
  pixels: Uint8Array;
  thumbnail: Uint8Array | null;

  @OneToMany("photoId")
  versions: Version[];

  @DataSource
  static readonly withVersions: IncludeTree<Photo> = { versions: {} };

  /** The stored bytes as they are. */
  @GET
  raw(): Uint8Array {
    if (!(this.pixels instanceof Uint8Array)) throw new Error("pixels are not bytes");
    return this.pixels;
  }

  /** Replaces the bytes. */
  @PUT
  async setPixels(@Inject { db }: Env, pixels: Uint8Array): Promise<Integer> {
    (await Orm.fromD1(db).upsert(Photo, { id: this.id, pixels })).unwrap();
    return pixels.byteLength;
  }

  /** Counts bytes beside an instance. */
  @POST
  async append(data: Stream): Promise<Integer> {
    let total = this.pixels.byteLength;
    for await (const chunk of data as unknown as AsyncIterable<Uint8Array>)
      total += chunk.byteLength;
    return total;
  }
}

@D1
@CRUD
export class Version {
  @PrimaryKey
  id: Integer;

  @ForeignKey(Photo)
  photoId: Integer;

  bytes: Uint8Array;
}

@Service
export class MediaService {
  @POST
  blob(data: Blob): Blob {
    if (!(data instanceof Blob)) throw new Error("not a Blob");
    return data;
  }

  @POST
  bytes(data: Uint8Array): Uint8Array {
    if (!(data instanceof Uint8Array)) throw new Error("not bytes");
    return data;
  }

  @POST
  buffer(data: ArrayBuffer): Integer {
    if (!(data instanceof ArrayBuffer)) throw new Error("not a buffer");
    return data.byteLength;
  }

  @POST
  fileFacts(note: string, file: Blob): string {
    return `${note} ${file instanceof File ? file.name : "no name"} ${file.type} ${file.size}`;
  }

  @POST
  async count(data: Stream): Promise<Integer> {
    let total = 0;
    for await (const chunk of data as unknown as AsyncIterable<Uint8Array>)
      total += chunk.byteLength;
    return total;
  }

  @POST
  echo(data: Stream): Stream {
    return data;
  }

  @GET
  zeros(size: Integer): Stream {
    let left = size;
    const chunk = new Uint8Array(65_536);
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close();
        const now = Math.min(left, chunk.byteLength);
        left -= now;
        controller.enqueue(chunk.slice(0, now));
      },
    });
  }

  @POST
  book(book: Book, twice: Uint8Array, again: Uint8Array): Book {
    if (
      !(book instanceof Book) ||
      !book.pages.every((page) => page instanceof Page && page.scan instanceof Uint8Array)
    ) {
      throw new Error("not revived");
    }
    if (book.cover !== null && !(book.cover instanceof Blob))
      throw new Error("the cover is no Blob");
    book.extra = [...book.extra, twice, again];
    return book;
  }

  @GET
  typed(): HttpResult<Blob> {
    return HttpResult.ok(200, new Blob(["<p>"], { type: "text/html" }), { "x-kind": "page" });
  }
}

const app = new CloesceApp({
  limits: {
    jsonBytes: 6 * 1024 * 1024,
    blobs: 20,
    blobBytes: 25 * 1024 * 1024,
    bodyBytes: 34 * 1024 * 1024,
  },
});
export default app;
