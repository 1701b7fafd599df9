// A genre: the way up, what is below, and its albums.

import { type Album, Genre, ShelfService } from "../../.generated/client";
import { answered } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count } from "../core/format.js";
import { view, type View } from "../core/router.js";
import { albumGrid } from "../parts/album-card.js";
import { genrePath } from "../parts/genre-path.js";
import { pageHead } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { gridSkeleton } from "../parts/skeletons.js";

interface Shown {
  readonly genre: Genre;
  readonly albums: Album[];
}

export function genreView(id: number): View {
  return view<Shown>({
    section: "genres",
    load: async () => {
      const [genre, albums] = await Promise.all([
        answered(Genre.get(id, "tree")),
        answered(ShelfService.genre(id)),
      ]);
      return { genre, albums };
    },
    skeleton: gridSkeleton,
    render: ({ genre, albums }) => ({
      title: genre.name,
      content: fragment(
        genre.parent
          ? genrePath(genre.parent)
          : h(
              "nav",
              { class: "path" },
              h("ol", null, h("li", null, h("a", { href: "/genres" }, "All genres"))),
            ),
        pageHead(genre.name, count(albums.length, "album")),
        genre.children.length > 0 &&
          h(
            "nav",
            { class: "chips large", "aria-label": "Finer genres" },
            genre.children.map((child) =>
              h("a", { class: "chip", href: `/genres/${child.id}` }, child.name),
            ),
          ),
        albums.length === 0
          ? emptyNotice(
              "disc",
              "Nothing on this shelf",
              "No album of this genre is in the store at the moment.",
            )
          : albumGrid(albums),
      ),
    }),
  });
}
