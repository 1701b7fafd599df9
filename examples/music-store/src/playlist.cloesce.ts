// Playlists: many tracks each, and a track may be on many.

import {
  CRUD,
  D1,
  DataSource,
  DELETE,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  ManyToMany,
  Orm,
  POST,
  PrimaryKey,
  Unique,
} from "cloesce/backend";
import { Env } from "./env.cloesce";
import { Track } from "./track.cloesce";

@D1
@CRUD(["SAVE", "GET", "LIST", "DELETE"])
export class Playlist {
  @PrimaryKey
  id: Integer;

  @Unique
  name: string;

  about: string | null;

  @ManyToMany("PlaylistTracks")
  tracks: Track[];

  /** Its tracks, each with album and artist. */
  @DataSource
  static readonly page: IncludeTree<Playlist> = {
    tracks: { album: { artist: {}, cover: {} } },
  };

  /** Puts a track on the list. */
  @POST
  async add(@Inject { db }: Env, trackId: Integer): Promise<HttpResult<void>> {
    const orm = Orm.fromD1(db);
    const track = (await orm.get(Track, trackId, { playlists: {} })).unwrap();
    if (track === null) return HttpResult.fail(404, "That track is no longer in the store.");
    if (track.playlists.some((playlist) => playlist.id === this.id)) {
      return HttpResult.fail(409, `“${track.title}” is already on “${this.name}”.`);
    }
    (
      await orm.upsert(Playlist, { id: this.id, tracks: [{ id: trackId }] }, { tracks: {} })
    ).unwrap();
    return HttpResult.ok(201);
  }

  /** Takes a track off the list; the track itself stays in the store. */
  @DELETE
  async drop(@Inject { db }: Env, trackId: Integer): Promise<void> {
    await db
      .prepare(`DELETE FROM "PlaylistTracks" WHERE "Playlist_id" = ?1 AND "Track_id" = ?2`)
      .bind(this.id, trackId)
      .run();
  }
}
