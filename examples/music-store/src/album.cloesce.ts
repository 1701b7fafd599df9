// Albums, what is told about them, and what listeners think of them.

import {
  CRUD,
  D1,
  DataSource,
  DELETE,
  ForeignKey,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  OneToMany,
  OneToOne,
  Orm,
  POST,
  PrimaryKey,
} from "cloesce/backend";
import { Artist } from "./artist.cloesce";
import { Env } from "./env.cloesce";
import { Genre } from "./genre.cloesce";
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

  /** Deletes the album with its tracks, notes and reviews; its tracks leave every playlist. */
  @DELETE
  async remove(@Inject { db }: Env): Promise<void> {
    const from = (table: string, column: string) =>
      db.prepare(`DELETE FROM "${table}" WHERE "${column}" = ?1`).bind(this.id);
    await db.batch([
      from("Review", "albumId"),
      from("AlbumNotes", "albumId"),
      from("Track", "albumId"),
      from("Album", "id"),
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
