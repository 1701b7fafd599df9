// All artists.

import { Artist } from "../../.generated/client";
import { answered, until } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count } from "../core/format.js";
import { view, type View } from "../core/router.js";
import { cover } from "../parts/cover.js";
import { pageHead } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { gridSkeleton } from "../parts/skeletons.js";

export function artistsView(): View {
  return view<Artist[]>({
    section: "artists",
    load: (signal) => answered(Artist.list("discography", until(signal))),
    skeleton: gridSkeleton,
    render: (artists) => ({
      title: "Artists",
      content: fragment(
        pageHead("Artists", "The people behind the records."),
        artists.length === 0
          ? emptyNotice("people", "Nobody here yet", "Artists come with their first album.")
          : h("ul", { class: "grid" }, byName(artists).map(artistCard)),
      ),
    }),
  });
}

function byName(artists: readonly Artist[]): Artist[] {
  const plain = (name: string): string => name.replace(/^The /, "");
  return [...artists].sort((one, other) => plain(one.name).localeCompare(plain(other.name)));
}

/** A card that leads to the artist's page. */
export function artistCard(artist: Artist): HTMLElement {
  return h(
    "li",
    { class: "card centred" },
    h(
      "a",
      { href: `/artists/${artist.id}` },
      cover(artist.name, "round"),
      h("span", { class: "card-title" }, artist.name),
      h(
        "span",
        { class: "card-text" },
        artist.albums.length > 0 ? count(artist.albums.length, "album") : artist.origin,
      ),
    ),
  );
}
