// Tracks of albums, and the playlists they are on.

import {
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  type IncludeTree,
  type Integer,
  ManyToMany,
  OneToOne,
  PrimaryKey,
} from "cloesce/backend";
import { Album } from "./album.cloesce";
import type { Playlist } from "./playlist.cloesce";

@D1
@CRUD(["SAVE", "GET", "DELETE"])
export class Track {
  @PrimaryKey
  id: Integer;

  @ForeignKey(Album)
  albumId: Integer;

  /** Its place on the album, from 1. */
  position: Integer;
  title: string;
  seconds: Integer;

  @OneToOne("albumId")
  album: Album | undefined;

  @ManyToMany("PlaylistTracks")
  playlists: Playlist[];

  @DataSource
  static readonly withAlbum: IncludeTree<Track> = { album: { artist: {} } };
}
