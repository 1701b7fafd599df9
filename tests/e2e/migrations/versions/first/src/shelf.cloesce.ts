// The models as they are when the database is made.
import { D1, ForeignKey, ManyToMany, OneToMany, OneToOne, PrimaryKey, WranglerEnv } from "cloesce/backend";
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
  born: string | null;

  @OneToMany("artistId")
  albums: Album[];
}

@D1
export class Album {
  @PrimaryKey
  id: Integer;

  title: string;

  @ForeignKey(Artist)
  artistId: Integer;

  @OneToOne("artistId")
  artist: Artist | undefined;
}

@D1
export class Track {
  @PrimaryKey
  id: Integer;

  name: string;
  seconds: string;

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

  name: string;

  @ManyToMany("PlaylistTrack")
  tracks: Track[];
}

@D1
export class Review {
  @PrimaryKey
  id: Integer;

  words: string;
  stars: Integer;

  @ForeignKey(Album)
  albumId: Integer | null;
}

@D1
export class Draft {
  @PrimaryKey
  id: Integer;

  words: string;
}
