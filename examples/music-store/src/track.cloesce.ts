// Tracks of albums, the playlists they are on, and their master recordings.

import {
  CRUD,
  D1,
  DataSource,
  DELETE,
  ForeignKey,
  GET,
  HttpResult,
  type IncludeTree,
  Inject,
  type Integer,
  ManyToMany,
  OneToOne,
  Orm,
  PrimaryKey,
  PUT,
  type Stream,
} from "cloesce/backend";
import { Album } from "./album.cloesce";
import { Env } from "./env.cloesce";
import type { Playlist } from "./playlist.cloesce";
import { largestRecording, masterKey, recordingType, savedAs } from "./recordings";

@D1
@CRUD(["SAVE", "GET"])
export class Track {
  @PrimaryKey
  id: Integer;

  @ForeignKey(Album)
  albumId: Integer;

  /** Its place on the album, from 1. */
  position: Integer;
  title: string;
  seconds: Integer;
  /** The file name of the master recording; null while the store has none. */
  masterName: string | null;
  masterBytes: Integer | null;

  @OneToOne("albumId")
  album: Album | undefined;

  @ManyToMany("PlaylistTracks")
  playlists: Playlist[];

  @DataSource
  static readonly withAlbum: IncludeTree<Track> = { album: { artist: {} } };

  /**
   * Keeps the master recording, whatever its size: it goes from the visitor into the bucket and is never in memory.
   * The file's name is the header `X-File-Name`, since a stream is all that a method of one can take.
   */
  @PUT
  async setMaster(
    @Inject { db, files }: Env,
    @Inject request: Request,
    recording: Stream,
  ): Promise<HttpResult<void>> {
    const name = decodeURIComponent(request.headers.get("x-file-name") ?? "");
    const contentType = recordingType(name);
    if (contentType === null) {
      return HttpResult.fail(
        422,
        "That is not a recording we can keep. Please choose a WAV, AIFF, FLAC, MP3, M4A or Ogg file.",
      );
    }
    const length = request.headers.get("content-length");
    // R2 takes no stream of unknown length.
    if (length === null) return HttpResult.fail(411, "Please say how long the recording is.");
    if (Number(length) > largestRecording) {
      return HttpResult.fail(413, "That recording is too large. It may have up to 4 GB.");
    }
    const { size } = await files.put(masterKey(this.id), recording, {
      httpMetadata: { contentType, contentDisposition: savedAs(name) },
    });
    const master = { id: this.id, masterName: name, masterBytes: size };
    (await Orm.fromD1(db).upsert(Track, master)).unwrap();
    return HttpResult.ok(200);
  }

  /** The master recording, to be saved under its name. */
  @GET
  async master(@Inject { files }: Env): Promise<HttpResult<Stream>> {
    const recording = await files.get(masterKey(this.id));
    if (recording === null) {
      return HttpResult.fail(404, `The store has no master recording of “${this.title}”.`);
    }
    const headers = new Headers({ "content-length": String(recording.size) });
    recording.writeHttpMetadata(headers);
    return HttpResult.ok(200, recording.body, headers);
  }

  /** Takes the master recording away. */
  @DELETE
  async removeMaster(@Inject { db, files }: Env): Promise<void> {
    const nothing = { id: this.id, masterName: null, masterBytes: null };
    (await Orm.fromD1(db).upsert(Track, nothing)).unwrap();
    await files.delete(masterKey(this.id));
  }

  /** Deletes the track with its recording; it leaves every playlist. */
  @DELETE
  async remove(@Inject { db, files }: Env): Promise<void> {
    (await Orm.fromD1(db).delete(Track, this.id)).unwrap();
    await files.delete(masterKey(this.id));
  }
}
