// An artist and their albums.

import { Artist } from "../../.generated/client";
import { answered, until } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count } from "../core/format.js";
import { go, type Place, view, type View } from "../core/router.js";
import { editArtist } from "../forms/artist-form.js";
import { albumGrid } from "../parts/album-card.js";
import { cover } from "../parts/cover.js";
import { confirmDeletion } from "../parts/dialog.js";
import { action, pageTitle, section } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { pageSkeleton } from "../parts/skeletons.js";
import { tell } from "../parts/toast.js";

export function artistView(id: number): View {
  return view<Artist>({
    section: "artists",
    load: (signal) => answered(Artist.get(id, "discography", until(signal))),
    skeleton: pageSkeleton,
    render: (artist, place) => ({ title: artist.name, content: content(artist, place) }),
  });
}

function content(artist: Artist, place: Place): Node {
  const newestFirst = [...artist.albums].sort(
    (one, other) => other.released.getTime() - one.released.getTime(),
  );
  return fragment(
    h(
      "header",
      { class: "lead artist" },
      cover(artist.name, "round"),
      h(
        "div",
        { class: "lead-body" },
        pageTitle(artist.name),
        h(
          "p",
          { class: "facts" },
          artist.origin && h("span", null, artist.origin),
          artist.since !== null && h("span", null, `since ${artist.since}`),
          h("span", null, count(artist.albums.length, "album")),
        ),
        artist.about && h("p", { class: "about" }, artist.about),
        h(
          "div",
          { class: "actions" },
          action({
            id: "edit-artist",
            label: "Edit",
            picture: "pencil",
            look: "quiet",
            act: () => void edit(artist, place),
          }),
          action({
            id: "delete-artist",
            label: "Delete",
            picture: "trash",
            look: "danger-quiet",
            act: () => void remove(artist),
          }),
        ),
      ),
    ),
    section(
      "Albums",
      newestFirst.length === 0
        ? emptyNotice(
            "disc",
            "No albums yet",
            "Add one from the front page.",
            h("a", { class: "button", href: "/" }, "To the albums"),
          )
        : albumGrid(newestFirst.map((album) => Object.assign(album, { artist: undefined }))),
    ),
  );
}

async function edit(artist: Artist, place: Place): Promise<void> {
  if (!(await editArtist(artist))) return;
  await place.reload();
  tell("The artist is saved.");
}

async function remove(artist: Artist): Promise<void> {
  const done = await confirmDeletion({
    title: `Delete ${artist.name}?`,
    text: "This cannot be undone.",
    act: () => answered(artist.remove()),
  });
  if (!done) return;
  go("/artists");
  tell(`${artist.name} is deleted.`);
}
