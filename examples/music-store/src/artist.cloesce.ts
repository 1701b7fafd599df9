// Artists and their albums.

import {
  CRUD,
  D1,
  DataSource,
  DELETE,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  OneToMany,
  Orm,
  PrimaryKey,
} from "cloesce/backend";
import type { Album } from "./album.cloesce";
import { Env } from "./env.cloesce";

@D1
@CRUD(["SAVE", "GET", "LIST"], { writes: {} })
export class Artist {
  @PrimaryKey
  id: Integer;

  name: string;
  origin: string | null;
  /** The year they began. */
  since: Integer | null;
  about: string | null;

  @OneToMany("artistId")
  albums: Album[];

  @DataSource
  static readonly discography: IncludeTree<Artist> = {
    albums: { genre: {}, cover: {} },
  };

  /** Takes the artist out of the store; refused while the store still sells an album of theirs. */
  @DELETE
  async remove(@Inject { db }: Env): Promise<HttpResult<void>> {
    const orm = Orm.fromD1(db);
    const albums = (await orm.get(Artist, this.id, { albums: {} })).unwrap()?.albums.length ?? 0;
    if (albums > 0) {
      const what = albums === 1 ? "an album" : `${albums} albums`;
      return HttpResult.fail(
        409,
        `${this.name} still has ${what} in the store. Delete what is there first, then the artist.`,
      );
    }
    (await orm.delete(Artist, this.id)).unwrap();
    return HttpResult.ok(200);
  }
}
