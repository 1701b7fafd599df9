// How the store arranges its albums: the front shelf, and the shelves of genres.

import { GET, type Integer, type ModelQuery, Orm, PlainOldObject, Service } from "cloesce/backend";
import { Album } from "./album.cloesce";
import { Env } from "./env.cloesce";
import { Rating, RatingService } from "./ratings.cloesce";

/** What the front page opens with. */
@PlainOldObject
export class FrontShelf {
  newest: Album[];
  loved: Album[];
  ratings: Rating[];
  albums: Integer;
  artists: Integer;
  tracks: Integer;
  seconds: Integer;
}

/** How many albums a genre has, its subgenres counted in. */
@PlainOldObject
export class GenreCount {
  genreId: Integer;
  albums: Integer;
}

/** Each genre with itself and everything below it. */
const genreReach = `
  WITH RECURSIVE reach("top", "genreId") AS (
    SELECT "id", "id" FROM "Genre"
    UNION
    SELECT reach."top", "Genre"."id" FROM reach JOIN "Genre" ON "Genre"."parentId" = reach."genreId"
  )`;

const shelfLength = 6;

@Service
export class ShelfService {
  env: Env;
  ratings: RatingService;

  /** The newest albums, the ones that listeners love most, and how large the store is. */
  @GET
  async front(): Promise<FrontShelf> {
    const [newest, ratings, totals] = await Promise.all([
      this.#albums({ orderBy: { released: "desc" }, limit: shelfLength }),
      this.ratings.all(),
      this.env.db
        .prepare(
          `SELECT (SELECT count(*) FROM "Album") AS "albums", (SELECT count(*) FROM "Artist") AS "artists",
                  count(*) AS "tracks", coalesce(sum("seconds"), 0) AS "seconds" FROM "Track"`,
        )
        .first<Pick<FrontShelf, "albums" | "artists" | "tracks" | "seconds">>(),
    ]);
    const best = ratings.slice(0, shelfLength).map((rating) => rating.albumId);
    const loved = await this.#albums({ where: { id: { in: best } } });
    loved.sort((one, other) => best.indexOf(one.id) - best.indexOf(other.id));
    return Object.assign(new FrontShelf(), { ...totals, newest, loved, ratings });
  }

  /** The albums of a genre and of all genres below it, by title. */
  @GET
  async genre(genreId: Integer): Promise<Album[]> {
    const { results } = await this.env.db
      .prepare(`${genreReach} SELECT "genreId" FROM reach WHERE "top" = ?1`)
      .bind(genreId)
      .all<{ genreId: Integer }>();
    const below = results.map((row) => row.genreId);
    const albums = await this.#albums({ where: { genreId: { in: below } } });
    return albums.sort((one, other) => one.title.localeCompare(other.title));
  }

  @GET
  async genreCounts(): Promise<GenreCount[]> {
    const { results } = await this.env.db
      .prepare(
        `${genreReach}
         SELECT reach."top" AS "genreId", count("Album"."id") AS "albums"
         FROM reach LEFT JOIN "Album" ON "Album"."genreId" = reach."genreId" GROUP BY reach."top"`,
      )
      .all<GenreCount>();
    return results.map((row) => Object.assign(new GenreCount(), row));
  }

  /** Albums with their covers. */
  async #albums(query: ModelQuery<Album>): Promise<Album[]> {
    return (await Orm.fromEnv(this.env).list(Album, { ...query, include: Album.default })).unwrap();
  }
}
