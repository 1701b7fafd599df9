// An album: who made it, its tracks, its story, and what listeners say.

import { Album } from "../../.generated/client";
import { answered, until } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count, day, price, roughDuration } from "../core/format.js";
import { go, type Place, view, type View } from "../core/router.js";
import { editAlbum } from "../forms/album-form.js";
import { editTrack } from "../forms/track-form.js";
import { coverEditor } from "../parts/cover-editor.js";
import { paletteOf } from "../parts/cover.js";
import { confirmDeletion } from "../parts/dialog.js";
import { genrePath } from "../parts/genre-path.js";
import { action, pageTitle, section } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { reviewSection } from "../parts/reviews.js";
import { pageSkeleton } from "../parts/skeletons.js";
import { stars } from "../parts/stars.js";
import { tell } from "../parts/toast.js";
import { trackList } from "../parts/track-list.js";

export function albumView(id: number): View {
  return view<Album>({
    section: "albums",
    load: (signal) => answered(Album.get(id, "page", until(signal))),
    skeleton: pageSkeleton,
    render: (album, place) => ({ title: album.title, content: content(album, place) }),
  });
}

function content(album: Album, place: Place): Node {
  return h(
    "article",
    { class: "album", vars: { "--glow": paletteOf(album.title).glow } },
    head(album, place),
    h(
      "div",
      { class: "two-columns" },
      tracks(album, place),
      h(
        "div",
        null,
        album.notes?.text
          ? section("The story", h("p", { class: "story" }, album.notes.text))
          : null,
        reviewSection(album, place),
      ),
    ),
  );
}

function head(album: Album, place: Place): HTMLElement {
  const seconds = album.tracks.reduce((sum, track) => sum + track.seconds, 0);
  const average =
    album.reviews.reduce((sum, review) => sum + review.stars, 0) / album.reviews.length;
  return h(
    "header",
    { class: "lead" },
    coverEditor(album, place),
    h(
      "div",
      { class: "lead-body" },
      album.genre && genrePath(album.genre),
      pageTitle(album.title),
      h(
        "p",
        { class: "by" },
        "by ",
        h("a", { href: `/artists/${album.artistId}` }, album.artist?.name ?? "an unknown artist"),
      ),
      h(
        "p",
        { class: "facts" },
        h("span", null, day(album.released)),
        h("span", null, count(album.tracks.length, "track")),
        seconds > 0 && h("span", null, roughDuration(seconds)),
        album.reviews.length > 0 && stars(average, album.reviews.length),
      ),
      h("p", { class: "price" }, price(album.priceCents)),
      h(
        "div",
        { class: "actions" },
        action({
          id: "edit-album",
          label: "Edit",
          picture: "pencil",
          look: "quiet",
          act: () => void edit(album, place),
        }),
        action({
          id: "delete-album",
          label: "Delete",
          picture: "trash",
          look: "danger-quiet",
          act: () => void remove(album),
        }),
      ),
    ),
  );
}

function tracks(album: Album, place: Place): HTMLElement {
  const add = async (): Promise<void> => {
    const last = Math.max(0, ...album.tracks.map((track) => track.position));
    if (await editTrack({ albumId: album.id, position: last + 1 })) await place.reload();
  };
  const button = action({
    id: "add-track",
    label: "Add a track",
    picture: "plus",
    look: "quiet",
    act: () => void add(),
  });
  return h(
    "section",
    { class: "section" },
    h("div", { class: "section-head" }, h("h2", null, "Tracks"), button),
    album.tracks.length === 0
      ? emptyNotice("disc", "No tracks yet", "This record is still a blank disc.")
      : fragment(trackList(album, place)),
  );
}

async function edit(album: Album, place: Place): Promise<void> {
  if ((await editAlbum(album)) === null) return;
  await place.reload();
  tell("The album is saved.");
}

async function remove(album: Album): Promise<void> {
  const lost = [
    album.tracks.length > 0 ? count(album.tracks.length, "track") : null,
    album.reviews.length > 0 ? count(album.reviews.length, "review") : null,
  ].filter((part) => part !== null);
  const text = lost.length > 0 ? `Its ${lost.join(" and ")} will be deleted with it. ` : "";
  const done = await confirmDeletion({
    title: `Delete “${album.title}”?`,
    text: `${text}This cannot be undone.`,
    act: () => answered(album.remove()),
  });
  if (!done) return;
  go("/");
  tell(`“${album.title}” is deleted.`);
}
