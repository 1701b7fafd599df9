// Tracks of albums, the playlists they are on, their previews and their master recordings.

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
  POST,
  PrimaryKey,
  PUT,
  R2,
  type R2Download,
  ReadOnly,
  serveObject,
  type Stream,
} from "cloesce/backend";
import { Album } from "./album.cloesce";
import { Env } from "./env.cloesce";
import { StoredFile, UploadPermit } from "./file.cloesce";
import type { Playlist } from "./playlist.cloesce";
import {
  filesOf,
  largestPreview,
  largestRecording,
  masterKey,
  previewKey,
  recordingType,
  savedAs,
} from "./recordings";

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
  /** The file name of the master recording, as it came; null while the store has none. */
  @ReadOnly
  masterName: string | null;
  @ReadOnly
  masterBytes: Integer | null;
  /** Where its preview is in the bucket; null while there is nothing to listen to. Visitors do not choose it. */
  previewKey: string | null;

  /** The preview, to be saved from the bucket itself. */
  @R2({ bucket: "files", keyColumn: "previewKey" })
  preview: R2Download | undefined;

  @OneToOne("albumId")
  album: Album | undefined;

  @ManyToMany("PlaylistTracks")
  playlists: Playlist[];

  @DataSource
  static readonly withAlbum: IncludeTree<Track> = { album: { artist: {} } };

  /** The preview in whole or in parts, so that players can go to any place in it. */
  @GET
  async listen(@Inject { files }: Env, @Inject request: Request): Promise<HttpResult<Stream>> {
    if (this.previewKey === null) {
      return HttpResult.fail(404, `There is no preview of “${this.title}”.`);
    }
    return serveObject(files, this.previewKey, request, { "cache-control": "private, no-cache" });
  }

  /** Lets the visitor upload a preview to the bucket, past the Worker: of the kind of file `name`, and `bytes` long. */
  @POST
  async permitPreview(
    @Inject env: Env,
    name: string,
    bytes: Integer,
  ): Promise<HttpResult<UploadPermit>> {
    const contentType = recordingType(name);
    if (contentType === null) {
      return HttpResult.fail(
        422,
        "That is not a recording we can play. Please choose a WAV, FLAC, MP3, M4A or Ogg file.",
      );
    }
    if (bytes < 1 || bytes > largestPreview) {
      return HttpResult.fail(413, "A preview may have up to 20 MB.");
    }
    const upload = crypto.randomUUID();
    const signed = await Orm.fromEnv(env).signUpload(StoredFile, previewKey(this.id, upload), {
      contentType,
      contentLength: bytes,
      expiresIn: 900,
    });
    const { url, headers, expires } = signed.unwrap();
    return HttpResult.ok(200, Object.assign(new UploadPermit(), { upload, url, headers, expires }));
  }

  /** Takes what the visitor has uploaded with a permit as the preview. */
  @PUT
  async setPreview(@Inject env: Env, upload: string): Promise<HttpResult<void>> {
    const orm = Orm.fromEnv(env);
    const key = previewKey(this.id, upload);
    if ((await orm.get(StoredFile, key)).unwrap() === null) {
      return HttpResult.fail(409, "The recording has not arrived. Please upload it again.");
    }
    (await orm.upsert(Track, { id: this.id, previewKey: key })).unwrap();
    if (this.previewKey !== null && this.previewKey !== key) {
      await env.files.delete(this.previewKey);
    }
    return HttpResult.ok(200);
  }

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

  /** Deletes the track with its recordings; it leaves every playlist. */
  @DELETE
  async remove(@Inject { db, files }: Env): Promise<void> {
    (await Orm.fromD1(db).delete(Track, this.id)).unwrap();
    await files.delete(filesOf(this));
  }
}
