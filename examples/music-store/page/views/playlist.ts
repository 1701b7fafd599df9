// A playlist: its tracks, and a search for more.

import { Playlist, type Track } from "../../.generated/client";
import { answered, explain, until } from "../core/answer.js";
import { h } from "../core/dom.js";
import { count, duration, roughDuration } from "../core/format.js";
import { go, type Place, view, type View } from "../core/router.js";
import { editPlaylist } from "../forms/playlist-form.js";
import { albumCover, mosaic } from "../parts/cover.js";
import { confirmDeletion } from "../parts/dialog.js";
import { action, pageTitle } from "../parts/headings.js";
import { icon } from "../parts/icons.js";
import { emptyNotice } from "../parts/notices.js";
import { pageSkeleton } from "../parts/skeletons.js";
import { tell, warn } from "../parts/toast.js";
import { trackFinder } from "../parts/track-finder.js";

export function playlistView(id: number): View {
  return view<Playlist>({
    section: "playlists",
    load: (signal) => answered(Playlist.get(id, "page", until(signal))),
    skeleton: pageSkeleton,
    render: (playlist, place) => ({ title: playlist.name, content: content(playlist, place) }),
  });
}

function content(playlist: Playlist, place: Place): Node {
  const seconds = playlist.tracks.reduce((sum, track) => sum + track.seconds, 0);
  return h(
    "article",
    { class: "playlist" },
    h(
      "header",
      { class: "lead" },
      mosaic(
        playlist.tracks.map((track) => track.album?.title ?? track.title),
        playlist.name,
      ),
      h(
        "div",
        { class: "lead-body" },
        h("p", { class: "path" }, h("a", { href: "/playlists" }, "Playlists")),
        pageTitle(playlist.name),
        playlist.about && h("p", { class: "about" }, playlist.about),
        h(
          "p",
          { class: "facts" },
          h("span", null, count(playlist.tracks.length, "track")),
          seconds > 0 && h("span", null, roughDuration(seconds)),
        ),
        h(
          "div",
          { class: "actions" },
          action({
            id: "edit-playlist",
            label: "Edit",
            picture: "pencil",
            look: "quiet",
            act: () => void edit(playlist, place),
          }),
          action({
            id: "delete-playlist",
            label: "Delete",
            picture: "trash",
            look: "danger-quiet",
            act: () => void remove(playlist),
          }),
        ),
      ),
    ),
    h(
      "div",
      { class: "two-columns" },
      h(
        "section",
        { class: "section" },
        h("h2", null, "Tracks"),
        playlist.tracks.length === 0
          ? emptyNotice(
              "queue",
              "Nothing to hear yet",
              "Search below, and add what belongs together.",
            )
          : h(
              "ol",
              { class: "tracks with-covers" },
              playlist.tracks.map((track) => trackRow(playlist, track, place)),
            ),
      ),
      h("section", { class: "section" }, h("h2", null, "Add tracks"), trackFinder(playlist, place)),
    ),
  );
}

function trackRow(playlist: Playlist, track: Track, place: Place): HTMLElement {
  return h(
    "li",
    { class: "track" },
    albumCover(track.album, track.title),
    h(
      "span",
      { class: "track-main" },
      h("span", { class: "track-title" }, track.title),
      h(
        "span",
        { class: "track-from" },
        track.album?.artist?.name,
        " · ",
        h("a", { href: `/albums/${track.albumId}` }, track.album?.title),
      ),
    ),
    h("span", { class: "track-time" }, duration(track.seconds)),
    h(
      "button",
      {
        id: `drop-${track.id}`,
        class: "icon-button",
        type: "button",
        "aria-label": `Take ${track.title} off this playlist`,
        on: { click: () => void drop(playlist, track, place) },
      },
      icon("close"),
    ),
  );
}

async function drop(playlist: Playlist, track: Track, place: Place): Promise<void> {
  try {
    await answered(playlist.drop(track.id));
  } catch (error) {
    warn(explain(error));
    return;
  }
  await place.reload();
  tell(`“${track.title}” is off the list.`);
}

async function edit(playlist: Playlist, place: Place): Promise<void> {
  if ((await editPlaylist(playlist)) === null) return;
  await place.reload();
  tell("The playlist is saved.");
}

async function remove(playlist: Playlist): Promise<void> {
  const done = await confirmDeletion({
    title: `Delete “${playlist.name}”?`,
    text: "Its tracks stay in the store. This cannot be undone.",
    act: () => answered(playlist.delete()),
  });
  if (!done) return;
  go("/playlists");
  tell(`“${playlist.name}” is deleted.`);
}
