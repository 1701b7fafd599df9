// The front page: what is new, what is loved, and all albums.

import { Album, type FrontShelf, ShelfService } from "../../.generated/client";
import { answered } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count, roughDuration } from "../core/format.js";
import { go, view, type View } from "../core/router.js";
import { editAlbum } from "../forms/album-form.js";
import { albumCard } from "../parts/album-card.js";
import { browser } from "../parts/album-browser.js";
import { albumCover } from "../parts/cover.js";
import { action, pageTitle, section } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { recentlyPlayed } from "../parts/recent.js";
import { gridSkeleton } from "../parts/skeletons.js";

interface Front {
  readonly shelf: FrontShelf;
  readonly albums: Album[];
  /** Aborted when the visitor leaves. */
  readonly signal: AbortSignal;
}

export function frontView(query: URLSearchParams): View {
  return view<Front>({
    section: "albums",
    load: async (signal) => {
      const [shelf, albums] = await Promise.all([
        answered(ShelfService.front()),
        answered(Album.list("default")),
      ]);
      return { shelf, albums, signal };
    },
    skeleton: gridSkeleton,
    render: ({ shelf, albums, signal }) => ({
      title: "Sidetrack Records",
      content: albums.length === 0 ? emptyStore(shelf) : content({ shelf, albums, signal }, query),
    }),
  });
}

function content({ shelf, albums, signal }: Front, query: URLSearchParams): Node {
  const ratings = new Map(shelf.ratings.map((rating) => [rating.albumId, rating]));
  return fragment(
    hero(shelf),
    section(
      "Just in",
      h(
        "ul",
        { class: "shelf" },
        shelf.newest.map((album) => albumCard(album, ratings.get(album.id))),
      ),
    ),
    shelf.loved.length > 0 &&
      section(
        "Listeners love",
        h(
          "ul",
          { class: "shelf" },
          shelf.loved.map((album) => albumCard(album, ratings.get(album.id))),
        ),
      ),
    recentlyPlayed(signal),
    section("All albums", browser(albums, ratings, query)),
  );
}

function hero(shelf: FrontShelf): HTMLElement {
  const { albums, artists, tracks, seconds } = shelf;
  return h(
    "header",
    { class: "hero" },
    h(
      "div",
      { class: "hero-text" },
      pageTitle("Music worth the detour."),
      h(
        "p",
        { class: "lead-text" },
        `${count(albums, "album")} by ${count(artists, "artist")}: ${count(tracks, "track")}, ${roughDuration(seconds)} of listening.`,
      ),
      h(
        "div",
        { class: "actions" },
        addButton(),
        h("a", { class: "button quiet", href: "/genres" }, "Browse genres"),
      ),
    ),
    h(
      "div",
      { class: "hero-covers", "aria-hidden": "true" },
      shelf.newest.slice(0, 3).map((album) => albumCover(album)),
    ),
  );
}

function emptyStore(shelf: FrontShelf): Node {
  return fragment(
    hero(shelf),
    emptyNotice(
      "disc",
      "The shelves are empty",
      "Add the first album, and it will stand here.",
      addButton(),
    ),
  );
}

function addButton(): HTMLElement {
  const add = async (): Promise<void> => {
    const saved = await editAlbum();
    if (saved !== null) go(`/albums/${saved.id}`);
  };
  return action({ id: "add-album", label: "Add an album", picture: "plus", act: () => void add() });
}
