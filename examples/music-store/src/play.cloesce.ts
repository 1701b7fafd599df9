// What was played last in the store: one key that remembers. Where nothing remembers, as on Workers KV, it is not kept.

import {
  GET,
  HttpResult,
  Inject,
  type Integer,
  KV,
  KVModel,
  Orm,
  PlainOldObject,
  POST,
  type Stream,
} from "cloesce/backend";
import { Env } from "./env.cloesce";
import { Track } from "./track.cloesce";

/** A track as the list of what was played names it. */
@PlainOldObject
export class Played {
  trackId: Integer;
  albumId: Integer;
  title: string;
  by: string;
}

/** What was played, the last first. */
@PlainOldObject
export class PlayedList {
  played: Played[];
  /** What visitors are told where it is not kept; else null. */
  note: string | null;
}

const key = "store";
const notKept = "What was played last is kept by “cloesce serve”, and not here.";

@KV("plays", { history: 12 })
export class Play extends KVModel<Played> {
  /** Notes that somebody plays the preview of a track. */
  @POST
  static async note(@Inject env: Env, trackId: Integer): Promise<HttpResult<void>> {
    const orm = Orm.fromEnv(env);
    const track = (await orm.get(Track, trackId, Track.withAlbum)).unwrap();
    if (track === null || track.previewKey === null) {
      return HttpResult.fail(404, "The store has no preview of that.");
    }
    const { id, albumId, title, album } = track;
    const by = album?.artist?.name ?? "";
    const value = Object.assign(new Played(), { trackId: id, albumId, title, by });
    (await orm.save(Play, { key, value })).unwrap();
    return HttpResult.ok(200);
  }

  @GET
  static async recent(@Inject env: Env): Promise<PlayedList> {
    const versions = await Orm.fromEnv(env).history(Play, key);
    if (!versions.ok) return { played: [], note: notKept };
    const played = versions.unwrap().flatMap(({ entry }) => (entry === null ? [] : [entry.value]));
    return { played: played.reverse(), note: null };
  }

  /** The same, oldest first, a null, and what is played from now on: a line of JSON each. */
  @GET
  static async live(@Inject env: Env): Promise<HttpResult<Stream>> {
    const changes = await Orm.fromEnv(env).watch(Play, { key, include: "history" });
    return changes.ok ? HttpResult.ok(200, changes.unwrap()) : HttpResult.fail(501, notKept);
  }
}
