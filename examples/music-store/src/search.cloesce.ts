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

    const orm = Orm.fromEnv(this.env);
    const holding = { contains: wanted, mode: "insensitive" } as const;
    const [albums, artists, tracks] = await Promise.all([
      orm.list(Album, {
        where: { title: holding },
        orderBy: { title: "asc" },
        limit: mostOfEach,
        include: Album.default,
      }),
      orm.list(Artist, { where: { name: holding }, orderBy: { name: "asc" }, limit: mostOfEach }),
      orm.list(Track, {
        where: { title: holding },
        orderBy: { title: "asc" },
        limit: mostOfEach,
        include: Track.withAlbum,
      }),
    ]);
    results.albums = albums.unwrap();
    results.artists = artists.unwrap();
    results.tracks = tracks.unwrap();
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
