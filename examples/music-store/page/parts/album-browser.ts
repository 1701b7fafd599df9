// All albums with a choice of order and genre. The choice is kept in the address.

import type { Album, Rating } from "../../.generated/client";
import { h } from "../core/dom.js";
import { count } from "../core/format.js";
import { albumGrid } from "./album-card.js";
import { selectField } from "./fields.js";

type Ratings = ReadonlyMap<number, Rating>;
type Order = (one: Album, other: Album) => number;

const byTitle: Order = (one, other) => one.title.localeCompare(other.title);

function orders(ratings: Ratings): Record<string, { text: string; compare: Order }> {
  const starsOf = (album: Album): number => ratings.get(album.id)?.stars ?? 0;
  return {
    title: { text: "Title", compare: byTitle },
    artist: {
      text: "Artist",
      compare: (one, other) =>
        (one.artist?.name ?? "").localeCompare(other.artist?.name ?? "") ||
        one.released.getTime() - other.released.getTime(),
    },
    newest: {
      text: "Newest first",
      compare: (one, other) => other.released.getTime() - one.released.getTime(),
    },
    rating: {
      text: "Best rated",
      compare: (one, other) => starsOf(other) - starsOf(one) || byTitle(one, other),
    },
    price: {
      text: "Lowest price",
      compare: (one, other) => one.priceCents - other.priceCents || byTitle(one, other),
    },
  };
}

export function browser(
  albums: readonly Album[],
  ratings: Ratings,
  query: URLSearchParams,
): HTMLElement {
  const known = orders(ratings);
  const genres = new Map(albums.map((album) => [String(album.genreId), album.genre?.name ?? ""]));
  const genreChoices = [...genres]
    .map(([value, text]) => ({ value, text }))
    .sort((one, other) => one.text.localeCompare(other.text));

  const orderField = selectField(
    { name: "sort", label: "Order", value: query.get("sort") ?? "title" },
    Object.entries(known).map(([value, { text }]) => ({ value, text })),
  );
  const genreField = selectField(
    { name: "genre", label: "Genre", value: query.get("genre") ?? "" },
    [{ value: "", text: "All genres" }, ...genreChoices],
  );
  const shown = h("p", { class: "shown", role: "status" });
  const grid = h("div", null);
  const controls = h(
    "form",
    { class: "controls", on: { change: () => choose() } },
    orderField,
    genreField,
    shown,
  );

  function draw(): void {
    const choice = new FormData(controls);
    const genre = String(choice.get("genre") ?? "");
    const order = known[String(choice.get("sort"))]?.compare ?? byTitle;
    const chosen = albums.filter((album) => genre === "" || String(album.genreId) === genre);
    grid.replaceChildren(albumGrid(chosen.sort(order), ratings));
    shown.textContent = count(chosen.length, "album");
  }

  function choose(): void {
    draw();
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(controls)) {
      if (value !== "" && value !== "title") chosen.set(name, String(value));
    }
    const search = chosen.toString();
    history.replaceState(history.state, "", search === "" ? "/" : `/?${search}`);
  }

  draw();
  return h("div", null, controls, grid);
}
