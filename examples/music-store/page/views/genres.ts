// The tree of genres.

import { Genre, ShelfService } from "../../.generated/client";
import { answered } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count } from "../core/format.js";
import { view, type View } from "../core/router.js";
import { paletteOf } from "../parts/cover.js";
import { pageHead } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { rowsSkeleton } from "../parts/skeletons.js";

interface Tree {
  readonly roots: Genre[];
  /** Albums in a genre and below it, by the genre's id. */
  readonly albums: ReadonlyMap<number, number>;
}

export function genresView(): View {
  return view<Tree>({
    section: "genres",
    load: async () => {
      const [roots, counts] = await Promise.all([
        answered(Genre.roots()),
        answered(ShelfService.genreCounts()),
      ]);
      return { roots, albums: new Map(counts.map(({ genreId, albums }) => [genreId, albums])) };
    },
    skeleton: rowsSkeleton,
    render: (tree) => ({
      title: "Genres",
      content: fragment(
        pageHead("Genres", "The big shelves, and what grew out of them."),
        tree.roots.length === 0
          ? emptyNotice("tree", "No genres yet", "The store has not sorted its shelves.")
          : h(
              "ul",
              { class: "genre-trees" },
              byName(tree.roots).map((root) => rootItem(root, tree)),
            ),
      ),
    }),
  });
}

function rootItem(root: Genre, tree: Tree): HTMLElement {
  return h(
    "li",
    { class: "genre-tree", vars: { "--glow": paletteOf(root.name).glow } },
    h(
      "a",
      { class: "genre-root", href: `/genres/${root.id}` },
      h("span", null, root.name),
      h("small", null, albumsOf(root, tree)),
    ),
    branch(root.children, tree),
  );
}

function branch(genres: readonly Genre[], tree: Tree): HTMLElement | null {
  if (genres.length === 0) return null;
  return h(
    "ul",
    { class: "branch" },
    byName(genres).map((genre) =>
      h(
        "li",
        null,
        h(
          "a",
          { href: `/genres/${genre.id}` },
          h("span", null, genre.name),
          h("small", null, albumsOf(genre, tree)),
        ),
        branch(genre.children, tree),
      ),
    ),
  );
}

function albumsOf(genre: Genre, tree: Tree): string {
  return count(tree.albums.get(genre.id) ?? 0, "album");
}

function byName(genres: readonly Genre[]): Genre[] {
  return [...genres].sort((one, other) => one.name.localeCompare(other.name));
}
