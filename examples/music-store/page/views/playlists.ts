// All playlists.

import { Playlist } from "../../.generated/client";
import { answered, until } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count, roughDuration } from "../core/format.js";
import { go, view, type View } from "../core/router.js";
import { editPlaylist } from "../forms/playlist-form.js";
import { mosaic } from "../parts/cover.js";
import { action, pageHead } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { gridSkeleton } from "../parts/skeletons.js";

export function playlistsView(): View {
  return view<Playlist[]>({
    section: "playlists",
    load: (signal) => answered(Playlist.list("page", until(signal))),
    skeleton: gridSkeleton,
    render: (playlists) => ({
      title: "Playlists",
      content: fragment(
        pageHead("Playlists", "Tracks that like each other’s company.", newButton("new-playlist")),
        playlists.length === 0
          ? emptyNotice(
              "queue",
              "No playlists yet",
              "Start one, then add tracks from any album.",
              newButton("first-playlist"),
            )
          : h("ul", { class: "grid wide" }, playlists.map(playlistCard)),
      ),
    }),
  });
}

function newButton(id: string): HTMLElement {
  const make = async (): Promise<void> => {
    const saved = await editPlaylist();
    if (saved !== null) go(`/playlists/${saved.id}`);
  };
  return action({ id, label: "New playlist", picture: "plus", act: () => void make() });
}

function playlistCard(playlist: Playlist): HTMLElement {
  const seconds = playlist.tracks.reduce((sum, track) => sum + track.seconds, 0);
  const facts = `${count(playlist.tracks.length, "track")}${seconds > 0 ? `, ${roughDuration(seconds)}` : ""}`;
  return h(
    "li",
    { class: "card" },
    h(
      "a",
      { href: `/playlists/${playlist.id}` },
      mosaic(
        playlist.tracks.map((track) => track.album?.title ?? track.title),
        playlist.name,
      ),
      h("span", { class: "card-title" }, playlist.name),
      h("span", { class: "card-text" }, facts),
    ),
  );
}
