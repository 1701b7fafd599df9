// What changes: types (Artist.born, Track.seconds), nullability (Album.title), a unique name, keys over several columns, a
// column and a table gone, a column, a version, a nullable reference and a table added.
import {
  D1, ForeignKey, Index, ManyToMany, OneToMany, OneToOne, PrimaryKey, Unique, Version, WranglerEnv,
} from "cloesce/backend";
import type { Integer } from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
export class Artist {
  @PrimaryKey
  id: Integer;

  name: string;
  born: Integer;

  @OneToMany("artistId")
  albums: Album[];
}

@D1
export class Album {
  @PrimaryKey
  id: Integer;

  title: string | null;

  @ForeignKey(Artist)
  artistId: Integer;

  @OneToOne("artistId")
  artist: Artist | undefined;
}

@D1
@Unique("albumId", "name")
@Index("seconds", "name")
export class Track {
  @PrimaryKey
  id: Integer;

  name: string;
  seconds: Integer;

  @ForeignKey(Album)
  albumId: Integer;

  @ForeignKey("Track")
  remixOfId: Integer | null;

  @ManyToMany("PlaylistTrack")
  playlists: Playlist[];
}

@D1
export class Playlist {
  @PrimaryKey
  id: Integer;

  @Unique
  name: string;

  @Version
  revision: Integer;

  @ManyToMany("PlaylistTrack")
  tracks: Track[];
}

@D1
export class Label {
  @PrimaryKey
  id: Integer;

  name: string;
}

@D1
export class Review {
  @PrimaryKey
  id: Integer;

  words: string;
  helpful: Integer;

  @ForeignKey(Album)
  albumId: Integer | null;

  @ForeignKey(Label)
  labelId: Integer | null;
}
