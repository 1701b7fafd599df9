// Albums, what is told about them, and what listeners think of them.

import {
  CRUD,
  D1,
  DataSource,
  DELETE,
  ForeignKey,
  GET,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  OneToMany,
  OneToOne,
  Orm,
  POST,
  PrimaryKey,
  PUT,
  type Stream,
} from "cloesce/backend";
import { Artist } from "./artist.cloesce";
import { Env } from "./env.cloesce";
import { Genre } from "./genre.cloesce";
import { largestPicture, pictureType } from "./pictures";
import { masterKey } from "./recordings";
import type { Track } from "./track.cloesce";
import { Visitor } from "./visitor";

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Album {
  @PrimaryKey
  id: Integer;

  title: string;
  released: Date;
  priceCents: Integer;
  /** Changes with the picture, so that its address does; null while the album has none of its own. */
  coverVersion: string | null;

  @ForeignKey(Artist)
  artistId: Integer;

  @ForeignKey(Genre)
  genreId: Integer;

  @OneToOne("artistId")
  artist: Artist | undefined;

  @OneToOne("genreId")
  genre: Genre | undefined;

  @OneToOne("albumId")
  notes: AlbumNotes | undefined;

  @OneToMany("albumId")
  tracks: Track[];

  @OneToMany("albumId")
  reviews: Review[];

  /** What a card in a list shows. */
  @DataSource
  static readonly default: IncludeTree<Album> = { artist: {}, genre: {} };

  /** Everything on an album's page. */
  @DataSource
  static readonly page: IncludeTree<Album> = {
    artist: {},
    genre: { parent: { parent: {} } },
    notes: {},
    tracks: { playlists: {} },
    reviews: {},
  };

  /** Adds a review in the name of the visitor. */
  @POST
  async review(
    @Inject { db }: Env,
    @Inject visitor: Visitor,
    stars: Integer,
    text: string,
  ): Promise<HttpResult<Review>> {
    if (stars < 1 || stars > 5) return HttpResult.fail(422, "Please give one to five stars.");
    if (text.trim() === "") {
      return HttpResult.fail(422, "A few words, please: what should others know about it?");
    }
    const review = {
      albumId: this.id,
      author: visitor.name,
      stars,
      text: text.trim(),
      written: new Date(),
    };
    return HttpResult.ok(201, (await Orm.fromD1(db).save(Review, review)).unwrap());
  }

  /** The picture. An address with its version is never asked for twice; one without it is always asked anew. */
  @GET
  async cover(
    @Inject { files }: Env,
    @Inject request: Request,
    version: string | null,
  ): Promise<HttpResult<Stream | null>> {
    const picture = await files.get(this.#coverKey, { onlyIf: request.headers });
    if (picture === null) return HttpResult.fail(404, "This album has no cover of its own.");
    const headers = new Headers({
      etag: picture.httpEtag,
      "cache-control":
        version === this.coverVersion ? "public, max-age=31536000, immutable" : "no-cache",
      // What visitors upload is shown as a picture and as nothing else.
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    });
    picture.writeHttpMetadata(headers);
    if (!("body" in picture)) return HttpResult.ok(304, null, headers);
    headers.set("content-length", String(picture.size));
    return HttpResult.ok(200, picture.body, headers);
  }

  /** Gives the album a picture of its own; answers its version. */
  @PUT
  async setCover(@Inject { db, files }: Env, picture: Blob): Promise<HttpResult<string>> {
    if (picture.size > largestPicture) {
      return HttpResult.fail(413, "That picture is too large. A cover may have up to 5 MB.");
    }
    const contentType = await pictureType(picture);
    if (contentType === null) {
      return HttpResult.fail(
        422,
        "That file is not a picture we can show. Please choose a PNG, JPEG, WebP, AVIF or GIF.",
      );
    }
    const { version } = await files.put(this.#coverKey, picture, { httpMetadata: { contentType } });
    (await Orm.fromD1(db).upsert(Album, { id: this.id, coverVersion: version })).unwrap();
    return HttpResult.ok(200, version);
  }

  /** Takes the picture away. */
  @DELETE
  async removeCover(@Inject { db, files }: Env): Promise<void> {
    (await Orm.fromD1(db).upsert(Album, { id: this.id, coverVersion: null })).unwrap();
    await files.delete(this.#coverKey);
  }

  get #coverKey(): string {
    return `covers/${this.id}`;
  }

  /** Deletes the album with its cover, tracks, notes and reviews; its tracks leave every playlist. */
  @DELETE
  async remove(@Inject { db, files }: Env): Promise<void> {
    const tracks =
      (await Orm.fromD1(db).get(Album, this.id, { tracks: {} })).unwrap()?.tracks ?? [];
    const from = (table: string, column: string) =>
      db.prepare(`DELETE FROM "${table}" WHERE "${column}" = ?1`).bind(this.id);
    await db.batch([
      from("Review", "albumId"),
      from("AlbumNotes", "albumId"),
      from("Track", "albumId"),
      from("Album", "id"),
    ]);
    await files.delete([this.#coverKey, ...tracks.map((track) => masterKey(track.id))]);
  }
}

/** The story behind an album; at most one for each, under the same key. */
@D1
export class AlbumNotes {
  @PrimaryKey
  @ForeignKey(Album)
  albumId: Integer;

  text: string;
}

@D1
@CRUD(["DELETE"])
export class Review {
  @PrimaryKey
  id: Integer;

  @ForeignKey(Album)
  albumId: Integer;

  author: string;
  /** One to five. */
  stars: Integer;
  text: string;
  written: Date;
}
