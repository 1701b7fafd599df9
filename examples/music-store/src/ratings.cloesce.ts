// What listeners think on average.

import { GET, type Integer, PlainOldObject, Service } from "cloesce/backend";
import { Env } from "./env.cloesce";

@PlainOldObject
export class Rating {
  albumId: Integer;
  /** Average of all reviews, 1 to 5. */
  stars: number;
  reviews: Integer;
}

@Service
export class RatingService {
  env: Env;

  /** The rating of every album that has one, the best first. */
  @GET
  async all(): Promise<Rating[]> {
    const { results } = await this.env.db
      .prepare(
        `SELECT "albumId", avg("stars") AS "stars", count(*) AS "reviews"
         FROM "Review" GROUP BY "albumId" ORDER BY "stars" DESC, "reviews" DESC, "albumId"`,
      )
      .all<Rating>();
    return results.map((row) => Object.assign(new Rating(), row));
  }
}
