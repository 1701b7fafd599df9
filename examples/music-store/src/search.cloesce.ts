// Search as you type, over titles and names.

import { GET, Orm, PlainOldObject, Service } from "cloesce/backend";
import { Album } from "./album.cloesce";
import { Artist } from "./artist.cloesce";
import { Env } from "./env.cloesce";
import { Track } from "./track.cloesce";

@PlainOldObject
export class SearchResults {
  albums: Album[];
  artists: Artist[];
  tracks: Track[];
}

const mostOfEach = 12;

@Service
export class SearchService {
  env: Env;

  /** Albums, artists and tracks whose title or name has `text` in it. */
  @GET
  async find(text: string): Promise<SearchResults> {
    const results = new SearchResults();
    const wanted = text.trim().toLowerCase();
    if (wanted === "") return Object.assign(results, { albums: [], artists: [], tracks: [] });

    // instr, because D1 refuses LIKE patterns beyond 50 bytes, and % and _ are letters here like others.
    const matching = (table: string, column: string) =>
      `SELECT * FROM "${table}" WHERE instr(lower("${column}"), ?1) > 0
       ORDER BY instr(lower("${column}"), ?1), "${column}" LIMIT ${mostOfEach}`;
    const albumTree = Album.default;
    const trackTree = Track.withAlbum;
    const { db } = this.env;
    const [albums, artists, tracks] = await db.batch<object>(
      [
        Orm.listQuery(Album, { includeTree: albumTree, from: matching("Album", "title") }),
        Orm.listQuery(Artist, { from: matching("Artist", "name") }),
        Orm.listQuery(Track, { includeTree: trackTree, from: matching("Track", "title") }),
      ].map((sql) => db.prepare(sql).bind(wanted)),
    );
    // Covers come out of the bucket, so this one waits.
    const orm = Orm.fromEnv(this.env);
    results.albums = (await orm.mapSql(Album, albums?.results ?? [], albumTree)).unwrap();
    results.artists = Orm.mapSql(Artist, artists?.results ?? []).unwrap();
    results.tracks = Orm.mapSql(Track, tracks?.results ?? [], trackTree).unwrap();
    results.albums.sort(nearest(wanted, (album) => album.title));
    results.artists.sort(nearest(wanted, (artist) => artist.name));
    results.tracks.sort(nearest(wanted, (track) => track.title));
    return results;
  }
}

/** Names that begin with what is wanted come first, then by the alphabet. */
function nearest<T>(wanted: string, nameOf: (item: T) => string): (one: T, other: T) => number {
  const place = (item: T): number => nameOf(item).toLowerCase().indexOf(wanted);
  return (one, other) => place(one) - place(other) || nameOf(one).localeCompare(nameOf(other));
}
