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
  R2,
  type R2Download,
  serveObject,
  type Stream,
} from "cloesce/backend";
import { Artist } from "./artist.cloesce";
import { Env } from "./env.cloesce";
import { Genre } from "./genre.cloesce";
import { largestPicture, pictureType } from "./pictures";
import { filesOf } from "./recordings";
import type { Track } from "./track.cloesce";
import { Visitor } from "./visitor";

@D1
@CRUD(["SAVE", "GET", "LIST"], { writes: { notes: {} } })
export class Album {
  @PrimaryKey
  id: Integer;

  title: string;
  released: Date;
  priceCents: Integer;
  /** Where its picture is in the bucket, another place for each; null while the album has none. Visitors read it only. */
  coverKey: string | null;

  @ForeignKey(Artist)
  artistId: Integer;

  @ForeignKey(Genre)
  genreId: Integer;

  /** The picture, to be had from the bucket itself. */
  @R2({ bucket: "files", keyColumn: "coverKey" })
  cover: R2Download | undefined;

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
  static readonly default: IncludeTree<Album> = {
    artist: {},
    genre: {},
    cover: { expiresIn: 3600 },
  };

  /** Everything on an album's page. */
  @DataSource
  static readonly page: IncludeTree<Album> = {
    artist: {},
    genre: { parent: { parent: {} } },
    notes: {},
    tracks: {
      playlists: {},
      preview: { expiresIn: 3600, ResponseContentDisposition: "attachment" },
    },
    reviews: {},
    cover: { expiresIn: 3600 },
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

  /** The picture by way of the Worker, for pages that the bucket does not answer. Every key has one picture only. */
  @GET
  async picture(
    @Inject { files }: Env,
    @Inject request: Request,
    key: string | null,
  ): Promise<HttpResult<Stream>> {
    if (this.coverKey === null) {
      return HttpResult.fail(404, "This album has no cover of its own.");
    }
    return serveObject(files, this.coverKey, request, {
      "cache-control": key === this.coverKey ? "public, max-age=31536000, immutable" : "no-cache",
      // What visitors upload is shown as a picture and as nothing else.
      "content-security-policy": "default-src 'none'; sandbox",
    });
  }

  /** Gives the album a picture of its own. */
  @PUT
  async setCover(@Inject { db, files }: Env, picture: Blob): Promise<HttpResult<void>> {
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
    const coverKey = `covers/${this.id}/${crypto.randomUUID()}`;
    await files.put(coverKey, picture, { httpMetadata: { contentType } });
    (await Orm.fromD1(db).upsert(Album, { id: this.id, coverKey })).unwrap();
    if (this.coverKey !== null) await files.delete(this.coverKey);
    return HttpResult.ok(200);
  }

  /** Takes the picture away. */
  @DELETE
  async removeCover(@Inject { db, files }: Env): Promise<void> {
    (await Orm.fromD1(db).upsert(Album, { id: this.id, coverKey: null })).unwrap();
    if (this.coverKey !== null) await files.delete(this.coverKey);
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
    await files.delete([
      ...(this.coverKey === null ? [] : [this.coverKey]),
      ...tracks.flatMap(filesOf),
    ]);
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
