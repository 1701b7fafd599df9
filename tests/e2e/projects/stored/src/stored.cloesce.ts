// Models on KV, on R2, on keys alone, and on all of them with D1.
import {
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  GET,
  HEAD,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  type Json,
  KeyParam,
  KV,
  KVModel,
  type KValue,
  Model,
  OneToMany,
  Orm,
  type Page,
  POST,
  PrimaryKey,
  R2,
  type R2AccessKeyId,
  type R2Download,
  type R2Endpoint,
  R2Model,
  type R2Object,
  type R2SecretAccessKey,
  serveObject,
  Service,
  type Stream,
  WranglerEnv,
  Writable,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
  NS: KVNamespace;
  BUCKET: R2Bucket;
  ENDPOINT: R2Endpoint;
  KEY_ID: R2AccessKeyId;
  SECRET: R2SecretAccessKey;
}

@KV("NS")
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
export class TextEntry extends KVModel<string> {
  @GET
  shout(): string {
    return `${this.key}: ${this.value.toUpperCase()}`;
  }

  @POST
  static echo(entry: TextEntry): TextEntry {
    return entry;
  }
}

@KV("NS", { expirationTtl: 3600 })
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
export class JsonEntry extends KVModel<Json> {
  @GET
  self(): JsonEntry {
    return this;
  }
}

@KV("NS")
@CRUD(["SAVE", "GET", "DELETE"])
export class BytesEntry extends KVModel<Uint8Array> {
  @GET
  size(): Integer {
    return this.value.byteLength;
  }
}

@KV("NS")
@CRUD(["SAVE", "GET", "DELETE"])
export class StreamEntry extends KVModel<ReadableStream> {
  @GET
  read(): Stream {
    return this.value as Stream;
  }
}

@R2("BUCKET")
@CRUD(["HEAD", "GET", "PUT", "LIST", "DELETE"])
export class Picture extends R2Model {
  @HEAD
  describe(): R2Object {
    return this.head;
  }

  @GET
  self(): Picture {
    return this;
  }

  // The documented way to override headers, which signed URLs of R2 do not promise.
  @GET
  async download(@Inject bucket: R2Bucket, @Inject request: Request): Promise<HttpResult<Stream>> {
    return serveObject(bucket, this.head, request, {
      "content-disposition": 'attachment; filename="picture.png"',
    });
  }
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
export class Track {
  @PrimaryKey id: Integer;
  @ForeignKey("Album") albumId: Integer;
  @KV("lyrics/{id}", "NS") lyrics: KValue<string> | null;
}

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
export class Album {
  @PrimaryKey id: Integer;
  title: string;
  /** Callers choose it: what they may read by a signed URL is tested with it. */
  @Writable file: string | null;

  @OneToMany("albumId") tracks: Track[];

  @KV("albums/{id}/settings", "NS") settings: KValue<Json> | null;
  @KV("blurbs/{id}", "NS") blurb: KValue<string> | null;
  @KV("thumbnails/{id}", "NS") thumbnail: KValue<Uint8Array> | null;
  @KV("notes/{id}/", "NS") notes: KValue<string>[];
  @R2("covers/{id}.png", "BUCKET") cover: R2Object | null;
  @R2("scans/{id}/", "BUCKET") scans: Page<R2Object>;
  @R2({ bucket: "BUCKET", keyColumn: "file" }) download: R2Download | undefined;

  @DataSource
  static readonly default: IncludeTree<Album> = { settings: {}, blurb: {}, cover: {} };
  @DataSource
  static readonly everything: IncludeTree<Album> = {
    thumbnail: {},
    notes: {},
    scans: { limit: 2 },
    tracks: { lyrics: {} },
  };
  @DataSource
  static readonly downloads: IncludeTree<Album> = { download: { expiresIn: 600 } };

  @GET
  thumbnailSize(): Integer {
    return this.thumbnail?.value.byteLength ?? -1;
  }

  @POST
  async rename(title: string, loud: boolean | null, @Inject env: Env): Promise<HttpResult<Album>> {
    this.title = title;
    if (loud !== null) Object.assign(this.settings!.value as object, { loud });
    const saved = await Orm.fromEnv(env).save(Album, this, Album.default);
    return saved.ok ? HttpResult.ok(200, this) : HttpResult.fail(400, saved.unwrapLeft().message);
  }

  @POST
  static async keep(album: Album, @Inject env: Env): Promise<HttpResult<void>> {
    const saved = await Orm.fromEnv(env).save(Album, album, null);
    return saved.ok ? HttpResult.ok(200) : HttpResult.fail(400, saved.unwrapLeft().message);
  }

  @POST
  static titleOf(album: Album): string {
    return `${album.title} ${JSON.stringify(album.settings?.value ?? null)}`;
  }
}

@Model()
@CRUD(["GET"])
export class Account {
  @KeyParam user: string;
  @KeyParam place: string;
  @KV("accounts/{user}/{place}", "NS") settings: KValue<Json> | null;

  @DataSource
  static readonly default: IncludeTree<Account> = { settings: {} };

  @GET
  greet(): string {
    return `${this.user}@${this.place} ${JSON.stringify(this.settings?.value ?? null)}`;
  }
}

/** Read along by a column and by what the caller says. */
@D1
@CRUD(["SAVE", "GET"])
export class Leaf {
  @PrimaryKey id: Integer;
  @KeyParam branch: string;
  title: string;
  @KV("leaves/{branch}/{id}", "NS") text: KValue<string> | null;

  @DataSource
  static readonly default: IncludeTree<Leaf> = { text: {} };
}

@Service
export class Uploads {
  env: Env;

  @POST
  async sign(key: string, contentType: string, size: Integer): Promise<HttpResult<Json>> {
    const signed = await Orm.fromEnv(this.env).signUpload(Picture, key, {
      contentType,
      contentLength: size,
      expiresIn: 60,
    });
    return signed.ok
      ? HttpResult.ok<Json>(200, signed.unwrap())
      : HttpResult.fail(400, signed.unwrapLeft().message);
  }
}
